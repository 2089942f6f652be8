"""The effect of an update (VR-3): new data of the vehicle, their history, new SRTS and plates where they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from plates.models import Plate
from registration import blanks, on_record
from registration.changes import Changes, differences, replaces_certificate
from registration.ending import CERTIFICATE_PAPERS
from registration.issuing import refused
from registration.models import (
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    RegistrationKind,
    Vehicle,
    VehicleChange,
    VehicleDetails,
)
from registration.plating import give_plates
from registration.standard import updating
from registration.standard.updating import UpdateReason
from registration.vehicle_facts import NAMES

# The lock on the registration comes first: an act that is taken back meanwhile leaves nothing to replace.
# The plate is taken off before another is put on, the SRTS and its paper are replaced before another is made.
REPLACE = """
    WITH standing AS (
        SELECT id FROM registration_registration WHERE id = %(registration)s AND ended_at IS NULL FOR UPDATE
    ), certificate AS (
        UPDATE registration_registrationcertificate AS paper SET state = 'replaced', state_changed_at = %(now)s
        FROM standing WHERE %(certificate)s AND paper.registration_id = standing.id AND paper.state = 'valid'
        RETURNING paper.blank_id
    ), blank AS (
        SELECT number FROM registration_certificateblank WHERE id = (SELECT blank_id FROM certificate)
    ), printed AS (
        UPDATE applications_paper SET standing = 'replaced', standing_changed_at = %(now)s
        WHERE standing = 'valid' AND kind = ANY(%(kinds)s) AND content->>'number' = (SELECT number FROM blank)
        AND application_id IN (
            SELECT application_id FROM registration_registration WHERE id = %(registration)s
            UNION
            SELECT application_id FROM registration_vehicledetails WHERE registration_id = %(registration)s
        )
    ), plates AS (
        UPDATE registration_plateassignment AS assignment SET ended_at = %(now)s
        FROM standing WHERE %(plates)s AND assignment.registration_id = standing.id AND assignment.ended_at IS NULL
        RETURNING assignment.plate_id
    )
    SELECT standing.id, (SELECT number FROM blank),
        (SELECT number FROM plates_plate WHERE id = (SELECT plate_id FROM plates))
    FROM standing
"""


@dataclass(frozen=True)
class Given:
    """What an update gave: the number of new plates, or "", and the new SRTS, or None."""

    plate_number: str
    certificate: RegistrationCertificate | None


@dataclass(frozen=True)
class Taken:
    """What an update takes from the registration: the numbers of SRTS and plates, None where it takes none."""

    certificate: str | None
    plate: str | None


def update(application: Application) -> Given:
    """Change the register as the application asks, inside the caller's transaction.

    Sets `application.plate_number` to the plates the vehicle has afterwards where they are new. Raises DomainError
    "nothing_changes", "registration_ended", "vehicle_registered", or one of an empty stock.
    """
    details: VehicleDetails = application.vehicle_details
    vehicle, now = on_record.take_hold(details)
    registration = details.registration
    if vehicle is None or registration is None:
        raise DomainError("vehicle_unknown", _("The vehicle is not known."), row="VR.9.1")
    changes = outstanding(vehicle, details)
    require_change(details, changes)
    try:
        return _write(application, vehicle, registration, changes, now)
    except IntegrityError as error:
        raise refused(error) from error


def outstanding(vehicle: Vehicle, details: VehicleDetails) -> Changes:
    """What the application changes in the register as it is now, the values before read anew."""
    wanted = {name: change["after"] for name, change in details.changes.items() if name in NAMES}
    of_owner = {name: change for name, change in details.changes.items() if name in updating.OF_OWNER}
    return {**differences(on_record.recorded(vehicle), wanted), **of_owner}


def require_change(details: VehicleDetails, changes: Changes) -> None:
    """Raise DomainError "nothing_changes" for an update that would leave the register and the papers as they are."""
    papers = {UpdateReason.CERTIFICATE, UpdateReason.PLATES} & set(details.update_reasons)
    if not changes and not papers:
        message = _("Nothing changes: the register already says what the application asks for.")
        raise DomainError("nothing_changes", message, row="VR.9.2")


def _write(
    application: Application, vehicle: Vehicle, registration: Registration, changes: Changes, now: datetime
) -> Given:
    details: VehicleDetails = application.vehicle_details
    is_replaced = replaces_certificate(details)
    has_new_plates = UpdateReason.PLATES in details.update_reasons
    old = _replace(registration, certificate=is_replaced, plates=has_new_plates, now=now)
    fields = [name for name in changes if name in NAMES]
    for name in fields:
        setattr(vehicle, name, changes[name]["after"])
    if "vin" in fields:
        vehicle.vin = vehicle.vin or None
    if fields:
        vehicle.save(update_fields=fields)
    plate = _plate(application, registration, vehicle, now) if has_new_plates else None
    certificate = _certificate(application, registration, now) if is_replaced else None
    rows: dict[str, tuple[Any, Any]] = {name: (change["before"], change["after"]) for name, change in changes.items()}
    if plate is not None:
        rows[updating.PLATE] = old.plate, plate.number
    if certificate is not None:
        rows[updating.CERTIFICATE] = old.certificate, certificate.number
    VehicleChange.objects.bulk_create(
        VehicleChange(vehicle=vehicle, application=application, field=name, before=before, after=after, at=now)
        for name, (before, after) in rows.items()
    )
    return Given(plate.number if plate else "", certificate)


def _replace(registration: Registration, *, certificate: bool, plates: bool, now: datetime) -> Taken:
    """Take SRTS and plates off the registration, as asked. One statement."""
    asked: dict[str, bool | int | datetime | list[str]] = {
        "registration": registration.pk,
        "certificate": certificate,
        "plates": plates,
        "kinds": list(CERTIFICATE_PAPERS),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, asked)
        row = cursor.fetchone()
    if row is None:
        message = _("The registration has been ended meanwhile by another act. Look at the vehicle in the register.")
        raise DomainError("registration_ended", message, row="VR.9.2")
    return Taken(row[1], row[2])


def _plate(application: Application, registration: Registration, vehicle: Vehicle, now: datetime) -> Plate:
    plate = give_plates(application, vehicle, now, is_temporary=registration.kind == RegistrationKind.TEMPORARY)
    PlateAssignment.objects.create(plate=plate, registration=registration, assigned_at=now)
    application.plate_number = plate.number
    return plate


def _certificate(application: Application, registration: Registration, now: datetime) -> RegistrationCertificate:
    blank = blanks.allocate(office=application.office)
    return RegistrationCertificate.objects.create(
        blank=blank, registration=registration, issued_at=now, state_changed_at=now
    )
