"""Is the entry of a list about the person or organisation asked about? Number first, then name and birth date.

Many entries carry no IIN. A person who only shares name and birth date with such an entry is neither cleared nor
refused by a machine: a human compares (VR.9.5, VR.9.6, PD.9.5, PD.9.6).
"""

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Protocol, TypeVar

from registers.answers import Finding, Json, Outcome, Verdict

SPACES_AND_QUOTES = re.compile(r"[\s\"'«»„“”.,-]+")


class Match(Enum):
    """How surely an entry is about the one asked."""

    SAME = "same"
    POSSIBLE = "possible"
    OTHER = "other"


class Subject(Protocol):
    """Who is asked about; the full name of an organisation stands in `surname`."""

    @property
    def surname(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def patronymic(self) -> str: ...
    @property
    def birth_date(self) -> str: ...


class Entry(Protocol):
    """What a list says about someone. `identifier` is an IIN or BIN."""

    @property
    def identifier(self) -> str | None: ...
    @property
    def surname(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def patronymic(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...


EntryType = TypeVar("EntryType", bound=Entry)


def match(identifier: str, subject: Subject, entry: Entry) -> Match:
    """Same by number; other by a different number or name; possible where there are no two numbers to compare.

    An IIN says nothing about the passport of a foreigner who has none: then the name decides whether a human looks.
    """
    if entry.identifier and identifier:
        if entry.identifier == identifier:
            return Match.SAME
        if _is_national(entry.identifier) and _is_national(identifier):
            return Match.OTHER
    if not _same_name(subject, entry):
        return Match.OTHER
    both_dated = entry.birth_date is not None and subject.birth_date
    if both_dated and entry.birth_date.isoformat() != subject.birth_date:  # type: ignore[union-attr]
        return Match.OTHER
    return Match.POSSIBLE


def verdict(register: str, identifier: str, subject: Subject, entries: Sequence[EntryType]) -> Verdict:
    """A hit if any entry is surely the same; else a human's question if any may be; else clear."""
    judged = [(match(identifier, subject, entry), entry) for entry in entries]
    for wanted, outcome, code in (
        (Match.SAME, Outcome.HIT, "match"),
        (Match.POSSIBLE, Outcome.NEEDS_HUMAN, "name_match"),
    ):
        found = [entry for result, entry in judged if result is wanted]
        if found:
            facts: dict[str, Json] = {"entries": [entry_facts(entry) for entry in found]}
            return Verdict(outcome, tuple(Finding(f"{register}.{code}", entry_facts(entry)) for entry in found), facts)
    return Verdict(Outcome.CLEAR)


def entry_facts(entry: Entry) -> dict[str, Json]:
    """An entry as a finding and the comparing officer need it."""
    names = (entry.surname, entry.given_name, entry.patronymic)
    return {
        "name": " ".join(name for name in names if name),
        "birth_date": entry.birth_date.isoformat() if entry.birth_date else "",
        "identifier": entry.identifier or "",
        "reason": getattr(entry, "reason", ""),
    }


def _is_national(identifier: str) -> bool:
    """Whether the number is an IIN or a BIN, which one person or organisation has only one of."""
    return len(identifier) == 12 and identifier.isdecimal()


def _same_name(subject: Subject, entry: Entry) -> bool:
    if _plain(subject.surname) != _plain(entry.surname) or _plain(subject.given_name) != _plain(entry.given_name):
        return False
    if not subject.patronymic or not entry.patronymic:
        return True
    return _plain(subject.patronymic) == _plain(entry.patronymic)


def _plain(name: str) -> str:
    return SPACES_AND_QUOTES.sub(" ", name.casefold().replace("ё", "е")).strip()
