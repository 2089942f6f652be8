"""The duplicate is there: it is recorded as issued, the old pieces come in, and a revoked decision ends it (PD.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError
from applications.journal import noted
from applications.models import Application, Surrender, SurrenderOutcome
from applications.services import Deliverable
from applications.standards import Text
from plates.duplicates.forms import STOLEN_NUMBER
from plates.duplicates.judging import require_own_plate
from plates.duplicates.models import DuplicateDetails, PlateDuplicate, PlatePlace
from plates.production.stopping import Stopped, stop

PIECES = {
    PlatePlace.FRONT: Text("Duplicate of the plate, front", "Дубликат ГРНЗ, передний", "МТНБ телнұсқасы, алдыңғы"),
    PlatePlace.REAR: Text("Duplicate of the plate, rear", "Дубликат ГРНЗ, задний", "МТНБ телнұсқасы, артқы"),
}
OLD_PIECES = {
    PlatePlace.FRONT: Text("Old plate, front", "Прежний ГРНЗ, передний", "Бұрынғы МТНБ, алдыңғы"),
    PlatePlace.REAR: Text("Old plate, rear", "Прежний ГРНЗ, задний", "Бұрынғы МТНБ, артқы"),
}
ONLY_PIECE = Text("Duplicate of the plate", "Дубликат ГРНЗ", "МТНБ телнұсқасы")
OLD_ONLY_PIECE = Text("Old plate", "Прежний ГРНЗ", "Бұрынғы МТНБ")
UNDONE = Text(
    "The duplicate of plate %(plate)s no longer counts as issued; the pieces made are to be handed in.",
    "Дубликат ГРНЗ %(plate)s более не считается выданным; изготовленные знаки подлежат сдаче.",
    "%(plate)s МТНБ телнұсқасы берілген болып саналмайды; жасалған белгілер тапсырылуға тиіс.",
)
UNDONE_BEFORE_HANDOVER = Text(
    "The duplicate of plate %(plate)s no longer counts as issued.",
    "Дубликат ГРНЗ %(plate)s более не считается выданным.",
    "%(plate)s МТНБ телнұсқасы берілген болып саналмайды.",
)
AT_THE_PRESS = Text(
    "The pieces of plate %(plate)s that the press is making (%(n)d) are no longer needed: they are not made, or "
    "destroyed by two people when they arrive.",
    "Знаки %(plate)s, которые изготавливаются (%(n)d), более не нужны: они не изготавливаются либо уничтожаются двумя "
    "сотрудниками по поступлении.",
    "Жасалып жатқан %(plate)s белгілері (%(n)d) енді қажет емес: олар жасалмайды не келіп түскен соң екі қызметкер "
    "жояды.",
)
IN_THE_OFFICE = Text(
    "The pieces of plate %(plate)s that have arrived (%(n)d) are put aside to be destroyed by two people.",
    "Поступившие знаки %(plate)s (%(n)d) отложены для уничтожения двумя сотрудниками.",
    "Келіп түскен %(plate)s белгілері (%(n)d) екі қызметкердің жоюы үшін бөлек қойылды.",
)
CANCELLED = Text(
    "The pieces of plate %(plate)s that were not ordered yet are no longer made.",
    "Ещё не заказанные знаки %(plate)s изготавливаться не будут.",
    "%(plate)s МТНБ әлі тапсырыс берілмеген белгілері жасалмайды.",
)


def name_of(piece: PlatePlace, details: DuplicateDetails, *, old: bool) -> Text:
    """What the piece is called on papers; a single plate of a motorcycle or trailer is neither front nor rear."""
    if details.plate is not None and details.plate.format.pieces == 1:
        return OLD_ONLY_PIECE if old else ONLY_PIECE
    return (OLD_PIECES if old else PIECES)[piece]


def issue(application: Application, now: datetime) -> Sequence[Deliverable]:
    """PD.5: record the duplicate; raises DomainError "plates.not_duplicable" when the plate changed meanwhile."""
    plate = require_own_plate(application)
    details: DuplicateDetails = application.duplicate_details
    PlateDuplicate.objects.create(
        application=application, plate=plate, plate_count=details.plate_count, place=details.place, issued_at=now
    )
    return deliverables(details)


def deliverables(details: DuplicateDetails) -> Sequence[Deliverable]:
    number = str(details)
    return [Deliverable(name_of(piece, details, old=False), number) for piece in details.pieces]


def taken_in(application: Application, surrender: Surrender, now: datetime) -> None:
    """Keep in the journal of the office what became of an old piece (PD.8.1, PD.8.2).

    Raises DomainError "plates.stolen" for a stolen one: its number must not go on with a duplicate.
    """
    if surrender.outcome == SurrenderOutcome.STOLEN:
        raise DomainError("plates.stolen", STOLEN_NUMBER, row="PD.9.2")
    noted(
        chain=f"office:{application.office.code}",
        actor=Actor(staff=surrender.recorded_by, label=surrender.recorded_by.short_name),
        action="plate_piece_taken_in",
        now=now,
        changes={
            "plate": surrender.number,
            "piece": surrender.thing,
            "outcome": surrender.outcome,
            "application": application.number,
        },
    )


def undo(application: Application, now: datetime) -> Sequence[Text]:
    """End the duplicate, or what is still to be made of it.

    Raises DomainError "cannot_be_undone" when the plate was duplicated again since.
    """
    number = str(application.duplicate_details)
    duplicate = PlateDuplicate.objects.select_for_update().filter(application=application, revoked_at=None).first()
    if duplicate is not None:
        _end(duplicate, now)
    said = _stopped(stop(application), number)
    if duplicate is not None:
        said.insert(0, _about(UNDONE if application.handed_over_at else UNDONE_BEFORE_HANDOVER, number))
    return said


def _end(duplicate: PlateDuplicate, now: datetime) -> None:
    later = PlateDuplicate.objects.filter(plate=duplicate.plate_id, issued_at__gt=duplicate.issued_at, revoked_at=None)
    if later.exists():
        message = _("A later duplicate of this plate rests on this one; revoke that decision first.")
        raise DomainError("cannot_be_undone", message)
    duplicate.revoked_at = now
    duplicate.save(update_fields=["revoked_at"])


def _stopped(found: Stopped, number: str) -> list[Text]:
    counts = ((CANCELLED, found.cancelled), (AT_THE_PRESS, found.at_press), (IN_THE_OFFICE, found.in_office))
    return [_about(text, number, n) for text, n in counts if n]


def _about(text: Text, number: str, n: int = 0) -> Text:
    said = {"plate": number, "n": n}
    return Text(text.en % said, text.ru % said, text.kk % said)
