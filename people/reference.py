"""Reference data of this app: from which ages people act for themselves."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings

from people.models import CapacityAge

FILE = Path("fixtures", "reference", "capacity_ages.csv")


def load() -> dict[str, int]:
    """Add the ages still missing; a row that is there may carry an administrator's correction and stays."""
    with (Path(settings.BASE_DIR) / FILE).open(encoding="utf-8", newline="") as file:
        ages = [CapacityAge(**row) for row in csv.DictReader(file)]
    CapacityAge.objects.bulk_create(ages, ignore_conflicts=True)
    return {"ages of capacity": len(ages)}
