"""Reference data of this app: index, rates and exemptions, from files a lawyer can read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from fees.models import Exemption, MonthlyIndex, Tariff

REFERENCE = Path(settings.BASE_DIR) / "fixtures" / "reference"
MAY_BE_EMPTY = frozenset({"measure_from", "measure_to", "valid_to", "rate"})
Row = TypeVar("Row", MonthlyIndex, Tariff, Exemption)
TARIFF_FILES = ("tariffs.csv", "primary_registration_fee.csv", "recycling_rates.csv")


def load() -> dict[str, int]:
    """Bring index, tariffs and exemptions to what their files say; a row an administrator entered stays. Rows read."""
    indexes = list(_rows("monthly_index.csv"))
    for row in indexes:
        _write(MonthlyIndex.objects.filter(valid_from=row["valid_from"]), row)
    tariffs = [row for name in TARIFF_FILES for row in _rows(name)]
    for row in tariffs:
        key = {name: row[name] for name in ("code", "group", "measure_from", "valid_from")}
        _write(Tariff.objects.filter(**key), row)
    exemptions = list(_rows("exemptions.csv"))
    for row in exemptions:
        _write(Exemption.objects.filter(code=row["code"]), {**row, "applies_to": row["applies_to"].split()})
    return {"monthly indexes": len(indexes), "tariffs": len(tariffs), "exemptions": len(exemptions)}


def _write(same: models.QuerySet[Row], row: dict[str, Any]) -> None:
    if not same.exists():
        same.model._default_manager.create(**row)
    else:
        same.filter(edited_by__isnull=True).update(**row)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a file; an empty cell of a number or a day is no value."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: value or (None if column in MAY_BE_EMPTY else "") for column, value in row.items()}
