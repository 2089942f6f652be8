"""Duplicates of plates brought to each state by the verbs, for a car that its holder has registered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from applications import deciding, holding, intake
from applications.acting import Actor
from applications.models import Application
from applications.standards import Channel
from people.models import Organisation, Person
from plates.models import PlateOrder, PlateOrderItem
from plates.production import ordering
from tests.fixtures_road import Road, work

LOST_BOTH = {"plate_count": "2", "place": "", "reason": "lost"}
FADED_FRONT = {"plate_count": "1", "place": "front", "reason": "faded", "has_front": "on"}


@dataclass
class Duplicates:
    """The steps of a duplicate. `plate` is the number on the car that P-01 has registered in Almaty."""

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


@pytest.fixture
def duplicates(road) -> Duplicates:
    """P-01 has registered V-01 in Almaty and wants its plates again."""
    registered = road.issued()
    return Duplicates(road=road, holder=registered.applicant, plate=registered.plate_number)
