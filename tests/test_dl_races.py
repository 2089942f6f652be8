"""Two issues want one blank, two applications one driver: exactly one gets it (DL.5)."""

from __future__ import annotations

from functools import partial

import pytest

from applications import issuing
from applications.models import Application
from applications.states import OPEN_STATES
from licensing.models import DriverLicence, LicenceBlank
from tests.at_once import at_once, codes, colliding

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_issues_and_one_blank(licences, road):
    held = [
        licences.held("P-32", "DL-1", "exchange"),
        licences.held("P-34", "DL-2", "first_issue", categories=["B"]),
    ]
    first, second = (road.approve(application) for application in held)
    last = LicenceBlank.objects.filter(office=first.office, state="received").order_by("number").last()
    LicenceBlank.objects.filter(state="received").exclude(pk=last.pk).update(state="issued")
    outcomes = at_once(partial(issuing.issue, first.number), partial(issuing.issue, second.number))
    assert codes(outcomes) == ["licence_blanks.stock_empty"]
    assert DriverLicence.objects.filter(blank=last).count() == 1
    assert Application.objects.filter(pk__in=[first.pk, second.pk], state="issued").count() == 1


def test_two_workers_issue_one_application(licences):
    application = licences.approved("P-34", "DL-2", "first_issue", categories=["B"])
    assert codes(colliding([application], *[partial(issuing.issue, application.number)] * 2)) == []
    assert DriverLicence.objects.filter(application=application).count() == 1
    assert DriverLicence.objects.get(application=application).state == "valid"


def test_two_applications_of_one_driver_accepted_at_once(licences, road):
    """The subject names the driver, so the database keeps a second open application out."""
    drafts = [licences.paid("P-32", "DL-1", act) for act in ("exchange", "data_change")]
    outcomes = at_once(*[partial(road.submit, draft) for draft in drafts])
    assert len(codes(outcomes)) == 1
    assert Application.objects.filter(subject=drafts[0].subject, state__in=OPEN_STATES).count() == 1
