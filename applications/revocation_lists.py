"""Reading a list of application numbers for a bulk reversal: CSV with the number in its first column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.models import Application
from applications.numbers import normalise_number
from applications.states import REVOCABLE_STATES
from offices.models import Staff

MOST_LINES = 100_000
LONGEST_SHOWN = 60
# Why a line names nothing that can be withdrawn, by the code that the batch keeps.
PROBLEMS = {
    "no_number": _("This is no application number, or one of its digits is wrong."),
    "unknown": _("There is no such application among those you can see."),
    "no_decision": _("No decision stands on this application."),
    "twice": _("The number stands in the list already."),
}


@dataclass
class Listed:
    """What a list names: the applications, and each line that names none, with why."""

    applications: list[int] = field(default_factory=list)
    bad_lines: list[dict[str, object]] = field(default_factory=list)


def read(content: bytes, staff: Staff) -> Listed:
    """The decisions of the list that `staff` may see. A first line without any digit is a heading.

    Raises InvalidInputError for a file that is no text, is too long, or names no decision at all.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError({"numbers": _("The file is no text in UTF-8. Save it as CSV (UTF-8).")}) from error
    lines = list(numbered(text))
    if len(lines) > MOST_LINES:
        message = _("The list has more than %(most)d lines. Divide it.")
        raise InvalidInputError({"numbers": message % {"most": MOST_LINES}})
    listed = sorted_out(lines, staff)
    if not listed.applications:
        raise InvalidInputError({"numbers": _("No line of the file names a decision that can be withdrawn.")})
    return listed


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The first column of each line that has one, with the number of the line."""
    delimiter = next((mark for mark in ";\t" if mark in text), ",")
    for place, columns in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        first = columns[0].strip() if columns else ""
        is_heading = place == 1 and not any(sign.isdigit() for sign in first)
        if first and not is_heading:
            yield place, first


def sorted_out(lines: list[tuple[int, str]], staff: Staff) -> Listed:
    """Each line led to its application, or to why not; one query however long the list."""
    numbers = {place: normalised(typed) for place, typed in lines}
    found = Application.objects.visible_to(staff).filter(number__in=set(numbers.values()))
    known = {number: (pk, state) for number, pk, state in found.values_list("number", "pk", "state")}
    listed, seen = Listed(), set()
    for place, typed in lines:
        number = numbers[place]
        pk, state = known.get(number, (0, ""))
        problem = problem_of(number, pk, state, is_seen=number in seen)
        seen.add(number)
        if problem:
            listed.bad_lines.append({"line": place, "text": typed[:LONGEST_SHOWN], "problem": problem})
        else:
            listed.applications.append(pk)
    return listed


def problem_of(number: str, pk: int, state: str, *, is_seen: bool) -> str:
    """The code of PROBLEMS, or nothing."""
    if not number:
        return "no_number"
    if is_seen:
        return "twice"
    if not pk:
        return "unknown"
    return "" if state in REVOCABLE_STATES else "no_decision"


def normalised(typed: str) -> str:
    try:
        return normalise_number(typed)
    except ValueError:
        return ""
