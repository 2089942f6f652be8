"""The act by which plates are written off, as a signed paper of the office with a code that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from applications.models import Paper
from applications.papers import OfficePaperKind, order_of_office
from applications.standards import Text
from offices.models import Role, Staff
from plates.models import Plate, VehicleKind, WriteOffAct, WriteOffKind
from refusals.wording import in_both

ACT = OfficePaperKind(
    code="plate_write_off_act",
    name=Text("Act of writing off plates", "Акт о списании ГРНЗ", "МТНБ есептен шығару туралы акт"),
    template="papers/write_off_act.html",
)
BECAME = {
    WriteOffKind.DESTROYED: Text("destroyed", "уничтожены", "жойылды"),
    WriteOffKind.LOST: Text("lost", "утрачены", "жоғалды"),
    WriteOffKind.STOLEN: Text("stolen", "похищены", "ұрланды"),
}
COLUMNS = 3


def paper_of(act: WriteOffAct) -> Paper | None:
    """The paper of the act, being made or ready; None for one that has none."""
    return Paper.objects.filter(kind=ACT.code, number=act.number, application=None).first()


def order_paper(act: WriteOffAct, now: datetime) -> Paper:
    """Have the act printed, inside the transaction that closes it."""
    content = act_content(act)
    subject = ",".join(item["number"] for row in content["rows"] for item in row)
    return order_of_office(office=act.office, kind=ACT, number=act.number, content=content, subject=subject, now=now)


def act_content(act: WriteOffAct) -> dict[str, Any]:
    """What the act prints: became {ru, kk}, explanation, rows [[{order, number, vehicle {ru, kk}}]] in three columns,
    count, drawn_up and confirmed {by, role {ru, kk}, at (ISO instant)}.

    Raises ValueError for an act that nobody confirmed.
    """
    if act.confirmed_by is None or act.confirmed_at is None:
        raise ValueError("Only an act that two people have signed is printed.")
    plates = list(Plate.objects.filter(write_offs__act=act).select_related("format").order_by("number"))
    became = BECAME[WriteOffKind(act.kind)]
    return {
        "became": {"ru": became.ru, "kk": became.kk},
        "explanation": act.explanation,
        "rows": list(_rows(plates)),
        "count": len(plates),
        "drawn_up": _signer(act.drawn_up_by, act.drawn_up_at),
        "confirmed": _signer(act.confirmed_by, act.confirmed_at),
    }


def _rows(plates: list[Plate]) -> Iterable[list[dict[str, Any]]]:
    """The plates by number, read along the rows."""
    lines = [
        {"order": place, "number": plate.number, "vehicle": in_both(VehicleKind(plate.format.vehicle_kind).label)}
        for place, plate in enumerate(plates, start=1)
    ]
    for start in range(0, len(lines), COLUMNS):
        yield lines[start : start + COLUMNS]


def _signer(staff: Staff, at: datetime) -> dict[str, Any]:
    return {
        "by": staff.full_name,
        "short": staff.short_name,
        "role": in_both(Role(staff.role).label),
        "at": timezone.localtime(at).isoformat(),
    }
