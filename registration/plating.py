"""New plates for a vehicle that is being registered: the number that was chosen, or the next of the stock."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from plates import choosing, stock
from plates.models import HolderKind, Plate
from registration.models import PlateChoice, Vehicle, VehicleDetails


def give_plates(application: Application, vehicle: Vehicle, now: datetime, *, is_temporary: bool = False) -> Plate:
    """The number held for the application, or the next plate of the office's stock, marked as assigned.

    A temporary registration has plates of its own kind, whoever holds them (VR.8.1e).
    Runs inside the caller's transaction, best as its last step: the lock on the stock is then held for the shortest
    time. Raises DomainError "plates.stock_empty", "plates.format_not_set" or "plates.not_held".
    """
    if is_chosen(application):
        return choosing.assign_held(application, now)
    return stock.allocate(
        office=application.office,
        holder=HolderKind.TEMPORARY if is_temporary else stock.holder_kind(application.applicant),
        vehicle=vehicle.kind,
        now=now,
        application=application,
    )


def is_chosen(application: Application) -> bool:
    details: VehicleDetails = application.vehicle_details
    return details.plate_choice == PlateChoice.CHOSEN


def chosen_group(application: Application, on: date) -> str:
    """The group of the plate duty for the number that is held, on the day `on`; empty for the next of the stock."""
    held = choosing.held(application) if is_chosen(application) else None
    return choosing.group_of(held.plate, on) if held else ""


def plate_problems(application: Application, vehicle_category: str) -> dict[str, str]:
    """What is wrong with the chosen number of a draft: held no longer, or not for this vehicle and holder any more."""
    if not is_chosen(application):
        return {}
    held = choosing.held(application)
    if held is None:
        message = _("The chosen number was not paid in time and is free again. Choose a number, or the next one.")
        return {"plate_choice": str(message)}
    vehicle, holder = Vehicle(category=vehicle_category).kind, stock.holder_kind(application.applicant)
    if held.plate.format != stock.current_format(holder, vehicle):
        message = _("The chosen number %(number)s is not for this vehicle. Choose another one.")
        return {"plate_choice": message % {"number": held.plate.number}}
    return {}
