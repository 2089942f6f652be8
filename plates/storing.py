"""Numbers that were handed in: stored for their holder, then released to the stock or set aside for destruction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, NotFoundError, written
from applications.journal import noted
from offices.access import offices_visible_to
from offices.models import Role, Staff
from plates.models import Plate, PlateState, WantedPlate
from plates.movements import illegal, move

# What the portal itself writes as the reason of a movement; pages say it in the reader's language.
TERM_OVER = "storage_term_over"
MOST_AT_ONCE = 1000


def expire(now: datetime) -> int:
    """Set aside for destruction what nobody took back in time; how many. What another one moves is passed over."""
    today = timezone.localdate(now)
    with transaction.atomic():
        over = Plate.objects.filter(state=PlateState.SURRENDERED, stored_until__lt=today).order_by("stored_until")
        plates = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_AT_ONCE])
        return Plate.objects.filter(pk__in=plates).update(
            state=PlateState.TO_DESTROY, state_changed_at=now, moved_because=TERM_OVER
        )


@transaction.atomic
def release(*, actor: Actor, number: str, reason: str, now: datetime) -> Plate:
    """Put a number that was handed in back into the stock, once nobody has a right to it any more.

    Raises InvalidInputError without a reason; DomainError "plates.still_stored" before its term is over,
    "plates.never_reissued" for a number that was once lost or stolen, "plates.illegal_move".
    """
    plate, _staff = of_the_stock(actor, number)
    reason = written("reason", reason, _("Say why the number goes back into the stock."), longest=500)
    if plate.state not in {PlateState.SURRENDERED, PlateState.TO_DESTROY}:
        raise illegal(plate)
    if plate.state == PlateState.SURRENDERED and plate.stored_until and plate.stored_until >= timezone.localdate(now):
        message = _("Plate %(number)s is stored for its holder until %(day)s and cannot be released before.")
        named = {"number": plate.number, "day": date_format(plate.stored_until, "d.m.Y")}
        raise DomainError("plates.still_stored", message % named)
    if plate.movements.filter(to_state__in=[PlateState.LOST, PlateState.STOLEN]).exists():
        raise DomainError(
            "plates.never_reissued",
            _("Plate %(number)s was lost or stolen once: it is destroyed and never issued again.")
            % {"number": plate.number},
        )
    move(plate, PlateState.IN_STOCK, actor=actor, now=now, reason=reason)
    note(actor, "plate_released", plate, reason, now)
    return plate


@transaction.atomic
def found(*, actor: Actor, number: str, reason: str, now: datetime) -> Plate:
    """A lost or stolen plate is brought in: it is no longer wanted, and waits for its destruction.

    `reason` says where it was found. Raises InvalidInputError without it; DomainError "plates.illegal_move".
    """
    plate, staff = of_the_stock(actor, number)
    reason = written("reason", reason, _("Say where the plate was found and who brought it."), longest=500)
    if plate.state not in {PlateState.LOST, PlateState.STOLEN}:
        raise illegal(plate)
    wanted = WantedPlate.objects.filter(plate=plate, lifted_at__isnull=True)
    wanted.update(lifted_at=now, lifted_by=staff, lifted_because=reason)
    move(plate, PlateState.TO_DESTROY, actor=actor, now=now, reason=reason)
    note(actor, "plate_found", plate, reason, now)
    return plate


def of_the_stock(actor: Actor, number: str) -> tuple[Plate, Staff]:
    """The plate, locked, and who acts on it: an officer of its office or a supervisor of the region.

    Raises NotAllowedError, or NotFoundError for a plate of an office that is not theirs.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    plates = Plate.objects.select_for_update(of=("self",)).select_related("format", "office")
    plate = plates.filter(number=number, office__in=offices_visible_to(staff)).first()
    if plate is None:
        raise NotFoundError
    return plate, staff


def note(actor: Actor, action: str, plate: Plate, reason: str, now: datetime) -> None:
    changes = {"plate": plate.number, "reason": reason}
    noted(chain=f"office:{plate.office.code}", actor=actor, action=action, now=now, changes=changes)
