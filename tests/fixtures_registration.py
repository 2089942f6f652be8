"""Stocks of plates and blanks, vehicles of the register, and cases that only wait for their issue."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from applications.standards import Channel
from applications.states import State
from offices.models import Office
from people.models import Person
from plates import reference as plate_reference
from plates.models import PlateFormat
from plates.numbers import series as plate_series
from plates.stock import enter as enter_plates
from refusals.refusing import Chosen, refuse
from registration import blanks
from registration.models import PrimaryRegistrationDetails, Vehicle


@pytest.fixture
def plate_formats(regions):
    """The formats as shipped."""
    plate_reference.load()
    return {item.code: item for item in PlateFormat.objects.all()}


@pytest.fixture
def almaty_stock(plate_formats, almaty_police):
    """Five plates of each kind and five blanks at the Almaty police."""
    now = timezone.now()
    for code, first in (
        ("person_car_2012", "417KZN02"),
        ("organisation_car_2012", "417KZ02"),
        ("motorcycle_2012", "41KZN02"),
        ("trailer_2012", "41TRA02"),
    ):
        numbers = plate_series(plate_formats[code], first, 5)
        enter_plates(almaty_police, plate_formats[code], numbers, reference=first, received_by=None, now=now)
    blanks.enter(almaty_police, blanks.series("AB00000001", 5), received_by=None, now=now)
    return almaty_police


def make_vehicle(vin="XWFPK2344PK103571", **fields) -> Vehicle:
    """A stored vehicle with everything the register needs."""
    values = {
        "category": "M1",
        "make": "LADA",
        "model": "Granta",
        "year": 2026,
        "colour": "white",
        "unladen_mass_kg": 1100,
        "maximum_mass_kg": 1560,
        "fuel": "petrol",
    }
    return Vehicle.objects.create(vin=vin, **{**values, **fields})


def refuse_on(road, application: Application, *chosen: str | Chosen):
    """Refuse as the officer of the road, on rows of the standard."""
    choice = [item if isinstance(item, Chosen) else Chosen(item) for item in chosen]
    return refuse(actor=road.officer, number=application.number, version=None, chosen=choice, now=timezone.now())


def issuable(office: Office, front_desk_office: Office, number: int, officer, front_desk) -> Application:
    """A stored approved application with typed facts: what a worker finds when it is told to issue.

    For tests of the issue itself, where the road to it would only cost time.
    """
    now = timezone.now()
    person = Person.objects.create(
        surname="Ахметов",
        given_name="Ерлан",
        birth_date=date(1985, 4, 12),
        sex="male",
        document_number=f"N{number:08d}",
    )
    application = Application.objects.create(
        number=f"0201-26-{number:06d}-0",
        service="VR",
        subservice="VR-1",
        standard_version="743-2024",
        channel=Channel.FRONT_DESK.value,
        office=office,
        front_desk=front_desk_office,
        applicant_person=person,
        subject=f"VIN:{vin_of(number)}",
        state=State.APPROVED,
        created_at=now,
        submitted_at=now,
        at_risk_at=now + timedelta(minutes=90),
        due_at=now + timedelta(minutes=120),
        accepted_by=front_desk,
        decided_by=officer,
        decided_at=now,
    )
    facts = {
        "category": "M1",
        "make": "LADA",
        "model": "Granta",
        "year": 2026,
        "colour": "white",
        "fuel": "petrol",
        "unladen_mass_kg": 1100,
        "maximum_mass_kg": 1560,
    }
    PrimaryRegistrationDetails.objects.create(
        application=application, vin=vin_of(number), vehicle_facts=facts, facts_source="typed"
    )
    return application


def vin_of(number: int) -> str:
    """A VIN that differs by number."""
    return f"XTA21907{number:09d}"
