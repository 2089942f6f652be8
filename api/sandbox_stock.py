"""What the sandbox gives out it also sees to: nobody would deliver blanks or plates for the tests of partners."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from applications.acting import Actor
from applications.errors import DomainError
from blanks.models import BlankState
from blanks.stock import BlankStock
from licensing.blanks import STOCK as LICENCES
from offices.models import Office
from plates import stock
from plates.models import FREE, HolderKind, Plate, VehicleKind
from plates.numbers import SeriesEndsError, series
from registration.blanks import STOCK as CERTIFICATES

# Below this the next delivery comes: more than are approved before the first of them is issued.
LOW = 20
DELIVERY = 200
# The letters of the sandbox: nothing that the demo delivers begins with them.
LETTERS = "SB"


def see_to(office: Office, *, actor: Actor, now: datetime) -> None:
    """Receive more of what is low at `office`, as its officer does; the journal tells of it like of any delivery.

    The caller has judged that this is a sandbox. What an administrator's pattern does not let in is left to people.
    """
    for left, deliver in (
        (_certificates_left, _deliver_certificates),
        (_licences_left, _deliver_licences),
        (_plates_left, _deliver_plates),
    ):
        if left(office) < LOW:
            with suppress(DomainError, SeriesEndsError), transaction.atomic():
                # Two runs at once would bring the same numbers.
                Office.objects.select_for_update(no_key=True).get(pk=office.pk)
                if left(office) < LOW:
                    deliver(office, actor, now)


def _certificates_left(office: Office) -> int:
    return CERTIFICATES.counts(office)[BlankState.RECEIVED]


def _licences_left(office: Office) -> int:
    return LICENCES.counts(office)[BlankState.RECEIVED]


def _plates_left(office: Office) -> int:
    free = Plate.objects.filter(FREE, office=office, is_high_demand=False)
    return free.filter(format=stock.current_format(HolderKind.PERSON, VehicleKind.CAR)).count()


def _deliver_certificates(office: Office, actor: Actor, now: datetime) -> None:
    _deliver_blanks(CERTIFICATES, 8, office, actor, now)


def _deliver_licences(office: Office, actor: Actor, now: datetime) -> None:
    _deliver_blanks(LICENCES, 6, office, actor, now)


def _deliver_blanks(blanks: BlankStock[Any], digits: int, office: Office, actor: Actor, now: datetime) -> None:
    known = blanks.model._default_manager.filter(number__startswith=LETTERS).order_by("-number")
    last: str = known.values_list("number", flat=True).first() or f"{LETTERS}0"
    first = f"{LETTERS}{int(last.removeprefix(LETTERS)) + 1:0{digits}d}"
    blanks.receive(actor=actor, office=office, first=first, count=DELIVERY, now=now)


def _deliver_plates(office: Office, actor: Actor, now: datetime) -> None:
    """Cars of people alone: every fixed number has one."""
    cars = stock.current_format(HolderKind.PERSON, VehicleKind.CAR)
    known = set(Plate.objects.filter(number__regex=rf"^\d{{3}}{LETTERS}").values_list("number", flat=True))
    following = series(cars, f"001{LETTERS}A{office.region_id}", DELIVERY + len(known))
    numbers = [number for number in following if number not in known][:DELIVERY]
    note = f"SANDBOX {numbers[0]}"
    stock.receive(actor=actor, office=office, plate_format=cars, numbers=numbers, reference=note, now=now)
