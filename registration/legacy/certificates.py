"""SRTS of the earlier register, with the blanks they are printed on."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from blanks.models import BlankState
from legacy.kinds import GOOD, Check, Column, Kind, differences, insert, moment
from legacy.values import Wrong, day, one_of
from people.identifiers import normalise_plate
from registration.legacy.vehicles import IDENTITY, JOIN_VEHICLE, VEHICLE_UNKNOWN, compact, unknown_vehicle
from registration.models import CertificateBlank, CertificateState, RegistrationCertificate
from registration.on_record import CERTIFICATE_NUMBER

_ISSUED = moment("s.issued_on")
_VALID = CertificateState.VALID.value
_IN_FORCE = f"r.vehicle_id = t.id AND r.registered_at <= {_ISSUED} AND (r.ended_at IS NULL OR r.ended_at > {_ISSUED})"
_JOIN_REGISTRATION = f"{JOIN_VEHICLE} JOIN registration_registration r ON {_IN_FORCE}"
# Each row with the registration in force on its day of issue, be that in the register or in the files.
_PLACED = f"""
    SELECT s.line, s.vehicle, s.state, s.number, (r.registered_at AT TIME ZONE 'UTC') AS since,
        r.ended_at IS NOT NULL AS is_over FROM staged_certificates s {_JOIN_REGISTRATION} WHERE s.problem IS NULL
    UNION
    SELECT s.line, s.vehicle, s.state, s.number, {moment("x.registered_on")} AT TIME ZONE 'UTC', x.ended_on IS NOT NULL
    FROM staged_certificates s JOIN staged_registrations x ON x.vehicle = s.vehicle AND x.registered_on <= s.issued_on
        AND (x.ended_on IS NULL OR x.ended_on > s.issued_on) WHERE s.problem IS NULL AND {GOOD}"""


def _number(value: str) -> str:
    number = normalise_plate(value)
    if not number:
        raise Wrong("required")
    if not re.fullmatch(CERTIFICATE_NUMBER, number):
        raise Wrong("characters", number[:20])
    return number


CERTIFICATES = Kind(
    name="certificates",
    columns=(
        Column("number", _number),
        Column("vehicle", compact(30, required=True)),
        Column("issued_on", day(), "date"),
        Column("state", one_of(CertificateState.values, default=_VALID)),
    ),
    derived={},
    derive=lambda row: {},
    models=(CertificateBlank, RegistrationCertificate),
    key="number",
    known="SELECT s.line, "
    + differences(
        {
            "vehicle": ("s.vehicle", IDENTITY.format("t")),
            "issued_on": (_ISSUED, "c.issued_at"),
            "state": ("s.state", "c.state"),
        }
    )
    + " AS differs FROM staged_certificates s JOIN registration_certificateblank b ON b.number = s.number "
    "JOIN registration_registrationcertificate c ON c.blank_id = b.id "
    "JOIN registration_registration r ON r.id = c.registration_id JOIN registration_vehicle t ON t.id = r.vehicle_id",
    checks=(
        unknown_vehicle("certificates"),
        Check(
            "blank_known",
            "SELECT s.line, s.number AS detail FROM staged_certificates s JOIN registration_certificateblank b "
            "ON b.number = s.number WHERE s.problem IS NULL",
        ),
        Check(
            "registration_missing",
            f"SELECT s.line, '' AS detail FROM staged_certificates s WHERE NOT EXISTS "
            f"(SELECT FROM ({_PLACED}) AS placed WHERE placed.line = s.line)",
            asks_others=True,
        ),
        Check(
            "registration_over", f"SELECT line, '' AS detail FROM ({_PLACED}) AS p WHERE is_over AND state = '{_VALID}'"
        ),
        Check(
            "two_valid",
            "SELECT line, lines AS detail FROM (SELECT line, count(*) OVER same AS count, "
            f"string_agg(line::text, ', ') OVER same AS lines FROM ({_PLACED}) AS placed WHERE state = '{_VALID}' "
            "WINDOW same AS (PARTITION BY vehicle, since)) AS counted WHERE count > 1",
        ),
        Check(
            "valid_register",
            f"SELECT s.line, b.number AS detail FROM staged_certificates s {_JOIN_REGISTRATION} "
            f"JOIN registration_registrationcertificate c ON c.registration_id = r.id AND c.state = '{_VALID}' "
            f"JOIN registration_certificateblank b ON b.id = c.blank_id WHERE s.state = '{_VALID}'",
        ),
    ),
    before=(
        insert(
            CertificateBlank,
            f"{{chunk}} s {_JOIN_REGISTRATION}",
            number="s.number",
            office_id="r.office_id",
            state=f"'{BlankState.ISSUED.value}'",
            received_at=_ISSUED,
        ),
    ),
    entries=insert(
        RegistrationCertificate,
        f"{{chunk}} s {_JOIN_REGISTRATION} JOIN registration_certificateblank b ON b.number = s.number",
        blank_id="b.id",
        registration_id="r.id",
        issued_at=_ISSUED,
        state="s.state",
        state_changed_at=f"CASE WHEN s.state = '{_VALID}' THEN {_ISSUED} ELSE coalesce(r.ended_at, {_ISSUED}) END",
    ),
    problems={
        "vehicle_unknown": VEHICLE_UNKNOWN,
        "blank_known": _("The blank %(detail)s is in the register and no SRTS of this vehicle: in stock or spoiled."),
        "registration_missing": _("No registration of the vehicle was in force on the day of issue."),
        "registration_over": _("The registration has ended, so its SRTS cannot be valid."),
        "two_valid": _("Lines %(detail)s are all valid for one registration. Only one can be."),
        "valid_register": _("The registration has the valid SRTS %(detail)s in the register."),
    },
)
