"""The stocks that acts write off from: each is plugged in by the app that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError, InvalidInputError
from applications.papers import OfficePaperKind, plug_in_paper
from applications.standards import Text
from people.identifiers import normalise_plate
from write_offs.models import WriteOffAct

MOST_AT_ONCE = 500

AnyThing = TypeVar("AnyThing", bound=Model)


@dataclass(frozen=True)
class Listed:
    """A thing on an act: its number, what the paper says of it in small print ({"ru", "kk"}; none: nothing), and what
    the page says beside it in the reader's language, where the number alone does not tell which one it is.
    """

    number: str
    about: Mapping[str, str] | None = None
    which: str = ""


@dataclass(frozen=True)
class Stock:
    """A stock of numbered things, and how an act takes hold of them. Every function runs in the act's transaction.

    `became` is what an act may say of them: a kind (WriteOffKind) → its word on the paper.
    `put_on` lists things by number on a new act and raises InvalidInputError that names those it cannot.
    `leave` moves all of them into the state of the act's kind, and returns how many it could.
    `give_back` undoes what `put_on` did, when the act is dropped.
    """

    code: str
    title: Promise
    paper: OfficePaperKind
    became: Mapping[str, Text]
    put_on: Callable[[WriteOffAct, Sequence[str]], None]
    leave: Callable[[WriteOffAct], int]
    give_back: Callable[[WriteOffAct], None]
    listed: Callable[[WriteOffAct], list[Listed]]


_plugged: dict[str, Stock] = {}


def plug_in(stock: Stock) -> None:
    """Called by the AppConfig.ready() of the app that keeps the stock."""
    _plugged[stock.code] = stock
    plug_in_paper(stock.paper)


def stock_of(code: str) -> Stock:
    """The stock of that code. Raises DomainError 404 for none."""
    if code not in _plugged:
        raise DomainError("not_found", _("There is no such stock."), status=404)
    return _plugged[code]


def all_stocks() -> list[Stock]:
    """The stocks plugged in."""
    return list(_plugged.values())


def chosen(things: QuerySet[AnyThing], numbers: Sequence[str]) -> list[AnyThing]:
    """Those of `things` that have these numbers, in any writing, locked.

    `things` are those of the office that an act may list now; their lines are `write_offs`.
    Raises InvalidInputError for none or too many, and names those that are not among them or stand on another open act.
    """
    compact = sorted({normalise_plate(number) for number in numbers if number.strip()})
    if not 0 < len(compact) <= MOST_AT_ONCE:
        message = _("An act has at least one number and at most %(most)d.") % {"most": MOST_AT_ONCE}
        raise InvalidInputError({"numbers": message})
    found: list[Any] = list(things.select_for_update(of=("self",)).filter(number__in=compact).order_by("number"))
    wrong = sorted(set(compact) - {thing.number for thing in found})
    if wrong:
        message = _("These are not in this stock now: %(numbers)s.") % {"numbers": ", ".join(wrong[:5])}
        raise InvalidInputError({"numbers": message})
    keys = [thing.pk for thing in found]
    is_open = {"write_offs__act__confirmed_at": None, "write_offs__act__dropped_at": None}
    # Without the last condition a thing on no act at all would be found, too: the join leaves its act empty.
    waiting = things.filter(pk__in=keys, **is_open, write_offs__act__isnull=False)
    twice = sorted(set(waiting.values_list("number", flat=True)))
    if twice:
        named = {"numbers": ", ".join(twice[:5])}
        says = _("These stand on another act that waits for its second person: %(numbers)s.") % named
        raise InvalidInputError({"numbers": says})
    return found
