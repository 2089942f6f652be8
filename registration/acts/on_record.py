"""What the acts on a vehicle on record do alike: its data, its registration, its previous papers (VR.8.1f, VR.8.2c)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.services import DetailsView, GroundFound, Surrenderable
from refusals.wording import in_all
from registration import on_record
from registration.models import VehicleDetails
from registration.problems import Problems
from registration.results import CERTIFICATE, PLATES
from registration.shown import vehicle_lines
from registration.vehicle_facts import KnownVehicle, known_vehicle

PREVIOUS_PAPERS = "previous_papers"


def vehicle_on_record(details: VehicleDetails) -> KnownVehicle:
    """The vehicle as the register keeps it, or nothing while it is not found."""
    return on_record.recorded(details.vehicle) if details.vehicle is not None else known_vehicle(details)


def record_shown(application: Application) -> Sequence[DetailsView]:
    """The vehicle line by line as the register has it, with its plates and SRTS first."""
    details: VehicleDetails = application.vehicle_details
    if details.vehicle is None:
        return ()
    lines = [DetailsView(str(item.name), item.number) for item in previous_papers(application)]
    return [*lines, *vehicle_lines(on_record.recorded(details.vehicle), {})]


def previous_papers(application: Application, *, plates: bool = True) -> Sequence[Surrenderable]:
    """The SRTS and, unless they stay, the plates of the registration that the application ends."""
    details: VehicleDetails = application.vehicle_details
    if details.registration is None:
        return ()
    certificate = on_record.certificate_of(details.registration)
    assignment = on_record.plates_of(details.registration) if plates else None
    found = []
    if certificate is not None:
        found.append(Surrenderable(PREVIOUS_PAPERS, "certificate", CERTIFICATE, certificate.number))
    if assignment is not None:
        found.append(Surrenderable(PREVIOUS_PAPERS, "plates", PLATES, assignment.plate.number))
    return found


def record_problems(application: Application) -> Problems:
    """The vehicle is found, and stands in the register as it did when it was."""
    details: VehicleDetails = application.vehicle_details
    if details.vehicle is None:
        return {"found_by": str(_("Find the vehicle first: by its plate, SRTS number or VIN."))}
    found = details.registration
    has_changed = found.ended_at is not None if found is not None else on_record.is_registered(details.vehicle)
    if has_changed:
        message = _("The registration of this vehicle has changed since it was found. Find it again.")
        return {"found_by": str(message)}
    return {}


def grounds_of(row: str, find: Callable[[], Problems]) -> Sequence[GroundFound]:
    """What `find` finds, as grounds of refusal under `row`, in every language."""
    return [GroundFound(row, in_all(lambda name=name: find().get(name, ""))) for name in find()]  # type: ignore[misc]


def bar(row: str, code: str, problems: Problems) -> None:
    """Raise DomainError `code` with the first of `problems`, if there is any."""
    for message in problems.values():
        raise DomainError(code, message, row=row)
