"""The pages of a vehicle, of the stock, of terms: what they ask the database for does not grow with what they show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from applications.states import State
from offices.models import Role
from people.models import Organisation
from plates.models import Plate, PlateTerm
from plates.numbers import series
from plates.stock import enter
from registration import blanks
from registration.models import Ownership, RegistrationCertificate, VehicleChange
from tests.fixtures_offices import make_office, make_staff
from tests.fixtures_registration import make_case, make_registration, make_vehicle, vin_of

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 20


@pytest.fixture
def asked(client):
    """A function: how many statements the page costs somebody who is signed in already."""

    def count(staff, address: str) -> int:
        client.force_login(staff)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    return count


@pytest.fixture
def stocked(almaty_stock, plate_formats):
    """The Almaty police with plates and blanks enough for every row of these tests."""
    now = timezone.now()
    numbers = series(plate_formats["person_car_2012"], "500KZN02", 60)
    enter(almaty_stock, plate_formats["person_car_2012"], numbers, reference="more", received_by=None, now=now)
    blanks.enter(almaty_stock, blanks.series("AC00000001", 60), received_by=None, now=now)
    return almaty_stock


def lived(vehicle, front_desk, serials: range) -> None:
    """Registrations of the vehicle one after the other, each with owner, plates, SRTS, and changed data; all ended."""
    plates = list(Plate.objects.filter(number__startswith="5").order_by("number"))
    for serial in serials:
        since = timezone.now() - timedelta(days=1000 - serial)
        until = since + timedelta(hours=20)
        case = make_case(front_desk, number=serial, state=State.WITHDRAWN)
        case.subject = f"VIN:{vehicle.vin}"
        case.save(update_fields=["subject"])
        registration = make_registration(vehicle, case, registered_at=since, ended_at=until)
        owner = Organisation.objects.create(bin=f"05044{serial:07d}", name="ТОО «Дала»")
        Ownership.objects.create(
            vehicle=vehicle, owner_organisation=owner, period=TimestamptzRange(since, until), application=case
        )
        plate = plates[serial]
        Plate.objects.filter(pk=plate.pk).update(state="assigned")
        registration.plate_assignments.create(plate=plate, assigned_at=since, ended_at=until)
        blank = blanks.allocate(office=front_desk.office.serves)
        RegistrationCertificate.objects.create(
            blank=blank, registration=registration, issued_at=since, state="replaced", state_changed_at=until
        )
        VehicleChange.objects.create(
            vehicle=vehicle, application=case, field="colour", before="white", after="red", at=since
        )


def test_the_page_of_a_vehicle_costs_the_same_with_a_long_history(stocked, front_desk, officer, asked):
    vehicle = make_vehicle(vin_of(77))
    lived(vehicle, front_desk, range(1, 1 + FEW))
    few = asked(officer, f"/vehicles/{vehicle.pk}/")
    lived(vehicle, front_desk, range(1 + FEW, 1 + MANY))

    assert asked(officer, f"/vehicles/{vehicle.pk}/") == few <= 15


def test_the_list_of_terms_that_end_costs_the_same_however_many_do(stocked, front_desk, supervisor, asked):
    """VR.8.1e"""
    day = timezone.localdate() + timedelta(days=5)
    plates = list(Plate.objects.filter(number__startswith="5").order_by("number"))

    def visiting(serials: range) -> None:
        for serial in serials:
            plate = plates[serial]
            Plate.objects.filter(pk=plate.pk).update(state="assigned")
            make_registration(
                make_vehicle(vin_of(serial)),
                make_case(front_desk, number=serial),
                plate=plate,
                kind="temporary",
                valid_until=day,
                customs_until=day,
            )

    visiting(range(1, 1 + FEW))
    few = asked(supervisor, "/vehicles/temporary/")
    visiting(range(1 + FEW, 1 + MANY))

    assert asked(supervisor, "/vehicles/temporary/") == few <= 8


def test_the_page_of_plate_terms_costs_the_same_however_many_there_were(plate_formats, asked):
    administrator = make_staff("administrator", Role.ADMINISTRATOR)
    few = asked(administrator, "/plate-terms/")
    first = timezone.localdate().replace(year=1990, month=1, day=1)
    PlateTerm.objects.bulk_create(
        PlateTerm(
            code="storage_days",
            amount=30,
            valid_from=first + timedelta(days=10 * turn),
            valid_to=first + timedelta(days=10 * turn + 9),
            confidence="low",
            source="Приказ",
        )
        for turn in range(MANY)
    )

    assert asked(administrator, "/plate-terms/") == few <= 5


def test_the_page_of_a_stock_costs_the_same_however_much_it_holds(
    almaty_stock, plate_formats, regions, supervisor, asked
):
    few = asked(supervisor, "/stock/")
    now = timezone.now()
    for turn, code in enumerate(["person_car_2012", "organisation_car_2012"]):
        first = "500KZN02" if turn == 0 else "500KZ02"
        numbers = series(plate_formats[code], first, MANY)
        enter(almaty_stock, plate_formats[code], numbers, reference=f"more {turn}", received_by=None, now=now)
    for letters in ("AC", "AD", "AE"):
        blanks.enter(almaty_stock, blanks.series(f"{letters}00000001", MANY), received_by=None, now=now)
    for place in range(5, 5 + FEW):
        make_office(f"02{place:02d}")
    Plate.objects.filter(number__in=numbers[:4]).update(state="assigned")
    Plate.objects.filter(number__in=numbers[:2]).update(state="surrendered")

    assert asked(supervisor, "/stock/") == few <= 12
