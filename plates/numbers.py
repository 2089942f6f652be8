"""Counting through a series of plates: 998KZN02, 999KZN02, 001KZO02. Pure.

The list of letters that plates leave out was not found, so the series runs through the whole Latin alphabet; a number
that the factory did not make is simply not received.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from plates.models import PlateFormat, RegionPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class SeriesEndsError(ValueError):
    """No number of this format follows."""


def next_number(plate_format: PlateFormat, number: str) -> str:
    """The number after `number` in the same region: digits count first, then the letters, the last one fastest.

    Raises SeriesEndsError when `number` does not have the layout or is the last one of it.
    """
    if not plate_format.fits(number):
        raise SeriesEndsError(number)
    main, region = plate_format.split(number)
    following = _advance(main)
    candidate = f"{region}{following}" if plate_format.region_place == RegionPlace.LEFT else f"{following}{region}"
    if not plate_format.fits(candidate):
        raise SeriesEndsError(number)
    return candidate


def series(plate_format: PlateFormat, first: str, count: int) -> list[str]:
    """`count` numbers in a row from `first` on. Raises SeriesEndsError when the format has not so many."""
    return list(islice(_from(plate_format, first), count))


def _from(plate_format: PlateFormat, first: str) -> Iterator[str]:
    if not plate_format.fits(first):
        raise SeriesEndsError(first)
    number = first
    while True:
        yield number
        number = next_number(plate_format, number)


def _advance(core: str) -> str:
    digits = re.search(r"\d+", core)
    if digits is None:
        raise SeriesEndsError(core)
    width = len(digits[0])
    following = int(digits[0]) + 1
    if following < 10**width:
        return f"{core[: digits.start()]}{following:0{width}d}{core[digits.end() :]}"
    # Digits are used up: they begin again at 1, and the letters after them move on. A letter before the digits is the
    # mark of a format or a region and stays.
    letters = _advance_letters(core[digits.end() :])
    return f"{core[: digits.start()]}{1:0{width}d}{letters}"


def _advance_letters(letters: str) -> str:
    head = letters.rstrip("Z")
    if not head:
        raise SeriesEndsError(letters)
    moved = ALPHABET[ALPHABET.index(head[-1]) + 1]
    return head[:-1] + moved + "A" * (len(letters) - len(head))
