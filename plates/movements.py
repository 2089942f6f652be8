"""What happens to a plate outside a stock: handed in, given back, lost or stolen. Each is one statement.

All run inside the caller's transaction. The movement and, for a theft, the entry in the list of the wanted are written
by the database together with the new state (models/plate.py).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError, written
from applications.models import Application
from plates.models import MOVES, Plate, PlateState


def surrendered(plate: Plate, *, actor: Actor, now: datetime, application: Application | None = None) -> None:
    """The plate is taken off its vehicle and stored. Raises DomainError "plates.illegal_move"."""
    move(plate, PlateState.SURRENDERED, actor=actor, now=now, application=application)


def given_back(plate: Plate, *, actor: Actor, now: datetime, application: Application | None = None) -> None:
    """A stored plate goes back on a vehicle of its holder. Raises DomainError "plates.illegal_move"."""
    if plate.state != PlateState.SURRENDERED:
        raise illegal(plate)
    move(plate, PlateState.ASSIGNED, actor=actor, now=now, application=application)


def lost(
    plate: Plate,
    *,
    actor: Actor,
    now: datetime,
    application: Application | None = None,
    is_stolen: bool,
    explanation: str,
) -> None:
    """The plate of a vehicle is declared lost or stolen; its number is never given to another vehicle.

    What is lost out of a stock is written off by an act of two people instead (plates/write_offs.py).
    Raises InvalidInputError without an explanation, DomainError "plates.illegal_move".
    """
    explanation = written("explanation", explanation, _("Write down what is declared about the plate."), longest=500)
    if plate.state != PlateState.ASSIGNED:
        raise illegal(plate)
    state = PlateState.STOLEN if is_stolen else PlateState.LOST
    move(plate, state, actor=actor, now=now, application=application, reason=explanation)


def move(
    plate: Plate,
    state: PlateState,
    *,
    actor: Actor,
    now: datetime,
    application: Application | None = None,
    reason: str = "",
) -> None:
    """Bring the plate into `state`, unless somebody moved it first, or listed it on an act while it was in stock.

    Raises DomainError "plates.illegal_move".
    """
    before = PlateState(plate.state)
    if state not in MOVES[before]:
        raise illegal(plate)
    unmoved = Plate.objects.filter(pk=plate.pk, state=before)
    if before == PlateState.IN_STOCK and state in {PlateState.RESERVED, PlateState.ASSIGNED}:
        unmoved = unmoved.filter(set_aside_by=None)
    found = unmoved.update(
        state=state, state_changed_at=now, moved_by=actor.staff, moved_for=application, moved_because=reason
    )
    if not found:
        raise illegal(plate)
    plate.state, plate.state_changed_at = state.value, now


def illegal(plate: Plate) -> DomainError:
    message = _("This is not possible with plate %(number)s now: it is “%(state)s”.")
    named = {"number": plate.number, "state": PlateState(plate.state).label}
    return DomainError("plates.illegal_move", message % named)
