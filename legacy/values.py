"""Reading one value of a file: what PostgreSQL will take, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from people.identifiers import IdentifierError

EARLIEST = "1900-01-01"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE, DECIMAL = re.compile(r"-?[0-9]{1,20}"), re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
YES = {"yes": "t", "no": "f", "": "f"}

# Takes the stripped text of a cell; gives the text that PostgreSQL will store, None for NULL, or raises Wrong.
Read = Callable[[str], str | None]


class Wrong(Exception):
    """What is wrong: a code of legacy.problems, the detail that its sentence names, and the column if it is one."""

    def __init__(self, code: str, detail: object = "", column: str = "") -> None:
        super().__init__(code)
        self.code, self.detail, self.column = code, detail, column


def text(longest: int, *, required: bool = True) -> Read:
    """Any text, "" where nothing is required."""

    def read(value: str) -> str:
        if required and not value:
            raise Wrong("required")
        if len(value) > longest:
            raise Wrong("too_long", longest)
        return value

    return read


def one_of(values: Iterable[str], *, default: str | None = None) -> Read:
    """One of `values`; `default` stands for an empty cell."""
    known = {value: value for value in values}
    if default is not None:
        known[""] = default

    def read(value: str) -> str:
        try:
            return known[value]
        except KeyError:
            raise Wrong("choice", ", ".join(item for item in known if item)) from None

    return read


def yes_or_no(value: str) -> str:
    """ "yes" or "no"; an empty cell is a no."""
    try:
        return YES[value]
    except KeyError:
        raise Wrong("choice", "yes, no") from None


def number(least: int, most: int, *, required: bool = True, decimals: bool = False) -> Read:
    """A number from `least` to `most`, whole unless `decimals`."""

    def read(value: str) -> str | None:
        if not value:
            if required:
                raise Wrong("required")
            return None
        # Decimal takes NaN for a number, too, and no comparison with it ends well.
        if not (DECIMAL if decimals else WHOLE).fullmatch(value):
            raise Wrong("number")
        parsed = Decimal(value)
        if not least <= parsed <= most:
            raise Wrong("number_range", f"{least} – {most}")
        return str(parsed)

    return read


def day(*, required: bool = True, future: bool = False) -> Read:
    """A day since 1900, not after today unless `future`."""
    known: dict[str, str] = {}

    def read(value: str) -> str | None:
        if value in known:
            return known[value]
        if not value:
            if required:
                raise Wrong("required")
            return None
        _check_day(value, "9999-12-31" if future else timezone.localdate().isoformat())
        if len(known) < 50_000:
            known[value] = value
        return value

    return read


def _check_day(value: str, latest: str) -> None:
    try:
        if not DATE.fullmatch(value):
            raise Wrong("date")
        date.fromisoformat(value)
    except ValueError:
        raise Wrong("date") from None
    if value < EARLIEST:
        raise Wrong("date_early")
    if value > latest:
        raise Wrong("date_future")


def identifier(parse: Callable[[str], object], *, required: bool = True) -> Read:
    """What `parse` of people.identifiers takes: an IIN, a BIN, a VIN. The parsed value, or its text where it is one."""

    def read(value: str) -> str | None:
        if not value:
            if required:
                raise Wrong("required")
            return None
        try:
            parsed = parse(value)
        except IdentifierError as error:
            raise Wrong("identifier", error.message) from error
        return parsed if isinstance(parsed, str) else str(getattr(parsed, "value", value))

    return read
