"""The vehicle on record: found by plate, SRTS or VIN in any spelling; its registration, its owner, its data."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from people.identifiers import VIN_LENGTH, normalise_plate
from people.models import Organisation, Person
from registration.models import (
    CertificateState,
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    Vehicle,
    VehicleDetails,
)
from registration.vehicle_facts import NAMES, KnownVehicle

CERTIFICATE_NUMBER = re.compile(r"[A-Z]{2}[0-9]{8}")


def find(text: str) -> Vehicle | None:
    """The vehicle that the plate, SRTS, VIN, body or chassis number belongs to, however it is spelled; or None.

    A plate tells the vehicle it is on or, when it is on none, the one it was on last; an SRTS tells its vehicle
    whatever state it is in. At most three queries.
    """
    number = normalise_plate(text)
    if not number:
        return None
    if CERTIFICATE_NUMBER.fullmatch(number):
        certificates = RegistrationCertificate.objects.select_related("registration__vehicle")
        certificate = certificates.filter(blank__number=number).first()
        return certificate.registration.vehicle if certificate else None
    if len(number) == VIN_LENGTH:
        return Vehicle.objects.filter(vin=number).first()
    return _by_plate(number) or _without_vin(number)


def _by_plate(number: str) -> Vehicle | None:
    assignments = PlateAssignment.objects.filter(plate__number=number).select_related("registration__vehicle")
    last = assignments.order_by(F("ended_at").desc(nulls_first=True), "-pk").first()
    return last.registration.vehicle if last else None


def _without_vin(number: str) -> Vehicle | None:
    unnumbered = Vehicle.objects.filter(vin__isnull=True)
    return unnumbered.filter(body_number=number).first() or unnumbered.filter(chassis_number=number).first()


def take_hold(details: VehicleDetails) -> tuple[Vehicle | None, datetime]:
    """The vehicle of the application as it is now, nobody else's until the transaction ends, and since which instant.

    Comes first in an act on a vehicle, so that two acts at once take turns: a statement that waits for a row still sees
    the others as they were when it began, and what waited for another act came after it. None where no vehicle was
    found. One query.
    """
    held = Vehicle.objects.select_for_update(no_key=True).filter(pk=details.vehicle_id or 0).first()
    details.vehicle = held
    return held, timezone.now()


def registration_of(vehicle: Vehicle) -> Registration | None:
    """The active registration of the vehicle, or None when it is off the record."""
    return vehicle.registrations.filter(ended_at__isnull=True).select_related("office").first()


def is_registered(vehicle: Vehicle) -> bool:
    """Whether the vehicle stands under an active registration."""
    return vehicle.registrations.filter(ended_at__isnull=True).exists()


def ownership_of(vehicle: Vehicle) -> Ownership | None:
    """Today's ownership, with its owner, or None."""
    owned = vehicle.ownerships.filter(period__upper_inf=True)
    return owned.select_related("owner_person", "owner_organisation").first()


def is_owned_by(ownership: Ownership | None, party: Person | Organisation) -> bool:
    """Whether `party` is the owner; one query at most is spent by asking `ownership_of` first."""
    if ownership is None:
        return False
    owner = ownership.owner
    return type(owner) is type(party) and owner.pk == party.pk


def certificate_of(registration: Registration) -> RegistrationCertificate | None:
    """The valid SRTS of the registration or, once it has ended, the last one there was."""
    certificates = registration.certificates.select_related("blank")
    valid = next((item for item in certificates if item.state == CertificateState.VALID), None)
    return valid or next(iter(certificates), None)


def plates_of(registration: Registration) -> PlateAssignment | None:
    """The plates on the registered vehicle or, once the registration has ended, those it had last."""
    assignments = registration.plate_assignments.select_related("plate__format")
    return assignments.order_by(F("ended_at").desc(nulls_first=True), "-pk").first()


def last_plates(vehicle: Vehicle) -> PlateAssignment | None:
    """The plates that the vehicle carried last, under whichever registration, or None."""
    assignments = PlateAssignment.objects.filter(registration__vehicle=vehicle).select_related("plate__format")
    return assignments.order_by(F("ended_at").desc(nulls_first=True), "-pk").first()


def recorded(vehicle: Vehicle) -> KnownVehicle:
    """The vehicle as the register keeps it; no query."""
    data = {name: getattr(vehicle, name) for name in NAMES}
    return KnownVehicle(**{**data, "vin": vehicle.vin or ""})
