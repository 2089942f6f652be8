"""Two acts on one car at the same instant: its registration ends once (VR.5a, VR.5b, VR.9.2)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from applications import intake, issuing
from applications.errors import DomainError
from applications.models import Application
from applications.states import State
from registration.models import Ownership, Registration
from tests.at_once import at_once
from tests.fixtures_road import Road
from tests.fixtures_sale import hand_in, held, leaving, sold

pytestmark = pytest.mark.django_db(transaction=True)


def submits(road: Road, application: Application):
    return lambda: intake.submit(actor=road.desk, number=application.number, version=None, now=timezone.now())


def test_of_a_sale_and_a_deregistration_submitted_at_once_one_is_accepted(road: Road):
    """VR.9.2: one open application for one vehicle."""
    registered = road.registered()
    first = sold(road, registered)
    road.pay(first)
    leaves = leaving(road, registered)
    answers = at_once(submits(road, first), submits(road, leaves))

    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [error.code for error in refused] == ["second_open"]
    assert Application.objects.filter(state=State.SUBMITTED).count() == 1


def test_a_sale_and_a_deregistration_issued_at_once_end_it_once(road: Road):
    """VR.5a, VR.5b: even where a case slipped past the door, the register holds."""
    registered = road.registered()
    sale = held(road, sold(road, registered))
    Application.objects.filter(pk=sale.pk).update(subject="VIN:OF ANOTHER")
    leaves = leaving(road, registered)
    hand_in(road, leaves, "certificate", "plates")
    leaves = held(road, leaves, is_inspected=False)
    road.approve(sale)
    road.approve(leaves)
    answers = at_once(lambda: issuing.issue(sale.number), lambda: issuing.issue(leaves.number))

    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [error.code for error in refused] == ["registration_ended"]
    assert Registration.objects.filter(ended_by__isnull=False).count() == 1
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1


def test_two_sales_issued_at_once_have_one_buyer(road: Road):
    """VR.5a: ownership periods never overlap."""
    registered = road.registered()
    cases = []
    for buyer in ("P-02", "P-03"):
        case = held(road, sold(road, registered, buyer))
        Application.objects.filter(pk=case.pk).update(subject=f"VIN:OF {buyer}")
        cases.append(case)
    for case in cases:
        road.approve(case)
    answers = at_once(*(lambda case=case: issuing.issue(case.number) for case in cases))

    assert [error.code for error in answers if isinstance(error, DomainError)] == ["registration_ended"]
    assert Registration.objects.filter(ended_at__isnull=True).count() == 1
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1
