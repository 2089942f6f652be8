"""The act by which things are written off, as a signed paper of the office with a code that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from applications.models import Paper
from applications.papers import order_of_office
from offices.models import Role, Staff
from refusals.wording import in_both
from write_offs.models import WriteOffAct
from write_offs.stocks import Listed, stock_of

COLUMNS = 3


def paper_of(act: WriteOffAct) -> Paper | None:
    """The paper of the act, being made or ready; None for one that has none."""
    return Paper.objects.filter(kind=stock_of(act.stock).paper.code, number=act.number, application=None).first()


def order_paper(act: WriteOffAct, now: datetime) -> Paper:
    """Have the act printed, inside the transaction that closes it."""
    content = act_content(act)
    kind = stock_of(act.stock).paper
    subject = ",".join(item["number"] for row in content["rows"] for item in row)
    return order_of_office(office=act.office, kind=kind, number=act.number, content=content, subject=subject, now=now)


def act_content(act: WriteOffAct) -> dict[str, Any]:
    """What the act prints: became {ru, kk}, explanation, rows [[{order, number, about {ru, kk} or None}]] in three
    columns, count, drawn_up and confirmed {by, role {ru, kk}, at (ISO instant)}.

    Raises ValueError for an act that nobody confirmed.
    """
    if act.confirmed_by is None or act.confirmed_at is None:
        raise ValueError("Only an act that two people have signed is printed.")
    stock = stock_of(act.stock)
    things = stock.listed(act)
    return {
        "became": in_both(stock.became[act.kind]),
        "explanation": act.explanation,
        "rows": list(_rows(things)),
        "count": len(things),
        "drawn_up": _signer(act.drawn_up_by, act.drawn_up_at),
        "confirmed": _signer(act.confirmed_by, act.confirmed_at),
    }


def _rows(things: list[Listed]) -> Iterable[list[dict[str, Any]]]:
    """The things by number, read along the rows."""
    lines = [
        {"order": place, "number": thing.number, "about": thing.about and dict(thing.about)}
        for place, thing in enumerate(things, start=1)
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
