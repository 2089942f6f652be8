"""Stocks of plates and blanks, vehicles of the register, and cases that only wait for their issue."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from applications.models import Application, Check
from applications.standards import Channel
from applications.states import State
from people.identifiers import Sex, make_iin
from people.models import Person
from plates import reference as plate_reference
from plates.models import PlateFormat
from plates.numbers import series as plate_series
from plates.stock import enter as enter_plates
from refusals.refusing import Chosen, refuse
from registration import blanks
from registration.models import PlateAssignment, Registration, Vehicle, VehicleDetails


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


@contextmanager
def refused_by(constraint: str):
    """What stands inside is refused by the database, by the constraint or trigger of that name."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        yield
    cause: Any = refused.value.__cause__
    assert cause.diag.constraint_name == constraint


@contextmanager
def guarded(trigger: str):
    """What stands inside is refused by the trigger of that name."""
    with pytest.raises(DatabaseError, match=trigger), transaction.atomic():
        yield


def refuse_on(road, application: Application, *chosen: str | Chosen):
    """Refuse as the officer of the road, on rows of the standard."""
    choice = [item if isinstance(item, Chosen) else Chosen(item) for item in chosen]
    return refuse(actor=road.officer, number=application.number, version=None, chosen=choice, now=timezone.now())


FACTS = {
    "category": "M1",
    "make": "LADA",
    "model": "Granta",
    "year": 2026,
    "colour": "white",
    "fuel": "petrol",
    "engine_number": "21127-4400123",
    "engine_volume_cm3": 1596,
    "unladen_mass_kg": 1100,
    "maximum_mass_kg": 1560,
}


def make_applicant(number=1, **fields) -> Person:
    """A stored person known by IIN."""
    born = date(1985, 4, 12)
    names = {"surname": "Ахметов", "given_name": "Ерлан", "birth_date": born, "sex": "male"}
    return Person.objects.create(iin=make_iin(born, Sex.MALE, number), **{**names, **fields})


def make_case(front_desk, *, number=1, state=State.REVIEW, applicant=None, holder=None, facts=FACTS, **details):
    """A stored application for VR-1, taken in by `front_desk`, with facts from the register unless told otherwise.

    For tests of one step, where the road to it would only cost time.
    """
    now = timezone.now()
    times = {"submitted_at": now, "at_risk_at": now + timedelta(minutes=90), "due_at": now + timedelta(minutes=120)}
    decided = {"decided_by": holder, "decided_at": now} if state == State.APPROVED else {}
    application = Application.objects.create(
        number=f"0201-26-{number:06d}-0",
        service="VR",
        subservice="VR-1",
        standard_version="743-2024",
        channel=Channel.FRONT_DESK.value,
        office=front_desk.office.serves,
        front_desk=front_desk.office,
        applicant_person=applicant or make_applicant(number),
        subject=f"VIN:{vin_of(number)}",
        headline="LADA Granta, 2026",
        state=state,
        created_at=now,
        accepted_by=None if state == State.DRAFT else front_desk,
        holder=None if decided else holder,
        held_since=now if holder and not decided else None,
        **(times if state != State.DRAFT else {}),
        **decided,
    )
    VehicleDetails.objects.create(
        application=application,
        **{
            "vin": vin_of(number),
            "ownership_proof": "notarised",
            "vehicle_facts": facts,
            "facts_source": "register" if facts else "",
            **details,
        },
    )
    return application


def make_registration(vehicle, application, *, plate=None, **fields) -> Registration:
    """A stored registration of the vehicle, with a plate where one is given."""
    registration = Registration.objects.create(
        vehicle=vehicle,
        application=application,
        **{"office": application.office, "kind": "primary", "registered_at": timezone.now(), **fields},
    )
    if plate is not None:
        PlateAssignment.objects.create(plate=plate, registration=registration, assigned_at=timezone.now())
    return registration


def add_check(application, code, *, subject="applicant", row="", ground="", finding=None, outcome="hit", **fields):
    """An answered check, valid for an hour."""
    now = timezone.now()
    return Check.objects.create(
        application=application,
        code=code,
        subject=subject,
        register=code,
        row=row or ground,
        ground=ground,
        **{
            "question": {"register": code},
            "outcome": outcome,
            "findings": [{"code": item[0], "params": item[1]} for item in ([finding] if finding else [])],
            "asked_at": now,
            "answered_at": now,
            "valid_until": now + timedelta(hours=1),
            **fields,
        },
    )


def vin_of(number: int) -> str:
    """A VIN that differs by number."""
    return f"XTA21907{number:09d}"


@pytest.fixture
def vr_draft(almaty_stock, front_desk, rates):
    """A draft of VR-1 whose vehicle the register has described."""
    return make_case(front_desk, state=State.DRAFT)


@pytest.fixture
def vr_empty(almaty_stock, front_desk, rates):
    """A draft about which nothing was entered."""
    return make_case(front_desk, number=9, state=State.DRAFT, vin="", facts={}, ownership_proof="")
