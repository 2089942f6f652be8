"""The licence that an application asks for: its categories, which of them are new, and whether it is in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from licensing.licences import held_on
from licensing.models import Act, LicenceDetails, LicenceState

REPLACING = frozenset({Act.EXCHANGE.value, Act.DATA_CHANGE.value, Act.LOSS.value})


@dataclass(frozen=True)
class Wanted:
    """Category → since when it is held, as the new licence will say. `new` ones are held since its issue."""

    kept: dict[str, date]
    foreign: dict[str, date]
    new: tuple[str, ...]

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.kept, *self.foreign, *self.new)))

    @property
    def examined(self) -> tuple[str, ...]:
        """What exams are asked about: new categories or, after a deprivation, those that are given back."""
        return self.new or self.categories


def wanted(details: LicenceDetails) -> Wanted:
    """What the licence will grant by the application's details; one query where there is a previous licence."""
    held = held_on(details.previous)
    chosen = tuple(details.categories)
    if details.act in REPLACING:
        return Wanted(held, {}, ())
    if details.act == Act.FOREIGN:
        told = {code: date.fromisoformat(day) for code, day in details.foreign_categories.items()}
        return Wanted(held, {code: day for code, day in told.items() if code not in held}, ())
    if details.act == Act.AFTER_DEPRIVATION:
        given_back = {code: day for code, day in held.items() if code in chosen}
        return Wanted(given_back, {}, tuple(code for code in chosen if code not in held))
    return Wanted(held, {}, tuple(code for code in chosen if code not in held))


def is_exchanged_before_expiry(details: LicenceDetails, on: date) -> bool:
    """Whether the register's own licence still holds on the day `on` (DL.8.1b, DL.8.2b); a withdrawn one never does."""
    previous = details.previous
    if details.act not in REPLACING or previous is None or previous.state == LicenceState.WITHDRAWN:
        return False
    return previous.valid_until >= on
