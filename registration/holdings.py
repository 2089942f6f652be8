"""Whose plates are on which vehicle, as the register of vehicles has it; plugged into plates.holdings."""

from __future__ import annotations

from collections.abc import Sequence

from people.models import Organisation, Person
from plates.holdings import Holding
from registration.models import PlateAssignment


def own_plates(holder: Person | Organisation, number: str, most: int) -> Sequence[Holding]:
    """See plates.holdings.Holdings. One query."""
    key = "owner_person" if isinstance(holder, Person) else "owner_organisation"
    owned = f"registration__vehicle__ownerships__{key}"
    current = PlateAssignment.objects.filter(
        ended_at__isnull=True,
        registration__ended_at__isnull=True,
        **{owned: holder, "registration__vehicle__ownerships__period__upper_inf": True},
    )
    if number:
        current = current.filter(plate__number=number)
    found = current.select_related("plate__format", "registration__vehicle").order_by("plate__number")[:most]
    return [_holding(assignment) for assignment in found]


def _holding(assignment: PlateAssignment) -> Holding:
    vehicle = assignment.registration.vehicle
    return Holding(
        plate=assignment.plate,
        vehicle=str(vehicle),
        vin=vehicle.vin or "",
        body_number=vehicle.body_number,
        chassis_number=vehicle.chassis_number,
    )
