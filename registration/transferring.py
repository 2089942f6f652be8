"""The effect of a VR-2 registration (VR.5a): the old registration ends and the new one begins at one instant."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError
from applications.models import Application
from plates import movements
from registration import blanks, on_record
from registration.ending import end_ownership, end_registration
from registration.issuing import own, refused
from registration.models import (
    CertificateState,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    RegistrationKind,
    Vehicle,
    VehicleDetails,
)
from registration.plating import give_plates


def transfer(application: Application) -> RegistrationCertificate:
    """Register the vehicle under the applicant inside the caller's transaction; sets `application.plate_number`.

    Raises DomainError "registration_ended" when the previous registration is no longer the one applied about, or when
    a stock is empty; nothing is written then once the caller rolls back.
    """
    try:
        return _write(application)
    except IntegrityError as error:
        raise refused(error) from error


def _write(application: Application) -> RegistrationCertificate:
    details: VehicleDetails = application.vehicle_details
    vehicle, now = on_record.take_hold(details)
    if vehicle is None:
        raise DomainError("vehicle_unknown", _("The application names no vehicle on record."), row="VR.9.1")
    plate = _leave(application, vehicle, now)
    registration = Registration.objects.create(
        vehicle=vehicle,
        office=application.office,
        application=application,
        kind=RegistrationKind.REGISTRATION,
        registered_at=now,
    )
    # Last, so that the locks on the stock are held for the shortest time.
    if not details.plates_kept:
        fresh = give_plates(application, vehicle, now)
        plate, application.plate_number = fresh.pk, fresh.number
    elif plate is None:
        plate = _take_back(application, vehicle, now)
    PlateAssignment.objects.create(plate_id=plate, registration=registration, assigned_at=now)
    blank = blanks.allocate(office=application.office)
    return RegistrationCertificate.objects.create(
        blank=blank, registration=registration, issued_at=now, state_changed_at=now
    )


def _leave(application: Application, vehicle: Vehicle, now: datetime) -> int | None:
    """End what the new registration replaces and give the vehicle to the applicant; the key of the plates it carried.

    The owner of a vehicle off the record stays its owner when it comes back.
    """
    details: VehicleDetails = application.vehicle_details
    plate = None
    if details.registration_id is not None:
        ended = end_registration(
            details.registration_id,
            application=application,
            certificate_state=CertificateState.REPLACED,
            ends_ownership=True,
            now=now,
        )
        plate = ended.plate
    elif end_ownership(vehicle, now, unless=application.applicant):
        return None
    own(vehicle, application, now)
    return plate


def _take_back(application: Application, vehicle: Vehicle, now: datetime) -> int:
    """The vehicle's own plates out of the store; sets `application.plate_number`, raises "plates_missing"."""
    assignment = on_record.last_plates(vehicle)
    if assignment is None:
        raise DomainError("plates_missing", _("The vehicle has no plates in store any more."), row="VR.9.2")
    movements.given_back(assignment.plate, actor=Actor.automatic(), now=now, application=application)
    application.plate_number = assignment.plate.number
    return assignment.plate_id
