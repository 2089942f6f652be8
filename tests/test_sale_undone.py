"""A VR-2 decision withdrawn: what it ended holds again, as far as it is still there (VR.5a, VR.5b)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from applications import revoking
from applications.errors import DomainError
from applications.models import Application, Paper
from plates.models import Plate
from registration import on_record
from registration.models import Ownership, Registration, RegistrationCertificate
from tests.fixtures_road import Road, work
from tests.fixtures_sale import filled, hand_in, issued, leaving, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(road: Road):
    return road.registered()


def withdraw(road: Road, application: Application) -> None:
    """A supervisor asks, a second person confirms."""
    now = timezone.now()
    revoking.ask(actor=road.second, number=application.number, version=None, reason="Договор подделан", now=now)
    revoking.confirm(actor=road.colleague, number=application.number, version=None, now=timezone.now())


def stands_as_before(registered: Application) -> None:
    """The car stands under its first registration, owner, SRTS and plates again."""
    vehicle = registered.registration.vehicle
    registration = on_record.registration_of(vehicle)
    assert registration is not None
    assert registration.application == registered
    assert on_record.is_owned_by(on_record.ownership_of(vehicle), registered.applicant)
    assert registration.certificates.get().state == "valid"
    assert registration.plate_assignments.get(ended_at__isnull=True).plate.number == registered.plate_number


def test_a_withdrawn_sale_gives_the_car_back(road: Road, registered):
    """VR.5a: with kept plates; nobody's period of ownership meets another's."""
    application = issued(road, sold(road, registered))
    withdraw(road, application)

    stands_as_before(registered)
    assert Registration.objects.get(application=application).ended_at is not None
    assert RegistrationCertificate.objects.get(registration__application=application).state == "revoked"
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1


def test_the_old_plates_are_put_back_on(road: Road, registered):
    """VR.5a: handed in at the sale, they are out again."""
    application = sold(road, registered, plates_kept="no")
    hand_in(road, application, "certificate", "plates")
    application = issued(road, application)
    assert Plate.objects.get(number=registered.plate_number).state == "surrendered"
    withdraw(road, application)

    stands_as_before(registered)
    assert Plate.objects.get(number=registered.plate_number).state == "assigned"
    assert Plate.objects.get(number=application.plate_number).state == "surrendered"


def test_the_code_of_the_old_srts_says_so(road: Road, registered):
    application = issued(road, sold(road, registered))
    work(papers=True)
    withdraw(road, application)

    papers = Paper.objects.filter(kind="registration_certificate").order_by("created_at")
    assert [paper.standing for paper in papers] == ["valid", "revoked"]


def test_a_withdrawn_deregistration_puts_the_car_back_on_the_record(road: Road, registered):
    """VR.5b"""
    application = leaving(road, registered)
    hand_in(road, application, "certificate", "plates")
    withdraw(road, issued(road, application, is_inspected=False))

    stands_as_before(registered)
    assert Ownership.objects.count() == 1


def test_what_was_lost_stays_lost(road: Road, registered):
    """VR.5b: the registration holds again, without the SRTS and plates that are gone."""
    application = leaving(road, registered)
    hand_in(road, application, "certificate", "plates", outcome="lost", words="Украдены со стоянки")
    withdraw(road, issued(road, application, is_inspected=False))

    registration = Registration.objects.get()
    assert registration.ended_at is None
    assert registration.certificates.get().state == "lost"


def test_a_car_that_came_back_meanwhile_is_not_put_back(road: Road, registered):
    """Later decisions are withdrawn first."""
    application = leaving(road, registered)
    hand_in(road, application, "certificate", "plates")
    application = issued(road, application, is_inspected=False)
    back = filled(
        road,
        opened(road, "P-01"),
        found_by=registered.vehicle_details.vin,
        ownership_proof="notarised",
        plates_kept="no",
    )
    road.attach(back, "ownership_proof")
    issued(road, back)

    with pytest.raises(DomainError) as refused:
        withdraw(road, application)
    assert refused.value.code == "cannot_be_undone"
