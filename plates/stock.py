"""The stock of plates of an office: a series comes in, the next free plate goes out, and the journal sees both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotAllowedError, written
from applications.issuing import resume
from applications.journal import noted
from applications.models import Application
from offices.access import offices_visible_to
from offices.models import Office, Role, Staff
from people.identifiers import OrganisationKind, normalise_plate, parse_bin
from people.models import Organisation, Person
from plates.high_demand import is_high_demand
from plates.models import FREE, HolderKind, Plate, PlateFormat, PlateReceipt, PlateState, VehicleKind
from plates.movements import move

KAZAKHSTAN = "KAZ"
MOST_AT_ONCE = 10_000
STOCK_EMPTY = "plates.stock_empty"


def holder_kind(holder: Person | Organisation) -> HolderKind:
    """Whose plates `holder` gets: by citizenship, or by the kind of organisation that the BIN tells."""
    if isinstance(holder, Person):
        return HolderKind.PERSON if holder.citizenship == KAZAKHSTAN else HolderKind.FOREIGN_PERSON
    is_foreign = parse_bin(holder.bin).kind == OrganisationKind.NON_RESIDENT
    return HolderKind.FOREIGN_ORGANISATION if is_foreign else HolderKind.ORGANISATION


def current_format(holder: HolderKind, vehicle: VehicleKind) -> PlateFormat:
    """The format that plates for this holder and vehicle are made in now.

    Raises DomainError "plates.format_not_set" while there is none, or while its layout is an empty setting.
    """
    formats = PlateFormat.objects.filter(is_current=True, vehicle_kind=vehicle, holder_kind__in=_kinds(holder))
    found = next((item for item in formats if item.regex), None)
    if found is None:
        raise not_set(f"{VehicleKind(vehicle).label}, {HolderKind(holder).label}")
    return found


def _kinds(holder: HolderKind) -> list[HolderKind]:
    """The kinds of plates that serve the holder; a temporary registration has plates of its own and no others."""
    return [holder] if holder == HolderKind.TEMPORARY else [holder, HolderKind.ANYONE]


def not_set(what: str) -> DomainError:
    message = _(
        "The layout of plates (%(what)s) is not entered in the settings. An administrator enters it with its source."
    )
    return DomainError("plates.format_not_set", message % {"what": what})


@transaction.atomic
def receive(
    *, actor: Actor, office: Office, plate_format: PlateFormat, numbers: Sequence[str], reference: str, now: datetime
) -> PlateReceipt:
    """Take plates into the stock of `office`, named by its own officer or a supervisor of the region.

    Issues that waited for plates there are tried at once.
    `reference` is the number of the delivery note. Raises InvalidInputError for numbers that are not of the format or
    the region, DomainError "plates.already_known" when one of them, or the note, was entered before.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    if not offices_visible_to(staff).filter(pk=office.pk).exists():
        raise NotAllowedError("office", _("You can take plates only into the stock of your own office."))
    receipt = enter(office, plate_format, numbers, reference=reference, received_by=staff, now=now)
    noted(
        chain=f"office:{office.code}",
        actor=actor,
        action="plates_received",
        now=now,
        changes={
            "format": plate_format.code,
            "first": receipt.first_number,
            "last": receipt.last_number,
            "count": receipt.count,
            "reference": reference,
        },
    )
    resume(office=office, code=STOCK_EMPTY, most=receipt.count)
    return receipt


def enter(
    office: Office,
    plate_format: PlateFormat,
    numbers: Sequence[str],
    *,
    reference: str,
    received_by: Staff | None,
    now: datetime,
) -> PlateReceipt:
    """Write a delivery and its plates, or nothing. Raises as `receive` does."""
    compact = checked(office, plate_format, numbers)
    reference = written("reference", reference, _("Enter the number of the delivery note."), longest=60)
    try:
        with transaction.atomic():
            receipt = PlateReceipt.objects.create(
                office=office,
                format=plate_format,
                first_number=compact[0],
                last_number=compact[-1],
                count=len(compact),
                reference=reference,
                received_by=received_by,
                received_at=now,
            )
            Plate.objects.bulk_create(
                Plate(
                    number=number,
                    format=plate_format,
                    region_id=office.region_id,
                    office=office,
                    receipt=receipt,
                    is_high_demand=is_high_demand(plate_format.split(number)[0], timezone.localdate(now)),
                    state_changed_at=now,
                )
                for number in compact
            )
    except IntegrityError as error:
        raise already_known(compact) from error
    return receipt


def checked(office: Office, plate_format: PlateFormat, numbers: Sequence[str]) -> list[str]:
    if not plate_format.regex:
        raise not_set(plate_format.title)
    compact = [normalise_plate(number) for number in numbers]
    if not 0 < len(compact) <= MOST_AT_ONCE:
        message = _("A delivery has at least one plate and at most %(most)d.") % {"most": MOST_AT_ONCE}
        raise InvalidInputError({"numbers": message})
    wrong = [number for number in compact if not belongs(office, plate_format, number)]
    if wrong:
        named = {"region": office.region_id, "numbers": ", ".join(wrong[:5])}
        says = _("These are not plates of this format and of region %(region)s: %(numbers)s.") % named
        raise InvalidInputError({"numbers": says})
    return compact


def belongs(office: Office, plate_format: PlateFormat, number: str) -> bool:
    region = plate_format.split(number)[1] or office.region_id
    return plate_format.fits(number) and region == office.region_id


def already_known(numbers: list[str]) -> DomainError:
    known = Plate.objects.filter(number__in=numbers).order_by("number").values_list("number", flat=True)[:5]
    if known:
        message = _("These plates are in the register already: %(numbers)s.") % {"numbers": ", ".join(known)}
        return DomainError("plates.already_known", message)
    return DomainError(
        "plates.already_known", _("A plate stands twice in this delivery, or its delivery note was entered before.")
    )


def allocate(
    *,
    office: Office,
    holder: HolderKind,
    vehicle: VehicleKind,
    now: datetime,
    application: Application | None = None,
) -> Plate:
    """The next free plate of the office's stock for this holder and vehicle, by number, marked as assigned.

    Numbers of higher demand stay for those who choose them, and one on an act that waits for its second person goes to
    nobody. Runs inside the caller's transaction; a plate that another one is taking this instant is passed over, so
    two never get the same. Raises DomainError "plates.stock_empty", or as `current_format` does.
    """
    plate = (
        Plate.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("format")
        .filter(FREE, office=office, is_high_demand=False)
        .filter(
            format__is_current=True,
            format__vehicle_kind=vehicle,
            format__holder_kind__in=_kinds(holder),
        )
        .order_by("number")
        .first()
    )
    if plate is None:
        raise stock_empty(office, current_format(holder, vehicle))
    move(plate, PlateState.ASSIGNED, actor=Actor.automatic(), now=now, application=application)
    return plate


def stock_empty(office: Office, plate_format: PlateFormat) -> DomainError:
    message = _(
        "%(office)s has no plates left (%(format)s). The application stays approved; the plate is issued by itself "
        "as soon as a series is received."
    )
    return DomainError(STOCK_EMPTY, message % {"office": office.name, "format": plate_format.title})


def counts(office: Office) -> list[tuple[PlateFormat, dict[str, int]]]:
    """How many plates of each format the office has, by state; formats it never had are left out. One query."""
    by_state = {
        state: Count("plates", filter=Q(plates__office=office, plates__state=state)) for state in PlateState.values
    }
    formats = PlateFormat.objects.filter(plates__office=office).annotate(**by_state).order_by("code")
    return [(item, {state: getattr(item, state) for state in PlateState.values}) for item in formats]


@dataclass(frozen=True)
class Shelf:
    """The plates of one format at an office: how many came, where they are now, which one goes out next.

    `by_state` adds up to `received`. `free` leaves out numbers of higher demand, which only go to those who choose
    them, and those `set_aside` in stock by acts that wait for a second person; `next_number` is empty when nothing is
    free or the format is no longer issued.
    """

    format: PlateFormat
    received: int
    by_state: dict[str, int]
    free: int
    set_aside: int
    next_number: str

    @property
    def dear(self) -> int:
        """How many in stock are of higher demand and stand on no act."""
        return self.by_state[PlateState.IN_STOCK] - self.free - self.set_aside

    @property
    def gone(self) -> int:
        """How many are lost or stolen."""
        return self.by_state[PlateState.LOST] + self.by_state[PlateState.STOLEN]


def shelves(office: Office) -> list[Shelf]:
    """The stock of `office`: every format issued now, those it has none of included, then those it still keeps."""
    is_free = FREE & Q(is_high_demand=False)
    is_aside = Q(state=PlateState.IN_STOCK, set_aside_by__isnull=False)
    by_state = {state: Count("pk", filter=Q(state=state)) for state in PlateState.values}
    found = Plate.objects.filter(office=office).order_by().values("format_id")
    plates: dict[str, Any] = {
        row["format_id"]: row
        for row in found.annotate(
            free=Count("pk", filter=is_free),
            set_aside=Count("pk", filter=is_aside),
            next=Min("number", filter=is_free),
            **by_state,
        )
    }
    deliveries = PlateReceipt.objects.filter(office=office).order_by().values_list("format_id")
    received = dict(deliveries.annotate(Sum("count")))
    formats = PlateFormat.objects.filter(Q(is_current=True) & ~Q(regex="") | Q(pk__in=list(received)))
    return [_shelf(item, plates.get(item.code, {}), received.get(item.code, 0)) for item in sorted(formats, key=_place)]


def _place(plate_format: PlateFormat) -> tuple[bool, int, int, str]:
    vehicle = VehicleKind.values.index(plate_format.vehicle_kind)
    holder = HolderKind.values.index(plate_format.holder_kind)
    return not plate_format.is_current, vehicle, holder, plate_format.code


def _shelf(plate_format: PlateFormat, row: dict[str, Any], received: int) -> Shelf:
    return Shelf(
        format=plate_format,
        received=received,
        by_state={state: row.get(state, 0) for state in PlateState.values},
        free=row.get("free", 0),
        set_aside=row.get("set_aside", 0),
        next_number=(row.get("next") or "") if plate_format.is_current else "",
    )
