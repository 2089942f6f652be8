"""How an act takes blanks of one kind out of a stock (write_offs/acts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise

from applications.papers import OfficePaperKind
from applications.standards import Text
from blanks.models import WRITTEN_OFF, Blank, BlankState
from write_offs.models import Line, WriteOffAct, WriteOffKind
from write_offs.stocks import Listed, Stock, chosen

BECAME: dict[str, Text] = {
    WriteOffKind.SPOILED: Text("spoiled", "испорчены", "бүлінді"),
    WriteOffKind.LOST: Text("lost", "утрачены", "жоғалды"),
    WriteOffKind.STOLEN: Text("stolen", "похищены", "ұрланды"),
}


def stock_of_blanks(
    code: str, title: Promise, paper: OfficePaperKind, *, blanks: type[Blank], lines: type[Line]
) -> Stock:
    """The stock of the kind of blanks in the table of `blanks`, listed on acts in the table of `lines`."""
    everything: Any = blanks._default_manager
    line: Any = lines

    def put_on(act: WriteOffAct, numbers: Sequence[str]) -> None:
        """Set the blanks aside, so that nobody is given one meanwhile. Raises InvalidInputError."""
        # One that is set aside stands on another act, which is what the refusal then says.
        states = {*WRITTEN_OFF[BlankState(act.kind)], BlankState.SET_ASIDE}
        found = chosen(everything.filter(office=act.office_id, state__in=states), numbers)
        line._default_manager.bulk_create(line(act=act, blank=blank) for blank in found)
        everything.filter(write_offs__act=act, state=BlankState.RECEIVED).update(state=BlankState.SET_ASIDE)

    def leave(act: WriteOffAct) -> int:
        states = {*WRITTEN_OFF[BlankState(act.kind)], BlankState.SET_ASIDE} - {BlankState.RECEIVED}
        moved: int = everything.filter(write_offs__act=act, state__in=states).update(state=act.kind)
        return moved

    def give_back(act: WriteOffAct) -> None:
        everything.filter(write_offs__act=act, state=BlankState.SET_ASIDE).update(state=BlankState.RECEIVED)

    def listed(act: WriteOffAct) -> list[Listed]:
        numbers = everything.filter(write_offs__act=act).order_by("number").values_list("number", flat=True)
        return [Listed(number) for number in numbers]

    return Stock(code, title, paper, BECAME, put_on, leave, give_back, listed)
