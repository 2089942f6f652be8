"""Writing plates off: an act drawn up by one person, confirmed by another, and only then the plates leave the stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError
from applications.journal import noted
from applications.models import Paper
from offices.access import offices_visible_to
from offices.models import Office, Role, Staff
from people.identifiers import normalise_plate
from plates.act_paper import order_paper, paper_of
from plates.models import Plate, PlateState, WriteOffAct, WriteOffKind, WriteOffLine

# Where a plate must be to be written off; what is reserved or on a vehicle is not in anybody's cupboard.
FROM = (PlateState.IN_STOCK, PlateState.SURRENDERED, PlateState.TO_DESTROY)
MOST_AT_ONCE = 500


@transaction.atomic
def draw_up(
    *, actor: Actor, office: Office, kind: str, numbers: Sequence[str], explanation: str, now: datetime
) -> WriteOffAct:
    """Draw up an act on plates of `office`'s stock. Nothing moves yet.

    Raises NotAllowedError; InvalidInputError for an unknown kind, no explanation, or plates that are not in this stock
    or stand on another open act.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    if not offices_visible_to(staff).filter(pk=office.pk).exists():
        raise NotAllowedError("office", _("You can write off plates only of your own office's stock."))
    if kind not in WriteOffKind.values:
        raise InvalidInputError({"kind": _("Say what became of the plates.")})
    if not explanation.strip():
        raise InvalidInputError({"explanation": _("Explain what happened; a second person reads it.")})
    plates = plates_of(office, numbers)
    act = WriteOffAct.objects.create(
        office=office, kind=kind, explanation=explanation.strip(), drawn_up_by=staff, drawn_up_at=now
    )
    WriteOffLine.objects.bulk_create(WriteOffLine(act=act, plate=plate) for plate in plates)
    note(act, actor, "plates_write_off_drawn_up", [plate.number for plate in plates], now)
    return act


def plates_of(office: Office, numbers: Sequence[str]) -> list[Plate]:
    """The plates of `numbers`, locked. Raises InvalidInputError that names those which cannot be written off."""
    compact = sorted({normalise_plate(number) for number in numbers if number.strip()})
    if not 0 < len(compact) <= MOST_AT_ONCE:
        message = _("An act has at least one plate and at most %(most)d.") % {"most": MOST_AT_ONCE}
        raise InvalidInputError({"numbers": message})
    found = Plate.objects.select_for_update().filter(office=office, number__in=compact, state__in=FROM)
    plates = list(found.order_by("number"))
    wrong = sorted(set(compact) - {plate.number for plate in plates})
    if wrong:
        message = _("These are not in this stock now: %(numbers)s.") % {"numbers": ", ".join(wrong[:5])}
        raise InvalidInputError({"numbers": message})
    listed = WriteOffLine.objects.filter(plate__in=plates, act__confirmed_at=None, act__dropped_at=None)
    twice = sorted(set(listed.values_list("plate__number", flat=True)))
    if twice:
        named = {"numbers": ", ".join(twice[:5])}
        says = _("These stand on another act that waits for its second person: %(numbers)s.") % named
        raise InvalidInputError({"numbers": says})
    return plates


@transaction.atomic
def confirm(*, actor: Actor, act_id: int, now: datetime) -> WriteOffAct:
    """The second person signs, and the plates leave the stock at once, all or none.

    Raises NotAllowedError "four_eyes" for who drew it up; DomainError "plates.act_closed", "plates.act_outdated".
    """
    act, staff = open_act(actor, act_id)
    if act.drawn_up_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("A second person must confirm this act."))
    act.confirmed_by, act.confirmed_at = staff, now
    act.save(update_fields=["confirmed_by", "confirmed_at"])
    plates = Plate.objects.filter(write_offs__act=act).order_by("number")
    numbers = list(plates.values_list("number", flat=True))
    moved = Plate.objects.filter(number__in=numbers, state__in=FROM).update(
        state=act.kind, state_changed_at=now, moved_by=staff, moved_because=f"{act.number}: {act.explanation}"[:500]
    )
    if moved != len(numbers):
        message = _("A plate of this act has left the stock meanwhile. Drop the act and draw it up anew.")
        raise DomainError("plates.act_outdated", message)
    note(act, actor, "plates_written_off", numbers, now)
    order_paper(act, now)
    return act


@transaction.atomic
def print_act(*, actor: Actor, act_id: int, now: datetime) -> Paper:
    """The paper of a confirmed act that has none: of a day when acts were not printed yet. Asked twice, made once.

    Raises NotFoundError, DomainError "plates.act_not_confirmed".
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    acts = WriteOffAct.objects.select_for_update(of=("self",)).select_related("office", "drawn_up_by", "confirmed_by")
    act = acts.filter(pk=act_id, office__in=offices_visible_to(staff)).first()
    if act is None:
        raise NotFoundError
    if act.confirmed_at is None:
        raise DomainError("plates.act_not_confirmed", _("Only an act that two people have signed is printed."))
    return paper_of(act) or order_paper(act, now)


@transaction.atomic
def drop(*, actor: Actor, act_id: int, now: datetime) -> WriteOffAct:
    """Close an act that nobody confirmed; its plates stay where they are. Raises DomainError "plates.act_closed"."""
    act, staff = open_act(actor, act_id)
    act.dropped_by, act.dropped_at = staff, now
    act.save(update_fields=["dropped_by", "dropped_at"])
    note(act, actor, "plates_write_off_dropped", [], now)
    return act


def open_act(actor: Actor, act_id: int) -> tuple[WriteOffAct, Staff]:
    """The act, locked, and who acts. Raises NotFoundError outside their offices, DomainError when it is closed."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    acts = WriteOffAct.objects.select_for_update(of=("self",)).select_related("office", "drawn_up_by")
    act = acts.filter(pk=act_id, office__in=offices_visible_to(staff)).first()
    if act is None:
        raise NotFoundError
    if not act.is_open:
        raise DomainError("plates.act_closed", _("This act is closed already."))
    return act, staff


def note(act: WriteOffAct, actor: Actor, action: str, numbers: Sequence[str], now: datetime) -> None:
    changes = {"act": act.number, "kind": act.kind, "plates": list(numbers), "explanation": act.explanation}
    noted(chain=f"office:{act.office.code}", actor=actor, action=action, now=now, changes=changes)
