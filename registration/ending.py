"""Ending what stands in the register: a registration with its SRTS, plates and ownership, at once (VR.5a, VR.5b).

All of it is one statement, so that an issue keeps within its statements. The caller holds the vehicle
(`on_record.take_hold`): of two acts at once the second sees what the first gave, and finds nothing to end or ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application, PaperStanding
from people.models import Organisation, Person
from registration.models import CertificateState, Vehicle

# The papers that print an SRTS: their verification codes say from now on that it is no longer in force.
CERTIFICATE_PAPERS = ("registration_certificate", "temporary_certificate")

END = """
    WITH ended AS (
        UPDATE registration_registration SET ended_at = %(now)s, ended_by_id = %(application)s
        WHERE id = %(registration)s AND ended_at IS NULL
        RETURNING id, vehicle_id, application_id
    ), paper AS (
        UPDATE applications_paper AS paper SET standing = %(standing)s, standing_changed_at = %(now)s
        FROM ended
        WHERE paper.kind = ANY(%(certificates)s) AND paper.standing = 'valid' AND (
            paper.application_id = ended.application_id OR paper.application_id IN (
                SELECT application_id FROM registration_vehicledetails WHERE registration_id = ended.id
            )
        )
    ), certificate AS (
        UPDATE registration_registrationcertificate AS paper SET state = %(state)s, state_changed_at = %(now)s
        FROM ended WHERE paper.registration_id = ended.id AND paper.state = 'valid'
        RETURNING paper.id
    ), plates AS (
        UPDATE registration_plateassignment AS assignment SET ended_at = %(now)s
        FROM ended WHERE assignment.registration_id = ended.id AND assignment.ended_at IS NULL
        RETURNING assignment.plate_id
    ), ownership AS (
        UPDATE registration_ownership AS owned SET period = tstzrange(lower(owned.period), %(now)s)
        FROM ended
        WHERE %(ends_ownership)s AND owned.vehicle_id = ended.vehicle_id AND upper_inf(owned.period)
        RETURNING owned.id
    )
    SELECT ended.id, (SELECT id FROM certificate), (SELECT plate_id FROM plates), (SELECT id FROM ownership)
    FROM ended
"""


@dataclass(frozen=True)
class Ended:
    """What ended with a registration, by primary key; None where there was none."""

    registration: int
    certificate: int | None
    plate: int | None
    ownership: int | None


def end_registration(
    registration: int,
    *,
    application: Application,
    certificate_state: CertificateState,
    ends_ownership: bool,
    now: datetime,
) -> Ended:
    """End the registration with that key, its SRTS, its hold on plates and, if asked, today's ownership. One statement.

    Runs inside the caller's transaction. What happens to the plates themselves is the caller's. Raises DomainError
    "registration_ended" when another act ended it first.
    """
    standing = PaperStanding.REPLACED if certificate_state == CertificateState.REPLACED else PaperStanding.REVOKED
    asked: dict[str, Any] = {
        "standing": standing.value,
        "certificates": list(CERTIFICATE_PAPERS),
        "registration": registration,
        "application": application.pk,
        "state": certificate_state.value,
        "ends_ownership": ends_ownership,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(END, asked)
        row = cursor.fetchone()
    if row is None:
        message = _("The registration has been ended meanwhile by another act. Look at the vehicle in the register.")
        raise DomainError("registration_ended", message, row="VR.9.2")
    return Ended(*row)


END_OWNERSHIP = """
    WITH owned AS (
        SELECT id, COALESCE(owner_person_id = %(person)s, owner_organisation_id = %(organisation)s, FALSE) AS is_theirs
        FROM registration_ownership WHERE vehicle_id = %(vehicle)s AND upper_inf(period)
        FOR UPDATE
    ), ended AS (
        UPDATE registration_ownership AS ownership SET period = tstzrange(lower(ownership.period), %(now)s)
        FROM owned WHERE ownership.id = owned.id AND NOT owned.is_theirs
    )
    SELECT is_theirs FROM owned
"""


def end_ownership(vehicle: Vehicle, now: datetime, *, unless: Person | Organisation) -> bool:
    """End the ownership of a vehicle off the record, unless that party owns it; whether it does. One query."""
    asked: dict[str, Any] = {
        "vehicle": vehicle.pk,
        "person": unless.pk if isinstance(unless, Person) else None,
        "organisation": unless.pk if isinstance(unless, Organisation) else None,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(END_OWNERSHIP, asked)
        row = cursor.fetchone()
    return bool(row and row[0])
