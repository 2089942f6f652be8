"""The report of bad rows: a CSV file that a spreadsheet opens, written row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from django.utils.translation import gettext as _

from legacy.kinds import Kind
from legacy.problems import ROW_PROBLEMS

HEADING = ("file", "line", "code", "reason")


class Report:
    """Counts bad rows by file and reason, and writes each one down with its line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Self:
        # With a byte order mark, or Excel would show Cyrillic as noise.
        self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(HEADING)
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, kind: Kind, line: int, code: str, detail: object, column: str = "") -> None:
        self.counts[kind.file, code] += 1
        self._rows.writerow((kind.file, line, code, reason(kind, code, detail, column)))

    def bad(self, kind: Kind) -> int:
        """How many rows of the file are bad."""
        return sum(count for (file, _code), count in self.counts.items() if file == kind.file)


def reason(kind: Kind, code: str, detail: object, column: str = "") -> str:
    """The sentence in the active language."""
    sentence = str(kind.problems.get(code) or ROW_PROBLEMS[code])
    return sentence % {"detail": detail, "column": column} if "%" in sentence else sentence


def table(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The summary: one line for each file."""
    width = max((len(file) for file in counts), default=0)
    words = _("%(read)s rows read, %(loaded)s loaded, %(known)s known already, %(bad)s bad")
    return [
        f"{file:<{width}}  " + words % {name: f"{count:,}".replace(",", "\u00a0") for name, count in numbers.items()}
        for file, numbers in counts.items()
    ]
