"""How an act takes plates out of a stock (write_offs/acts.py)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from applications.papers import OfficePaperKind
from applications.standards import Text
from plates.models import WRITTEN_OFF_AS, Plate, PlateState, VehicleKind, WriteOffLine
from refusals.wording import in_both
from write_offs.models import WriteOffAct, WriteOffKind
from write_offs.stocks import Listed, Stock, chosen

# Where a plate must be to be written off; what is reserved or on a vehicle is not in anybody's cupboard.
FROM = (PlateState.IN_STOCK, PlateState.SURRENDERED, PlateState.TO_DESTROY)


def put_on(act: WriteOffAct, numbers: Sequence[str]) -> None:
    """List plates on a new act and set them aside: they stay where they are, and nobody is given one meanwhile.

    Raises InvalidInputError.
    """
    plates = chosen(Plate.objects.filter(office=act.office_id, state__in=FROM), numbers)
    WriteOffLine.objects.bulk_create(WriteOffLine(act=act, plate=plate) for plate in plates)
    Plate.objects.filter(write_offs__act=act).update(set_aside_by=act)


def leave(act: WriteOffAct) -> int:
    """Bring the plates of a confirmed act into the state of its kind; how many there were."""
    return Plate.objects.filter(write_offs__act=act, state__in=FROM).update(
        set_aside_by=None,
        state=act.kind,
        state_changed_at=act.confirmed_at,
        moved_by=act.confirmed_by,
        moved_because=f"{act.number}: {act.explanation}"[:500],
    )


def give_back(act: WriteOffAct) -> None:
    """The plates of a dropped act are to be had again."""
    Plate.objects.filter(set_aside_by=act).update(set_aside_by=None)


def listed(act: WriteOffAct) -> list[Listed]:
    """The plates of an act by number, each with the kind of vehicle it is for."""
    plates = Plate.objects.filter(write_offs__act=act).select_related("format").order_by("number")
    return [Listed(plate.number, in_both(VehicleKind(plate.format.vehicle_kind).label)) for plate in plates]


STOCK = Stock(
    code=WRITTEN_OFF_AS,
    title=_("plates"),
    paper=OfficePaperKind(
        code="plate_write_off_act",
        name=Text("Act of writing off plates", "Акт о списании ГРНЗ", "МТНБ есептен шығару туралы акт"),
        template="papers/write_off_act.html",
    ),
    became={
        WriteOffKind.DESTROYED: Text("destroyed", "уничтожены", "жойылды"),
        WriteOffKind.LOST: Text("lost", "утрачены", "жоғалды"),
        WriteOffKind.STOLEN: Text("stolen", "похищены", "ұрланды"),
    },
    put_on=put_on,
    leave=leave,
    give_back=give_back,
    listed=listed,
)
