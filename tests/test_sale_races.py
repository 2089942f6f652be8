"""Two acts on one car at the same instant: its registration ends once (VR.5a, VR.5b, VR.9.2)."""

from __future__ import annotations

import pytest

from applications.models import Application
from applications.states import State
from registration.models import Ownership, Registration
from tests.acts_at_once import issued_at_once, past_the_door, submitted_at_once, whole
from tests.fixtures_road import Road
from tests.fixtures_sale import hand_in, held, leaving, sold

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_a_sale_and_a_deregistration_submitted_at_once_one_is_accepted(road: Road):
    """VR.9.2: one open application for one vehicle."""
    registered = road.registered()
    first = sold(road, registered)
    road.pay(first)
    leaves = leaving(road, registered)

    assert submitted_at_once(road, first, leaves) == ["second_open"]
    assert Application.objects.filter(state=State.SUBMITTED).count() == 1


def test_a_sale_and_a_deregistration_issued_at_once_end_it_once(road: Road):
    """VR.5a, VR.5b: even where a case slipped past the door, the register holds."""
    registered = road.registered()
    sale = past_the_door(held(road, sold(road, registered)))
    leaves = leaving(road, registered)
    hand_in(road, leaves, "certificate", "plates")
    leaves = held(road, leaves, is_inspected=False)

    assert issued_at_once(road, sale, leaves) == ["registration_ended"]
    assert Registration.objects.filter(ended_by__isnull=False).count() == 1
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1


def test_two_sales_issued_at_once_have_one_buyer(road: Road):
    """VR.5a: ownership periods never overlap."""
    registered = road.registered()
    cases = [past_the_door(held(road, sold(road, registered, buyer))) for buyer in ("P-02", "P-03")]

    assert issued_at_once(road, *cases) == ["registration_ended"]
    whole()
