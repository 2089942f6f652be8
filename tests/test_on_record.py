"""The vehicle on record: found by any of its numbers, and everything that ends with its registration (VR.5a, VR.5b)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from applications.errors import DomainError
from plates.models import Plate
from registration import blanks, on_record
from registration.ending import end_ownership, end_registration
from registration.models import (
    CertificateState,
    DeregistrationReason,
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    VehicleDetails,
)
from tests.fixtures_registration import make_applicant, make_case, make_registration, make_vehicle, refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(almaty_stock, front_desk):
    return make_case(front_desk)


@pytest.fixture
def registered(case):
    """A vehicle registered a day ago under its owner, with plate 417KZN02 and SRTS AB00000001."""
    then = timezone.now() - timedelta(days=1)
    vehicle = make_vehicle()
    registration = make_registration(vehicle, case, registered_at=then)
    plate = Plate.objects.get(number="417KZN02")
    PlateAssignment.objects.create(plate=plate, registration=registration, assigned_at=then)
    blank = blanks.allocate(office=case.office)
    RegistrationCertificate.objects.create(
        blank=blank, registration=registration, issued_at=then, state_changed_at=then
    )
    Ownership.objects.create(
        vehicle=vehicle, owner_person=case.applicant_person, application=case, period=TimestamptzRange(then, None)
    )
    return registration


def end(registration, case, **asked):
    asked = {"certificate_state": CertificateState.REPLACED, "ends_ownership": True, "now": timezone.now(), **asked}
    return end_registration(registration.pk, application=case, **asked)


@pytest.mark.parametrize(
    "typed",
    ["417KZN02", "417 kzn 02", "417 КZN-02", "ab00000001", "AB 00000001", "XWFPK2344PK103571", "xwf pk2344-pk103571"],
)
def test_a_vehicle_is_found_by_plate_srts_or_vin_in_any_spelling(registered, typed):
    assert on_record.find(typed) == registered.vehicle


@pytest.mark.parametrize("typed", ["", "  ", "418KZN02", "AB00000009", "XWFPK2344PK103572"])
def test_what_is_not_on_record_is_not_found(registered, typed):
    assert on_record.find(typed) is None


def test_a_vehicle_without_vin_is_found_by_its_body_or_chassis_number(db):
    bodied, framed = make_vehicle(None, body_number="BODY77"), make_vehicle(None, chassis_number="FRAME88")

    assert on_record.find("body 77") == bodied
    assert on_record.find("frame-88") == framed


def test_a_plate_tells_the_vehicle_it_is_on_now(registered, case, front_desk):
    end(registered, case)
    assert on_record.find("417KZN02") == registered.vehicle

    other = make_vehicle("XTA219070PK000001")
    make_registration(other, make_case(front_desk, number=2), plate=Plate.objects.get(number="417KZN02"))
    assert on_record.find("417KZN02") == other


def test_a_registration_ends_with_its_srts_plates_and_ownership(registered, case, django_assert_num_queries):
    now = timezone.now()
    with django_assert_num_queries(1):
        ended = end(registered, case, now=now)

    registered.refresh_from_db()
    certificate, assignment = registered.certificates.get(), registered.plate_assignments.get()
    assert (registered.ended_at, registered.ended_by, assignment.ended_at) == (now, case, now)
    assert (certificate.state, certificate.state_changed_at) == ("replaced", now)
    assert Ownership.objects.get().period.upper == now
    assert (ended.registration, ended.certificate, ended.plate) == (registered.pk, certificate.pk, assignment.plate_id)


def test_a_deregistered_vehicle_stays_its_owners(registered, case):
    ended = end(registered, case, certificate_state=CertificateState.ENDED, ends_ownership=False)

    ownership = on_record.ownership_of(registered.vehicle)
    assert ended.ownership is None
    assert on_record.is_owned_by(ownership, case.applicant_person)
    assert on_record.registration_of(registered.vehicle) is None
    assert registered.certificates.get().state == "ended"


def test_a_registration_ends_once(registered, case):
    end(registered, case)

    with pytest.raises(DomainError) as refused:
        end(registered, case)
    assert (refused.value.code, refused.value.row) == ("registration_ended", "VR.9.2")


def test_the_ownership_of_a_vehicle_off_the_record_ends_alone(registered, case):
    now = timezone.now()
    assert end_ownership(registered.vehicle, now, unless=case.applicant_person)
    assert on_record.is_owned_by(on_record.ownership_of(registered.vehicle), case.applicant_person)

    assert not end_ownership(registered.vehicle, now, unless=make_applicant(2))
    assert on_record.ownership_of(registered.vehicle) is None
    assert on_record.registration_of(registered.vehicle) == registered


def test_what_ended_is_still_told(registered, case):
    end(registered, case)

    certificate, plates = on_record.certificate_of(registered), on_record.plates_of(registered)
    assert certificate is not None
    assert certificate.number == "AB00000001"
    assert plates is not None
    assert plates.plate.number == "417KZN02"


def test_a_recorded_vehicle_is_complete(registered):
    known = on_record.recorded(registered.vehicle)

    assert known.is_complete
    assert (known.vin, known.make, known.headline) == (registered.vehicle.vin, "LADA", "LADA Granta, 2026")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"act": "theft"}, "details_act_known"),
        ({"seller_identifier": "850412 300012"}, "details_seller_compact"),
        ({"seller_identifier": "8"}, "details_seller_compact"),
        ({"sold_on": "2099-01-01"}, "details_sale_day_has_come"),
        ({"deregistration_reason_id": "export"}, "details_reason_of_a_deregistration"),
    ],
)
def test_the_database_refuses_details_that_cannot_be(case, fields, constraint):
    DeregistrationReason.objects.create(code="export", name_en="e", name_ru="э", name_kk="э", source="практика")
    with refused_by(constraint):
        VehicleDetails.objects.filter(application=case).update(**fields)


def test_a_registration_in_the_details_is_of_a_vehicle_in_the_details(registered, case):
    with refused_by("details_registration_of_a_vehicle_on_record"):
        VehicleDetails.objects.filter(application=case).update(registration=registered)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"name_kk": ""}, "deregistration_reason_named"),
        ({"source": ""}, "deregistration_reason_has_a_source"),
        ({"confidence": "sure"}, "deregistration_reason_confidence"),
    ],
)
def test_the_database_refuses_a_reason_without_names_or_source(fields, constraint):
    values = {"code": "export", "name_en": "e", "name_ru": "э", "name_kk": "э", "source": "практика", **fields}
    with refused_by(constraint):
        DeregistrationReason.objects.create(**values)


def test_who_ended_a_registration_is_told_only_of_one_that_ended(registered, case):
    with refused_by("registration_ended_when_by_whom"):
        Registration.objects.filter(pk=registered.pk).update(ended_by=case)
