"""Numbers of higher demand: they cost more and are chosen, so the next plate of the stock is never one of them.

Tax Code of 2025, Article 667, point 3, sub-point 7; groups A to C in the former Code since 1 January 2018.
"""

from __future__ import annotations

import re
from datetime import date


def _like(*patterns: str) -> frozenset[str]:
    return frozenset(pattern.replace("d", digit) for pattern in patterns for digit in "123456789")


# The digits of each group; 777 stands in C although the other hundreds of one digit stand in B.
GROUP_C = _like("00d") | {"777"}
GROUP_B = _like("d00", "ddd") - GROUP_C
GROUP_A = _like("0d0") | {"077", "707"}
# The first day of group D (digits that read the same from both ends), of the duty for any number of one's choice,
# and of identical letters with any digits.
CHOICE_FROM = date(2026, 1, 1)

SAME_LETTERS = "same_letters"
CUSTOM = "custom"


def _parts(main: str) -> tuple[str, str]:
    found = re.fullmatch(r"([0-9]{3})([A-Z]*)", main)
    return (found[1], found[2]) if found else ("", "")


def _digits_group(digits: str, on: date) -> str:
    for group, members in (("a", GROUP_A), ("b", GROUP_B), ("c", GROUP_C)):
        if digits in members:
            return f"high_demand_{group}"
    return "high_demand_d" if digits and digits[0] == digits[2] and on >= CHOICE_FROM else ""


def choice_group(main: str, on: date) -> str:
    """The group of the plate duty when a number without its region ("417KZN") is chosen on the day `on`.

    Empty: the duty of an ordinary plate, as for any other number before the choice itself had a price. Only numbers of
    three digits have lists of higher demand.
    """
    digits, letters = _parts(main)
    has_same_letters = len(letters) > 1 and len(set(letters)) == 1
    group = _digits_group(digits, on)
    if group:
        return f"{group}_{SAME_LETTERS}" if has_same_letters else group
    if has_same_letters:
        return SAME_LETTERS
    return CUSTOM if on >= CHOICE_FROM else ""


def is_high_demand(main: str, on: date) -> bool:
    """Whether the characters of a number without its region ("417KZN") are of higher demand on the day `on`."""
    group = choice_group(main, on)
    return group not in {"", CUSTOM} and (group != SAME_LETTERS or on >= CHOICE_FROM)
