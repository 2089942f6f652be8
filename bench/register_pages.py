"""What is asked for when the register has so many vehicles. Import it after `django.setup()`."""

from __future__ import annotations

from collections.abc import Sequence

from bench.pages import VARIANTS, Page
from bench.register_files import certificate_of, office_of, organisation_of, person_of, plate_of, vin_of
from registration.models import Vehicle


def pages(vehicles: int) -> Sequence[Page]:
    """Queue, each way to search the register, and the page of a vehicle; the variants lie all over the register."""
    step = vehicles // VARIANTS
    almaty = [
        next(serial for serial in range(start, vehicles) if _is_usual(serial))
        for start in range(0, vehicles - 10_000, step)
    ]
    fleet = [serial - serial % 10 + 9 for serial in almaty]
    entries = dict(Vehicle.objects.filter(vin__in=[vin_of(serial) for serial in almaty]).values_list("vin", "pk"))
    return [
        Page("queue, officer", "officer", ["/queue/"]),
        Page("queue, supervisor of the region", "supervisor", ["/queue/"]),
        Page("vehicle", "officer", [f"/vehicles/{pk}/" for pk in entries.values()]),
        Page("search by VIN", "officer", searched=[vin_of(serial) for serial in almaty]),
        Page("search by plate", "officer", searched=[plate_of(serial) for serial in almaty]),
        Page("search by SRTS", "officer", searched=[certificate_of(serial) for serial in almaty]),
        Page("search by IIN", "officer", searched=[person_of(serial) for serial in almaty]),
        Page("search by BIN: fifty vehicles", "officer", searched=[organisation_of(serial) for serial in fleet]),
        Page("search that finds nothing", "officer", searched=[f"ZZZ{place:05d}" for place in range(VARIANTS)]),
    ]


def _is_usual(serial: int) -> bool:
    """A vehicle of Almaty with one owner, a person."""
    return office_of(serial) == "0201" and serial % 10 == 0
