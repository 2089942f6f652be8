"""Application numbers: office, year, sequence, check digit – 0201-26-004178-3."""

from __future__ import annotations

import re

from django.db import connection

from applications.models import NumberSequence
from offices.models import Office

KEY = re.compile(r"[0-9]{1,18}")
# One statement, so that two front desks of one office opening drafts at once never read the same number.
NEXT = """
INSERT INTO {table} (office_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (office_id, year) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""


def check_digit(digits: str) -> str:
    """The Luhn digit of `digits`: catches every single wrong digit and nearly every swap of neighbours."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def next_number(office: Office, year: int) -> str:
    """A number never given before; unique, not gapless: an abandoned transaction leaves a hole."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=NumberSequence._meta.db_table), [office.pk, year])
        (sequence,) = cursor.fetchone()
    body = f"{office.code}{year % 100:02d}{sequence:06d}"
    return f"{body[:4]}-{body[4:6]}-{body[6:]}-{check_digit(body)}"


def is_number(text: str) -> bool:
    """Whether `text`, with or without dashes, is a well-formed number whose check digit is right."""
    digits = text.replace("-", "").replace(" ", "")
    return len(digits) == 13 and digits.isdecimal() and check_digit(digits[:-1]) == digits[-1]


def normalise_number(text: str) -> str:
    """The number as stored, from what a person typed. Raises ValueError when it is none."""
    digits = text.replace("-", "").replace(" ", "")
    if not is_number(digits):
        raise ValueError(text)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:12]}-{digits[12]}"


def row_key(text: str) -> int | None:
    """The key of a row as a page sends it back; None for anything else, digits without end and of other scripts too."""
    return int(text) if KEY.fullmatch(text) else None
