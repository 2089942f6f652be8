"""The common base of the replies that registers give over the wire: strict types, unknown fields ignored."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_REPLY_BYTES = 1_000_000
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
WHITE_SPACE = re.compile(r"\s+")


class Reply(BaseModel):
    """A wrong type or a missing field makes the whole reply nonsense; no register gets the benefit of the doubt.

    So does a text or a number that is longer than what is kept of it: cut, it would say something else.
    """

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def _only_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("money travels as a decimal string, a binary float would not be exact")
    return Decimal(value) if AMOUNT.fullmatch(value) else value


Money = Annotated[Decimal, BeforeValidator(_only_text), Field(ge=0)]


def amount_text(amount: Decimal) -> str:
    """Tenge as findings carry it: whole amounts without a fraction, others with two digits."""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def day_text(day: date | None) -> str:
    """A day as findings carry it: ISO, or empty if the register does not say."""
    return day.isoformat() if day else ""


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two vehicle or document numbers are the same, whatever their case and spaces; empty ones never are."""
    return bool(one and other) and compact(one) == compact(other)


def compact(number: str | None) -> str:
    """A number as it is compared: upper case without white space."""
    return WHITE_SPACE.sub("", number or "").upper()
