"""What the acts on a vehicle on record do alike: its data, its registration, its previous papers (VR.8.1f, VR.8.2c)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.services import DetailsView, GroundFound, Surrenderable
from people.models import masked
from refusals.wording import in_all
from registration import on_record
from registration.forms.temporary import NOT_TEMPORARY
from registration.models import RegistrationKind, VehicleDetails
from registration.problems import Problems
from registration.results import CERTIFICATE, PLATES
from registration.shown import vehicle_lines
from registration.standard import facts as named
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


def sale_shown(details: VehicleDetails) -> Sequence[DetailsView]:
    """The seller, masked, and the day as the document of the sale names them; nothing where nothing was sold."""
    day = date_format(details.sold_on, "d.m.Y") if details.sold_on is not None else ""
    seller = masked(details.seller_identifier) if details.seller_identifier else ""
    lines = ((_("IIN or BIN of the seller"), seller), (_("Day of the contract or ruling"), day))
    return [DetailsView(str(label), value) for label, value in lines if value]


def previous_papers(application: Application, *, plates: bool = True) -> Sequence[Surrenderable]:
    """The SRTS and, unless they stay, the plates of the registration that the application ends."""
    details: VehicleDetails = application.vehicle_details
    if details.registration_id is None:
        return ()
    certificate, plate = details.previous_numbers
    found = []
    if certificate:
        found.append(Surrenderable(PREVIOUS_PAPERS, "certificate", CERTIFICATE, certificate))
    if plate and plates:
        found.append(Surrenderable(PREVIOUS_PAPERS, "plates", PLATES, plate))
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
    return term_problems(application)


def term_problems(application: Application) -> Problems:
    """VR-4 is for what is registered for a term, VR-2 for everything else: a visiting vehicle is not sold by VR-2."""
    registration = application.vehicle_details.registration
    if registration is None:
        return {}
    is_temporary = registration.kind == RegistrationKind.TEMPORARY
    if is_temporary == (application.subservice == named.TEMPORARY):
        return {}
    return {"found_by": str(TEMPORARY if is_temporary else NOT_TEMPORARY)}


TEMPORARY = _(
    "This vehicle is registered temporarily. Its term is extended, or it is taken off the record, under “Temporary "
    "registration and its removal” (VR-4); after that it can be registered for good."
)


def grounds_of(row: str, find: Callable[[], Problems]) -> Sequence[GroundFound]:
    """What `find` finds, as grounds of refusal under `row`, in every language."""
    return [GroundFound(row, in_all(lambda name=name: find().get(name, ""))) for name in find()]  # type: ignore[misc]


def bar(row: str, code: str, problems: Problems) -> None:
    """Raise DomainError `code` with the first of `problems`, if there is any."""
    for message in problems.values():
        raise DomainError(code, message, row=row)
