"""How the demo portal writes days, instants and money; the filters of its templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()
# The rows of the law that the API names for developers and officers: (VR.8.3e), (PD.8.2, PD.9.2), (VR-2), or: VR.9.7.
ROW = r"(?:VR|PD|DL|CC|LAW)[.-][0-9A-Za-z.]+"
ROWS = re.compile(rf"\s*\({ROW}(?:, {ROW})*\)|: {ROW}(?:, {ROW})*$")


@register.filter
def plain_words(text: str) -> str:
    """A sentence of the API without the rows of the law."""
    return ROWS.sub("", text)


@register.filter
def moment(told: str | None) -> str:
    """An instant of the API in Kazakhstan's time: 28.11.2026 14:05."""
    return f"{timezone.localtime(datetime.fromisoformat(told)):%d.%m.%Y %H:%M}" if told else "—"


@register.filter
def tenge(amount: str | None) -> str:
    """A decimal text of the API as people write money: 1 081,25 ₸."""
    if amount is None:
        return "—"
    whole, fraction = f"{Decimal(amount):.2f}".split(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{grouped}{',' + fraction if fraction != '00' else ''}\N{NO-BREAK SPACE}₸"


@register.filter
def plain(value: Any) -> str:
    """A value of the text that is signed, as a person reads it."""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value) or "—"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(item)}" for name, item in value.items()) or "—"
    if isinstance(value, bool):
        return "✓" if value else "—"
    return "—" if value in (None, "") else _day(str(value))


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}" if len(text) == len("2026-11-28") else text
    except ValueError:
        return text


@register.filter
def word(w: Mapping[str, str], name: str) -> str:
    """One of the portal's words, by a name that is put together."""
    return w[name]
