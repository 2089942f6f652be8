"""How an act takes pieces that nobody needs, or that came faulty, out of an office (write_offs/acts.py).

They are listed by their keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.papers import OfficePaperKind
from applications.standards import Text
from plates.models import DESTROYED_AS, TO_BE_DESTROYED, ItemState, PieceLine, PlateOrderItem, PlatePlace
from refusals.wording import in_both
from write_offs.models import WriteOffAct, WriteOffKind
from write_offs.stocks import Listed, Stock


def put_on(act: WriteOffAct, keys: Sequence[str]) -> None:
    """List pieces that are put aside on a new act. Raises DomainError "plates.not_put_aside"."""
    pieces = PlateOrderItem.objects.select_for_update(of=("self",)).filter(
        pk__in=[int(key) for key in keys],
        order__office=act.office_id,
        state__in=TO_BE_DESTROYED,
        destruction_asked_by__isnull=True,
    )
    found = list(pieces)
    if not found or len(found) != len(set(keys)):
        raise not_put_aside()
    PieceLine.objects.bulk_create(PieceLine(act=act, item=item) for item in found)
    _on(act).update(destruction_asked_by=act.drawn_up_by)


def not_put_aside() -> DomainError:
    return DomainError("plates.not_put_aside", _("Some of these are no longer put aside. Look at what is there now."))


def leave(act: WriteOffAct) -> int:
    """The second person has seen the pieces of the act destroyed; how many there were."""
    return (
        _on(act)
        .filter(state__in=TO_BE_DESTROYED)
        .update(state=ItemState.DESTROYED, destroyed_by=act.confirmed_by, destroyed_at=act.confirmed_at)
    )


def give_back(act: WriteOffAct) -> None:
    """The pieces wait to be put before somebody anew."""
    _on(act).filter(state__in=TO_BE_DESTROYED).update(destruction_asked_by=None)


def listed(act: WriteOffAct) -> list[Listed]:
    """The pieces of an act by number and place, each with its place and order."""
    pieces = _on(act).select_related("plate", "order").order_by("plate__number", "place", "pk")
    return [Listed(piece.plate.number, _about(piece), _which(piece)) for piece in pieces]


def _which(piece: PlateOrderItem) -> str:
    return f"{PlatePlace(piece.place).label} · {piece.order}"


def _about(piece: PlateOrderItem) -> dict[str, str]:
    """The place in both languages, and the order once, behind the second."""
    place = in_both(PlatePlace(piece.place).label)
    return {**place, "ru": f"{place['ru']} · {piece.order}"}


def _on(act: WriteOffAct) -> QuerySet[PlateOrderItem]:
    return PlateOrderItem.objects.filter(write_offs__act=act)


STOCK = Stock(
    code=DESTROYED_AS,
    title=_("pieces of plates"),
    paper=OfficePaperKind(
        code="plate_piece_write_off_act",
        name=Text(
            "Act of destroying pieces of plates",
            "Акт об уничтожении изготовленных знаков",
            "Дайындалған белгілерді жою туралы акт",
        ),
        template="papers/piece_write_off_act.html",
    ),
    became={WriteOffKind.DESTROYED: Text("destroyed", "уничтожены", "жойылды")},
    put_on=put_on,
    leave=leave,
    give_back=give_back,
    listed=listed,
)
