"""New plates for a vehicle that is being registered."""

from __future__ import annotations

from datetime import datetime

from applications.models import Application
from plates import stock
from plates.models import Plate
from registration.models import Vehicle


def give_plates(application: Application, vehicle: Vehicle, now: datetime) -> Plate:
    """The next plate of the office's stock for the applicant and this vehicle, marked as assigned.

    Runs inside the caller's transaction, best as its last step: the lock on the stock is then held for the shortest
    time. Raises DomainError "plates.stock_empty" or "plates.format_not_set".
    """
    return stock.allocate(
        office=application.office,
        holder=stock.holder_kind(application.applicant),
        vehicle=vehicle.kind,
        now=now,
        application=application,
    )
