"""The road of VR-1, verb by verb, against real registers over the wire."""

import pytest
from django.utils import timezone

from applications.handover import hand_over
from applications.journal import verify
from applications.models import Paper
from applications.states import State
from plates.models import Plate
from registration.models import Ownership, RegistrationCertificate
from tests.fixtures_road import Road, work

pytestmark = pytest.mark.django_db


def test_a_car_is_registered_for_the_first_time(road: Road):
    """VR.5a: registration, ownership, plates and SRTS come of one approval."""
    application = road.issued()

    assert application.state == State.ISSUED
    assert Plate.objects.get(number=application.plate_number).state == "assigned"
    assert RegistrationCertificate.objects.get().state == "valid"
    assert Ownership.objects.get().owner == application.applicant


def test_its_papers_are_made_and_handed_over(road: Road):
    """VR.5a: receipt, inspection act, SRTS and handover sheet are printed and signed; the journal holds it all."""
    application = road.issued()
    work(papers=True)
    hand_over(actor=road.desk, number=application.number, version=application.version, now=timezone.now())

    papers = Paper.objects.filter(application=application)
    assert {paper.kind for paper in papers} == {
        "receipt",
        "inspection_act",
        "registration_certificate",
        "handover_sheet",
    }
    assert {paper.state for paper in papers} == {"ready"}
    assert road.fresh(application).handed_over_at is not None
    assert verify() is None


def test_the_journal_tells_the_whole_road(road: Road):
    """Each step left one row with its actor."""
    actions = list(road.issued().journal.order_by("id").values_list("action", "actor__username"))

    assert [action for action, _who in actions if _who] == [
        "opened",
        "details_changed",
        "document_attached",
        "accepted",
        "inspected",
        "taken",
        "approved",
    ]
    assert actions[-1] == ("issued", None)
