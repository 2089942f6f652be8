"""The effect of a primary registration (VR.5a): vehicle, registration, ownership, plate and SRTS, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from applications.errors import DomainError
from applications.models import Application
from people.models import Organisation, Person
from registration import blanks
from registration.models import (
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    RegistrationKind,
    Vehicle,
    VehicleDetails,
)
from registration.plating import give_plates
from registration.problems import registered_message
from registration.vehicle_facts import KnownVehicle, known_vehicle

# Columns that the vehicle takes from its passport as they are.
TAKEN = (
    "body_number",
    "chassis_number",
    "category",
    "make",
    "model",
    "year",
    "colour",
    "body_type",
    "engine_number",
    "engine_volume_cm3",
    "engine_power_kw",
    "unladen_mass_kg",
    "maximum_mass_kg",
    "fuel",
    "is_electric",
    "is_hybrid",
    "is_tractor_unit",
    "ecological_class",
    "special_marks",
    "passport_number",
)


@dataclass(frozen=True)
class Term:
    """Until when a temporary registration holds, and until when customs allow it (VR.8.1e); both days count."""

    valid_until: date
    customs_until: date


def register(application: Application, now: datetime, term: Term | None = None) -> RegistrationCertificate:
    """Enter the vehicle, allocate plate and blank, and make the SRTS, inside the caller's transaction.

    With a `term` the registration is a temporary one, with plates of its own kind.

    Sets `application.plate_number`. Raises DomainError when the vehicle is not known or already registered, or when a
    stock is empty; nothing is written then once the caller rolls back.
    """
    details: VehicleDetails = application.vehicle_details
    known = known_vehicle(details)
    if not known.is_complete:
        message = _("The vehicle's data are not known: there is no valid passport of the vehicle.")
        raise DomainError("vehicle_unknown", message, row="VR.8.1d")
    try:
        return _write(application, known, now, term)
    except IntegrityError as error:
        raise refused(error) from error


def _write(application: Application, known: KnownVehicle, now: datetime, term: Term | None) -> RegistrationCertificate:
    vehicle = _on_record(known)
    if vehicle is None:
        vehicle = Vehicle(vin=known.vin or None)
    else:
        _leave(vehicle, now)
    for name in TAKEN:
        setattr(vehicle, name, getattr(known, name))
    vehicle.save()
    own(vehicle, application, now)
    registration = Registration.objects.create(
        vehicle=vehicle,
        office=application.office,
        application=application,
        kind=RegistrationKind.TEMPORARY if term else RegistrationKind.PRIMARY,
        registered_at=now,
        valid_until=term.valid_until if term else None,
        customs_until=term.customs_until if term else None,
    )
    # Last, so that the locks on the stock are held for the shortest time.
    plate = give_plates(application, vehicle, now, is_temporary=term is not None)
    PlateAssignment.objects.create(plate=plate, registration=registration, assigned_at=now)
    blank = blanks.allocate(office=application.office)
    application.plate_number = plate.number
    return RegistrationCertificate.objects.create(
        blank=blank, registration=registration, issued_at=now, state_changed_at=now
    )


def _on_record(known: KnownVehicle) -> Vehicle | None:
    """The vehicle of the register with these numbers: on record once, and now registered anew."""
    if known.vin:
        return Vehicle.objects.filter(vin=known.vin).first()
    key = "body_number" if known.body_number else "chassis_number"
    return Vehicle.objects.filter(vin=None, **{key: known.number(key)}).first()


def _leave(vehicle: Vehicle, now: datetime) -> None:
    """End the ownership on record. Raises DomainError when the vehicle is registered."""
    registered = vehicle.registrations.filter(ended_at__isnull=True).select_related("office", "vehicle").first()
    if registered is not None:
        raise DomainError("vehicle_registered", registered_message(registered), row="VR.9.2")
    for earlier in vehicle.ownerships.filter(period__upper_inf=True):
        earlier.period = TimestamptzRange(earlier.period.lower, now)
        earlier.save(update_fields=["period"])


def own(vehicle: Vehicle, application: Application, now: datetime) -> None:
    """Begin the applicant's ownership; whose it was until now has ended."""
    owner = application.applicant
    Ownership.objects.create(
        vehicle=vehicle,
        owner_person=owner if isinstance(owner, Person) else None,
        owner_organisation=owner if isinstance(owner, Organisation) else None,
        period=TimestamptzRange(now, None),
        application=application,
    )


# What the database may refuse here, by the name of its constraint.
REFUSALS = {
    "registration_one_active_per_vehicle": ("vehicle_registered", _("The vehicle was registered a moment ago.")),
    "ownership_periods_do_not_overlap": ("vehicle_owned", _("The vehicle has another owner in this period.")),
    "registration_vehicle_vin_key": ("vehicle_registered", _("The vehicle was entered a moment ago.")),
    "plate_issued_in_its_region": ("plates.other_region", _("The plate is not of the stock of this region.")),
}


def refused(error: IntegrityError) -> DomainError:
    """What the database refused, in words and with a code; raises `error` itself where that is no refusal of ours."""
    cause = error.__cause__
    name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
    if name not in REFUSALS:
        raise error
    code, message = REFUSALS[name]
    return DomainError(code, message)
