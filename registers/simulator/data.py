"""The simulator's data: CSV tables that a lawyer can read, with days told relative to today where time matters.

`today-40` and `today+30` are days, `this year-2` is a year; they are worked out anew for every question.
"""

import csv
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

TABLES = (
    "people",
    "foreigners",
    "organisations",
    "vehicles",
    "passports",
    "fines",
    "wanted_persons",
    "wanted_vehicles",
    "sanctions",
    "restrictions",
    "foreign_registrations",
    "recycling_certificates",
    "recycling_corrections",
    "recycling_exemptions",
    "temporary_imports",
    "medical_certificates",
    "driving_courses",
    "exams",
    "deprivations",
    "troubles",
)
KAZAKHSTAN = timezone(timedelta(hours=5))
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "registers"
_DAY = re.compile(r"today(?P<shift>[+-]\d+)?")
_YEAR = re.compile(r"this year(?P<shift>-\d+)?")

Row = dict[str, str]


class Data:
    """All tables of one folder, read once. Raises FileNotFoundError if one is missing."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self._tables = {name: _read(folder / f"{name}.csv") for name in TABLES}

    def rows(self, table: str, **wanted: str) -> list[Row]:
        """The rows of a table whose columns have the wanted values, with days and years worked out."""
        today = datetime.now(KAZAKHSTAN).date()
        return [
            {column: resolve(value, today) for column, value in row.items()}
            for row in self._tables[table]
            if all(row[column] == value for column, value in wanted.items())
        ]

    def first(self, table: str, **wanted: str) -> Row | None:
        """The first such row, or None."""
        return next(iter(self.rows(table, **wanted)), None)

    def vehicle(self, question: dict[str, str]) -> Row | None:
        """The vehicle that has any of the numbers in the question."""
        for row in self._tables["vehicles"]:
            for column in ("vin", "body_number", "chassis_number", "plate"):
                if row[column] and row[column] == question.get(column):
                    return self.first("vehicles", id=row["id"])
        return None


def resolve(value: str, today: date) -> str:
    """A cell with `today…` as an ISO day or `this year…` as a year; any other text as it is."""
    if day := _DAY.fullmatch(value):
        return (today + timedelta(days=int(day["shift"] or 0))).isoformat()
    if year := _YEAR.fullmatch(value):
        return str(today.year + int(year["shift"] or 0))
    return value


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
