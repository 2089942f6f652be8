"""The kinds of numbered blanks that an office keeps, and how many of each are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import licensing.blanks
import registration.blanks
from blanks.models import BlankState
from blanks.stock import BlankStock, Series
from offices.models import Office

# What is left is called low below this: a supply takes days.
LOW_BLANKS = 20


@dataclass(frozen=True)
class Level:
    """How much is left, in a word with its tone: late, risk or calm."""

    tone: str
    word: str


@dataclass(frozen=True)
class BlankKind:
    """One kind: its stock, the URL name of its delivery, the code of the stock on acts, and its words."""

    stock: BlankStock[Any]
    receive: str
    write_offs: str
    question: str | Promise
    table: str | Promise
    waits: str | Promise


KINDS = {
    "srts": BlankKind(
        registration.blanks.STOCK,
        "desk:receive_blanks",
        registration.blanks.WRITE_OFFS.code,
        gettext_lazy("Which SRTS blanks are left?"),
        gettext_lazy("SRTS blanks by series: received, and where they are now"),
        gettext_lazy("waits for a blank"),
    ),
    "licence": BlankKind(
        licensing.blanks.STOCK,
        "desk:receive_licence_blanks",
        licensing.blanks.WRITE_OFFS.code,
        gettext_lazy("Which licence blanks are left?"),
        gettext_lazy("Licence blanks by series: received, and where they are now"),
        gettext_lazy("waits for a licence blank"),
    ),
}


@dataclass(frozen=True)
class BlankShelf:
    """The blanks of one kind at an office, by series."""

    kind: BlankKind
    series: list[Series]
    level: Level


def blank_shelves(office: Office) -> list[BlankShelf]:
    """Every kind with what is left of it; one query a kind."""
    shelves = []
    for kind in KINDS.values():
        series = kind.stock.by_series(office)
        left = sum(item.by_state[BlankState.RECEIVED] for item in series)
        shelves.append(BlankShelf(kind, series, level(left, LOW_BLANKS)))
    return shelves


def level(left: int, low: int) -> Level:
    if left == 0:
        return Level("late", _("none left"))
    if left < low:
        return Level("risk", ngettext("%(n)d left, order more", "%(n)d left, order more", left) % {"n": left})
    return Level("calm", _("enough"))
