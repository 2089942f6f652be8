"""Numbers of higher demand: they cost more and are chosen, so the next plate of the stock is never one of them.

Tax Code of 2025, Article 667, point 3, sub-point 7; groups A to C in the former Code since 1 January 2018.
"""

from __future__ import annotations

import re
from datetime import date

# Groups A, B and C: 010 … 090, 100 … 900, 111 … 999, 001 … 009, and two more.
SINCE_2018 = frozenset(
    {"077", "707", *(pattern.replace("d", digit) for pattern in ("0d0", "d00", "ddd", "00d") for digit in "123456789")}
)
# The first day of group D (digits that read the same from both ends) and of identical letters with any digits.
PALINDROMES_FROM = date(2026, 1, 1)


def is_high_demand(main: str, on: date) -> bool:
    """Whether the characters of a number without its region ("417KZN") are of higher demand on the day `on`.

    Only numbers of three digits have such lists.
    """
    parts = re.fullmatch(r"(\d{3})([A-Z]*)", main)
    if parts is None:
        return False
    digits, letters = parts.groups()
    if digits in SINCE_2018:
        return True
    has_same_letters = len(letters) > 1 and len(set(letters)) == 1
    return on >= PALINDROMES_FROM and (digits[0] == digits[2] or has_same_letters)
