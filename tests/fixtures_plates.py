"""Duplicates of plates brought to each state by the verbs, for a car that its holder has registered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from applications import deciding, holding, intake
from applications.acting import Actor
from applications.models import Application
from applications.standards import Channel
from applications.states import State
from offices.models import Office
from people.models import Organisation, Person
from plates import stock
from plates.models import PlateOrder, PlateOrderItem, VehicleKind
from plates.production import ordering
from registration.models import Ownership, PlateAssignment, Registration
from tests.fixtures_desk import make_case
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_registration import make_vehicle
from tests.fixtures_road import Road, work

LOST_BOTH = {"plate_count": "2", "place": "", "reason": "lost"}
FADED_FRONT = {"plate_count": "1", "place": "front", "reason": "faded", "has_front": "on"}


@dataclass
class Duplicates:
    """The steps of a duplicate. `plate` is the number on the car that `holder` has registered."""

    road: Road
    holder: Person | Organisation
    plate: str

    def open(self, **other: Any) -> Application:
        """A draft at the front desk of Almaty, about no plate yet."""
        words = {
            "actor": self.road.desk,
            "service_code": "PD",
            "subservice": "PD",
            "channel": Channel.FRONT_DESK,
            "applicant": self.holder,
            "now": timezone.now(),
        }
        return intake.open_draft(**{**words, **other})

    def fill(self, application: Application, actor: Actor | None = None, **details: Any) -> Application:
        """Save the details; LOST_BOTH where nothing else is said."""
        data = {"plate": self.plate, **LOST_BOTH, **details}
        intake.save_details(
            actor=actor or self.road.desk, number=application.number, version=None, data=data, now=timezone.now()
        )
        work()
        return self.road.fresh(application)

    def paid(self, **details: Any) -> Application:
        application = self.fill(self.open(), **details)
        self.road.pay(application)
        return self.road.fresh(application)

    def held(self, **details: Any) -> Application:
        """Accepted, asked about, and held by the officer."""
        application = self.road.submit(self.paid(**details))
        work()
        holding.take(actor=self.road.officer, number=application.number, now=timezone.now())
        return self.road.fresh(application)

    def approve(self, application: Application) -> Application:
        return deciding.approve(actor=self.road.officer, number=application.number, version=None, now=timezone.now())

    def in_production(self, **details: Any) -> Application:
        """Approved and ordered: its pieces wait for a batch."""
        application = self.approve(self.held(**details))
        work()
        return self.road.fresh(application)

    def made_up(self, *applications: Application, actor: Actor | None = None) -> PlateOrder:
        """The pieces of the cases in an order that is not sent yet."""
        items = PlateOrderItem.objects.filter(application__in=applications, state="waiting")
        return ordering.make_up(
            actor=actor or self.road.officer, items=list(items.values_list("pk", flat=True)), now=timezone.now()
        )

    def sent(self, *applications: Application, now: datetime | None = None) -> PlateOrder:
        """The pieces of the cases at the press, promised in three days."""
        order = self.made_up(*applications)
        now = now or timezone.now()
        day = timezone.localdate(now) + timedelta(days=3)
        return ordering.send(actor=self.road.officer, order_id=order.pk, expected_on=day, now=now)

    def arrive(self, order: PlateOrder, *places: str) -> None:
        """Pieces of the order arrive: those at `places`, or all that are still to come."""
        items = order.items.filter(state="ordered")
        if places:
            items = items.filter(place__in=places)
        ordering.arrive(
            actor=self.road.officer,
            order_id=order.pk,
            items=list(items.values_list("pk", flat=True)),
            now=timezone.now(),
        )

    def issued(self, **details: Any) -> Application:
        application = self.in_production(**details)
        self.arrive(self.sent(application))
        work()
        return self.road.fresh(application)


@transaction.atomic
def car_of(
    owner: Person | Organisation, vehicle: str = "V-02", *, office: str = "0201", kind: VehicleKind = VehicleKind.CAR
) -> str:
    """A demo vehicle that `owner` has registered at the office before, as rows; the number of its plate."""
    row, then, police = demo_vehicle(vehicle), timezone.now() - timedelta(days=30), Office.objects.get(code=office)
    key = "applicant_person" if isinstance(owner, Person) else "applicant_organisation"
    application = make_case(police, State.ISSUED, checks=(), subject="", **{key: owner})
    category = {VehicleKind.MOTORCYCLE: "L3", VehicleKind.TRAILER: "O1"}.get(kind, "M1")
    known = make_vehicle(row["vin"], make=row["make"], model=row["model"], category=category)
    registration = Registration.objects.create(
        vehicle=known, office=police, application=application, kind="primary", registered_at=then
    )
    Ownership.objects.create(
        vehicle=known,
        application=application,
        period=TimestamptzRange(then, None),
        **{key.replace("applicant", "owner"): owner},
    )
    plate = stock.allocate(office=police, holder=stock.holder_kind(owner), vehicle=kind, now=then)
    PlateAssignment.objects.create(plate=plate, registration=registration, assigned_at=then)
    return plate.number


@pytest.fixture
def duplicates(road) -> Duplicates:
    """P-01 has registered V-02 in Almaty and wants its plates again."""
    return duplicates_of(road, "P-01")


def duplicates_of(road: Road, holder: str, **car: Any) -> Duplicates:
    """A holder of the demo data with a car registered in Almaty."""
    owner = road.applicant(holder)
    return Duplicates(road=road, holder=owner, plate=car_of(owner, **car))
