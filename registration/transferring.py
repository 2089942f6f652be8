"""The effect of a VR-2 registration (VR.5a): the old registration ends and the new one begins at one instant."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from plates import stock
from registration import blanks
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
from registration.sale import Sale


def transfer(application: Application, now: datetime) -> RegistrationCertificate:
    """Register the vehicle under the applicant inside the caller's transaction; sets `application.plate_number`.

    Raises DomainError "registration_ended" when the previous registration is no longer the one applied about, or when
    a stock is empty; nothing is written then once the caller rolls back.
    """
    try:
        return _write(application, now)
    except IntegrityError as error:
        raise refused(error) from error


def _write(application: Application, now: datetime) -> RegistrationCertificate:
    details: VehicleDetails = application.vehicle_details
    vehicle = details.vehicle
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
        holder = stock.holder_kind(application.applicant)
        fresh = stock.allocate(office=application.office, holder=holder, vehicle=vehicle.kind, now=now)
        plate, application.plate_number = fresh.pk, fresh.number
    if plate is None:
        raise DomainError("plates_missing", _("There are no plates on this vehicle that could stay."), row="VR.9.1")
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
    elif (contract := Sale.of(application)) is not None and contract.is_by_owner:
        return None
    else:
        end_ownership(vehicle, now)
    own(vehicle, application, now)
    return plate
