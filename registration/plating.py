"""New plates for a vehicle that is being registered."""

from __future__ import annotations

from datetime import datetime

from applications.models import Application
from plates import stock
from plates.models import HolderKind, Plate
from registration.models import Vehicle


def give_plates(application: Application, vehicle: Vehicle, now: datetime, *, is_temporary: bool = False) -> Plate:
    """The next plate of the office's stock for the applicant and this vehicle, marked as assigned.

    A temporary registration has plates of its own kind, whoever holds them (VR.8.1e).
    Runs inside the caller's transaction, best as its last step: the lock on the stock is then held for the shortest
    time. Raises DomainError "plates.stock_empty" or "plates.format_not_set".
    """
    return stock.allocate(
        office=application.office,
        holder=HolderKind.TEMPORARY if is_temporary else stock.holder_kind(application.applicant),
        vehicle=vehicle.kind,
        now=now,
        application=application,
    )
