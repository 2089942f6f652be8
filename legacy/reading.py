"""Rows of a file, one at a time whatever its size, or the sentence that says why it is none of ours."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from legacy.values import Wrong

# No line that we know is longer than 3,000 characters; what has no line ends is no such file.
LONGEST_LINE = 64 * 1024
Row = tuple[int, list[str]]


class FileTrouble(Exception):
    """A file that cannot be read at all; nothing of the folder is loaded."""


def digest(path: Path) -> str:
    """SHA-256 of the file's contents."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows(path: Path, names: Sequence[str], bad: Callable[[int, Wrong], None]) -> Iterator[Row]:
    """Each row with the line it begins on, its values stripped and in the order of `names`.

    A row that has another number of values, or a NUL byte, goes to `bad`. Raises FileTrouble.
    """
    with path.open("rb") as raw:
        lines = _Lines(path, raw)
        reader = csv.reader(lines, strict=True)
        try:
            heading = next(reader, None)
            order = _order(path, heading, names)
            count = len(order)
            line = reader.line_num + 1
            for values in reader:
                if len(values) != count:
                    if values:
                        bad(line, Wrong("fields", f"{len(values)} – {count}"))
                elif any("\0" in value for value in values):
                    bad(line, Wrong("nul"))
                else:
                    yield line, [values[place].strip() for place in order]
                line = reader.line_num + 1
        except csv.Error as error:
            message = _("%(file)s, line %(line)d: the quotation marks do not match (%(error)s). Export the file again.")
            named = {"file": path.name, "line": line if heading else 1, "error": error}
            raise FileTrouble(message % named) from error


class _Lines:
    """The lines of a UTF-8 file, with or without a byte order mark, none longer than anybody needs."""

    def __init__(self, path: Path, raw: io.BufferedReader) -> None:
        self.path = path
        self.line = 0
        self.text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.line += 1
        try:
            line = self.text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            message = _(
                "%(file)s is not in UTF-8 (near line %(line)d); it may be in Windows-1251. Save it as “CSV UTF-8”, or: "
                "iconv -f CP1251 -t UTF-8"
            )
            raise FileTrouble(message % {"file": self.path.name, "line": self.line}) from error
        if len(line) == LONGEST_LINE:
            message = _(
                "%(file)s, line %(line)d is longer than %(most)d characters: this is not a table with line ends."
            )
            raise FileTrouble(message % {"file": self.path.name, "line": self.line, "most": LONGEST_LINE})
        if not line:
            raise StopIteration
        return line


def _order(path: Path, heading: list[str] | None, names: Sequence[str]) -> list[int]:
    """The place of each name in the heading. Raises FileTrouble for a missing, strange or doubled column."""
    found = [name.strip() for name in heading or []]
    if not any(found):
        raise FileTrouble(_("%(file)s is empty: the first line must name the columns.") % {"file": path.name})
    if len(found) == 1 and ";" in found[0]:
        message = _("The columns of %(file)s are separated by semicolons. Save it with commas.")
        raise FileTrouble(message % {"file": path.name})
    if missing := [name for name in names if name not in found]:
        message = _("%(file)s has no column %(names)s. A column may be empty, but it must be there.")
        raise FileTrouble(message % {"file": path.name, "names": ", ".join(missing)})
    if strange := [name[:40] for name in found if name not in names]:
        message = _("%(file)s has columns that are not known: %(names)s. Correct the name, or take the column out.")
        raise FileTrouble(message % {"file": path.name, "names": ", ".join(strange)})
    if len(found) != len(names):
        raise FileTrouble(_("%(file)s names a column twice.") % {"file": path.name})
    return [found.index(name) for name in names]
