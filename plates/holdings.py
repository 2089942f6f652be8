"""Whose plates are on which vehicle: the register of vehicles knows, and plugs its answer in here (PD.8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from people.models import Organisation, Person
from plates.models import Plate


@dataclass(frozen=True)
class Holding:
    """A plate of the holder on the vehicle it was assigned to. `vehicle` is the vehicle in a line."""

    plate: Plate
    vehicle: str
    vin: str
    body_number: str
    chassis_number: str


class Holdings(Protocol):
    """What the register of vehicles answers."""

    def __call__(self, holder: Person | Organisation, number: str, most: int) -> Sequence[Holding]:
        """The plates on registered vehicles that `holder` owns now, by number, at most `most`, in one query.

        With a `number` only the plate of that number.
        """


_plugged: list[Holdings] = []


def plug_in(holdings: Holdings) -> None:
    """Called by the app that keeps the vehicles, in AppConfig.ready()."""
    _plugged[:] = [holdings]


def plates_of(holder: Person | Organisation, most: int) -> Sequence[Holding]:
    """The holder's own plates, by number, at most `most`."""
    return _plugged[0](holder, "", most)


def holding_of(holder: Person | Organisation, number: str) -> Holding | None:
    """The plate of that number if it is the holder's own; of anybody else's plate nothing is told (PD.8.2, PD.9.2)."""
    return next(iter(_plugged[0](holder, number, 1)), None)
