"""Choosing a number: what is free and at which price, and one number held for one application while it is paid.

A hold binds an unpaid draft for a limited time. Once the duty is paid the number stays reserved until the issue, or
until the application ends without one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.states import State
from fees.models import Charge, Tariff
from fees.tariffs import MissingTariffError, in_force, mci_on, rounded
from offices.models import Office
from people.identifiers import normalise_plate
from plates.high_demand import choice_group
from plates.models import FREE, HolderKind, Plate, PlateHold, PlateState, RegionPlace, VehicleKind
from plates.movements import move
from plates.stock import current_format

DUTY = "plate_duty"
HOLD_OVER = "hold_over"
HOLD_GIVEN_UP = "hold_given_up"
MOST_SHOWN = 24
# An application that ended, or whose plates came from elsewhere, holds nothing any more.
ENDED = (State.REFUSED, State.WITHDRAWN, State.ISSUED, State.REVOKED)


@dataclass(frozen=True)
class Offer:
    """A free number with the group of its duty and the price of the day; no price where a rate is not entered."""

    plate: Plate
    group: str
    name: str
    price: Decimal | None

    @property
    def number(self) -> str:
        return self.plate.number


def free_numbers(
    office: Office, holder: HolderKind, vehicle: VehicleKind, *, pattern: str, now: datetime
) -> list[Offer]:
    """Numbers of the office's stock that can be chosen for this holder and vehicle, at most MOST_SHOWN, by number.

    `pattern` is a part of the number; "?" stands for any one character: "7?7", "AAA". Raises InvalidInputError for
    other characters, DomainError "plates.format_not_set".
    """
    release_expired(now, office=office)
    plate_format = current_format(holder, vehicle)
    plates = Plate.objects.select_related("format").filter(FREE, office=office, format=plate_format)
    if pattern.strip():
        plates = plates.filter(number__regex=_regex(pattern, RegionPlace(plate_format.region_place)))
    return offers(list(plates.order_by("number")[:MOST_SHOWN]), timezone.localdate(now))


def _regex(pattern: str, region: RegionPlace) -> str:
    wanted = normalise_plate(pattern.replace("*", "?").replace("_", "?"))
    if not re.fullmatch(r"[A-Z0-9?]{1,8}", wanted):
        message = _("Write digits and Latin letters, and “?” for any one character: 7?7, AAA.")
        raise InvalidInputError({"pattern": message})
    part = wanted.replace("?", "[A-Z0-9]")
    before = ".." if region == RegionPlace.LEFT else ""
    after = ".." if region == RegionPlace.RIGHT else ""
    return f"^{before}.*{part}.*{after}$"


def offers(plates: list[Plate], on: date) -> list[Offer]:
    """The plates with their groups and prices on the day `on`: two statements, however many they are."""
    prices = _prices(on)
    found = []
    for plate in plates:
        group = group_of(plate, on)
        name, price = prices.get(group, ("", None))
        found.append(Offer(plate, group, name, price))
    return found


def _prices(on: date) -> dict[str, tuple[str, Decimal | None]]:
    """Group → its name and price on the day `on`; no price while its rate, or the index, is not entered."""
    rows = list(Tariff.objects.filter(in_force(on), code=DUTY))
    try:
        mci = mci_on(on)
    except MissingTariffError:
        return {row.group: (row.name, None) for row in rows}
    return {row.group: (row.name, None if row.rate is None else rounded(row.rate * mci)) for row in rows}


def group_of(plate: Plate, on: date) -> str:
    """The group of the plate duty for choosing this number on the day `on`."""
    ordinary = "car" if plate.format.vehicle_kind == VehicleKind.CAR else "motorcycle_or_trailer"
    return choice_group(plate.format.split(plate.number)[0], on) or ordinary


def held(application: Application) -> PlateHold | None:
    """The number that is held for the application now, if any."""
    holds = PlateHold.objects.select_related("plate__format")
    return holds.filter(application=application, ended_at__isnull=True).first()


def hold(
    application: Application, number: str, holder: HolderKind, vehicle: VehicleKind, *, actor: Actor, now: datetime
) -> Plate:
    """Reserve the number for the application, in place of one it held before. Runs inside the caller's transaction.

    Of two who want one number at once exactly one gets it. Raises DomainError "plates.taken" when it is not free,
    "plates.other_kind" when plates of its format are not for this holder and vehicle.
    """
    release_expired(now, office=application.office)
    compact = normalise_plate(number)
    current = held(application)
    if current is not None and current.plate.number == compact:
        return current.plate
    stock = Plate.objects.select_related("format").filter(FREE, office=application.office)
    plate = stock.filter(number=compact).first()
    if plate is None:
        raise taken(compact)
    if plate.format != current_format(holder, vehicle):
        message = _("Plate %(number)s is not for this holder and vehicle. Choose one of the numbers shown.")
        raise DomainError("plates.other_kind", message % {"number": compact})
    if current is not None:
        give_up(current, actor=actor, now=now)
    try:
        move(plate, PlateState.RESERVED, actor=actor, now=now, application=application)
    except DomainError as error:
        raise taken(compact) from error
    return plate


def taken(number: str) -> DomainError:
    message = _("Number %(number)s is not free: somebody else has just chosen it, or it is not in this stock.")
    return DomainError("plates.taken", message % {"number": number})


def give_up(current: PlateHold, *, actor: Actor, now: datetime) -> None:
    """Free the number again, at the wish of who held it."""
    move(
        current.plate,
        PlateState.IN_STOCK,
        actor=actor,
        now=now,
        application=current.application,
        reason=HOLD_GIVEN_UP,
    )


def assign_held(application: Application, now: datetime) -> Plate:
    """The held number goes on the vehicle. Raises DomainError "plates.not_held" when it is held no longer."""
    current = held(application)
    if current is None:
        message = _("No number is held for this application any more. Withdraw it, or let the applicant choose anew.")
        raise DomainError("plates.not_held", message)
    move(current.plate, PlateState.ASSIGNED, actor=Actor.automatic(), now=now, application=application)
    return current.plate


def expired(now: datetime) -> Q:
    """Holds that bind no longer: of drafts not paid in time, and of applications that ended without an issue."""
    duties = Charge.objects.live().filter(application=OuterRef("application"), code=DUTY)
    unpaid = Charge.objects.unpaid().filter(application=OuterRef("application"), code=DUTY)
    in_time = Q(Exists(duties)) & ~Q(Exists(unpaid))
    return Q(application__state__in=ENDED) | Q(until__lt=now, application__state=State.DRAFT) & ~in_time


def release_expired(now: datetime, office: Office | None = None) -> int:
    """Free the numbers whose holds bind no longer; how many. One statement when there are none."""
    holds = PlateHold.objects.filter(expired(now), ended_at__isnull=True)
    if office is not None:
        holds = holds.filter(plate__office=office)
    plates = list(holds.values_list("plate_id", flat=True))
    if not plates:
        return 0
    with transaction.atomic():
        free = Plate.objects.filter(pk__in=plates, state=PlateState.RESERVED)
        return free.update(state=PlateState.IN_STOCK, state_changed_at=now, moved_because=HOLD_OVER)
