"""Reference data of this app: the regions, and the days on which the holidays library needs a word from us."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from offices.models import CalendarException, Region, TermGroup

REFERENCE = Path(settings.BASE_DIR) / "fixtures" / "reference"


def load() -> dict[str, int]:
    """Bring the regions to what their file says and add the calendar exceptions still missing; rows read of each."""
    return {"regions": _load_regions(), "calendar exceptions": _load_calendar_exceptions()}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a heading line."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def names(row: dict[str, str]) -> dict[str, str]:
    """The three name columns of a row."""
    return {column: row[column] for column in ("name_en", "name_ru", "name_kk")}


def _load_regions() -> int:
    regions = [
        Region(code=row["code"], term_group=TermGroup(row["term_group"]), **names(row))
        for row in rows(REFERENCE / "regions.csv")
    ]
    Region.objects.bulk_create(
        regions,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_en", "name_ru", "name_kk", "term_group"],
    )
    return len(regions)


def _load_calendar_exceptions() -> int:
    exceptions = [
        CalendarException(date=row["date"], is_working=row["is_working"] == "yes", basis=row["basis"], **names(row))
        for row in rows(REFERENCE / "calendar_exceptions.csv")
    ]
    # A day that is there already may carry an administrator's correction, which must outlive a restart.
    CalendarException.objects.bulk_create(exceptions, ignore_conflicts=True)
    return len(exceptions)
