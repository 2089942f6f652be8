"""What the database itself refuses about vehicles, owners, registrations and the plates on them (VR.5a)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from plates.models import Plate
from registration.models import Ownership, PlateAssignment, Registration, Vehicle
from tests.fixtures_registration import make_case, make_registration, make_vehicle, refused_by


@pytest.fixture
def vehicle(db):
    return make_vehicle()


@pytest.fixture
def case(almaty_stock, front_desk):
    return make_case(front_desk)


@pytest.fixture
def other_case(almaty_stock, front_desk):
    return make_case(front_desk, number=2)


@pytest.fixture
def registration(vehicle, case):
    return make_registration(vehicle, case, plate=Plate.objects.get(number="417KZN02"))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"vin": None}, "vehicle_has_an_identity"),
        ({"vin": "XWFPK2344PK10357I"}, "vehicle_vin_iso_3779"),
        ({"vin": "XWFPK2344PK10357O"}, "vehicle_vin_iso_3779"),
        ({"vin": "XWFPK2344PK10357Q"}, "vehicle_vin_iso_3779"),
        ({"vin": "XWFPK2344PK10357"}, "vehicle_vin_iso_3779"),
        ({"vin": "xwfpk2344pk103571"}, "vehicle_vin_iso_3779"),
        ({"category": "X1"}, "vehicle_category_known"),
        ({"colour": "beige"}, "vehicle_colour_is_a_base_colour"),
        ({"fuel": "steam"}, "vehicle_fuel_known"),
        ({"year": 1700}, "vehicle_year_possible"),
        ({"is_electric": True, "is_hybrid": True}, "vehicle_electric_is_not_hybrid"),
    ],
)
def test_the_database_refuses_a_vehicle_that_cannot_be(db, fields, constraint):
    with refused_by(constraint):
        make_vehicle(**fields)


def test_a_vin_is_known_once(vehicle):
    with refused_by("registration_vehicle_vin_key"):
        make_vehicle(vehicle.vin)


@pytest.mark.parametrize(
    ("number", "constraint"),
    [
        ("chassis_number", "vehicle_without_vin_one_per_chassis"),
        ("body_number", "vehicle_without_vin_one_per_body"),
    ],
)
def test_a_vehicle_without_vin_is_known_by_another_number_once(db, number, constraint):
    make_vehicle(None, **{number: "0123456"})
    make_vehicle("XTA219070R0123456", **{number: "0123456"})

    with refused_by(constraint):
        make_vehicle(None, **{number: "0123456"})


@pytest.mark.parametrize(("category", "kind"), [("M1", "car"), ("N3", "car"), ("L3", "motorcycle"), ("O1", "trailer")])
def test_the_category_tells_what_the_plates_are_for(category, kind):
    vehicle = Vehicle(vin="XTA219070R0123456", category=category)

    assert vehicle.kind == kind
    assert vehicle.identity == "XTA219070R0123456"


def own(vehicle, case, since, until=None, **owner):
    owner = owner or {"owner_person": case.applicant_person}
    return Ownership.objects.create(vehicle=vehicle, period=TimestamptzRange(since, until), application=case, **owner)


def test_a_vehicle_has_one_owner_at_a_time(vehicle, case):
    now = timezone.now()
    own(vehicle, case, now - timedelta(days=9), now)
    own(vehicle, case, now)

    with refused_by("ownership_periods_do_not_overlap"):
        own(vehicle, case, now + timedelta(days=1), now + timedelta(days=2))
    assert vehicle.ownerships.count() == 2


def test_an_ownership_has_one_owner_and_a_beginning(vehicle, case):
    now = timezone.now()
    with refused_by("ownership_one_owner"):
        own(vehicle, case, now, owner_person=None, owner_organisation=None)
    with refused_by("ownership_has_a_beginning"):
        own(vehicle, case, None, now)


def test_a_vehicle_has_one_active_registration(registration, other_case):
    with refused_by("registration_one_active_per_vehicle"):
        make_registration(registration.vehicle, other_case)

    Registration.objects.filter(pk=registration.pk).update(ended_at=timezone.now() + timedelta(days=1))
    assert make_registration(registration.vehicle, other_case).pk


def test_an_application_registers_once(registration, case):
    with refused_by("registration_registration_application_id_key"):
        make_registration(make_vehicle("XTA219070R0123456"), case)


def test_a_registration_ends_after_it_began(registration):
    with refused_by("registration_ends_after_it_began"):
        Registration.objects.filter(pk=registration.pk).update(ended_at=registration.registered_at)
    with refused_by("registration_kind_known"):
        Registration.objects.filter(pk=registration.pk).update(kind="gift")


def test_a_plate_is_on_one_vehicle(registration, other_case):
    other = make_registration(make_vehicle("XTA219070R0123456"), other_case)

    with refused_by("plate_on_one_vehicle"):
        PlateAssignment.objects.create(
            plate=Plate.objects.get(number="417KZN02"), registration=other, assigned_at=timezone.now()
        )


def test_a_registration_has_one_plate(registration):
    with refused_by("registration_one_active_plate"):
        PlateAssignment.objects.create(
            plate=Plate.objects.get(number="418KZN02"), registration=registration, assigned_at=timezone.now()
        )
    with refused_by("plate_assignment_ends_after_it_began"):
        registration.plate_assignments.update(ended_at=registration.registered_at - timedelta(days=1))


def test_a_plate_is_not_issued_outside_its_regions_stock(vehicle, case, astana_police):
    elsewhere = make_registration(vehicle, case, office=astana_police)

    with refused_by("plate_issued_in_its_region"):
        PlateAssignment.objects.create(
            plate=Plate.objects.get(number="417KZN02"), registration=elsewhere, assigned_at=timezone.now()
        )


def test_a_plate_that_is_kept_may_follow_its_car_to_another_region(registration, other_case, astana_police):
    registration.plate_assignments.update(ended_at=timezone.now() + timedelta(days=1))
    Registration.objects.filter(pk=registration.pk).update(ended_at=timezone.now() + timedelta(days=1))
    later = make_registration(registration.vehicle, other_case, office=astana_police)

    kept = PlateAssignment.objects.create(
        plate=Plate.objects.get(number="417KZN02"), registration=later, assigned_at=timezone.now()
    )
    assert kept.plate.region_id != later.office.region_id
