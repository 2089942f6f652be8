"""Reference data of this app: index, rates and exemptions, from files a lawyer can read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from fees.models import Exemption, MonthlyIndex, Tariff

REFERENCE = Path(settings.BASE_DIR) / "fixtures" / "reference"
MAY_BE_EMPTY = frozenset({"measure_from", "measure_to", "valid_to", "rate"})
Row = TypeVar("Row", MonthlyIndex, Tariff, Exemption)
TARIFF_FILES = ("tariffs.csv", "primary_registration_fee.csv", "recycling_rates.csv")


def load() -> dict[str, int]:
    """Bring index, tariffs and exemptions to what their files say; a row an administrator entered stays. Rows read."""
    tariffs = [row for name in TARIFF_FILES for row in _rows(name)]
    exemptions = [{**row, "applies_to": row["applies_to"].split()} for row in _rows("exemptions.csv")]
    return {
        "monthly indexes": _write(MonthlyIndex, list(_rows("monthly_index.csv")), ("valid_from",)),
        "tariffs": _write(Tariff, tariffs, ("code", "group", "measure_from", "valid_from")),
        "exemptions": _write(Exemption, exemptions, ("code",)),
    }


def _write(model: type[Row], rows: Sequence[dict[str, Any]], key: Sequence[str]) -> int:
    """Add what is missing and correct what differs, told apart by the columns of `key`; returns the rows read."""
    there = {_key(row.__dict__, key): row for row in model._default_manager.all()}
    for row in rows:
        found = there.get(_key(row, key))
        if found is not None and found.edited_by_id is None:
            model._default_manager.filter(pk=found.pk).update(**row)
    model._default_manager.bulk_create(model(**row) for row in rows if _key(row, key) not in there)
    return len(rows)


def _key(row: dict[str, Any], key: Sequence[str]) -> tuple[str, ...]:
    return tuple("" if row[name] is None else str(row[name]) for name in key)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a file; an empty cell of a number or a day is no value."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: value or (None if column in MAY_BE_EMPTY else "") for column, value in row.items()}
