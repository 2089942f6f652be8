"""Driver licences of the earlier register, with the categories granted on them."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from legacy.kinds import GOOD, Check, Column, Kind, differences, insert, moment
from legacy.parties import party
from legacy.values import Wrong, day, one_of, text
from licensing.models import Driver, DriverLicence, LicenceGrant, LicenceOrigin, LicenceState
from people.identifiers import normalise_plate

NUMBER = re.compile(r"[A-Z0-9]{4,12}")
GRANT = re.compile(r"([A-Z][A-Z0-9bm]{0,3}):(\d{4}-\d{2}-\d{2})")
_VALID = LicenceState.VALID.value
_STATES = (LicenceState.VALID, LicenceState.EXPIRED, LicenceState.REPLACED, LicenceState.LOST, LicenceState.WITHDRAWN)
_JOIN_PERSON = (
    "LEFT JOIN people_person p ON p.iin = s.person "
    "LEFT JOIN people_person f ON f.iin IS NULL AND f.citizenship = split_part(s.person, ':', 1) "
    "AND f.document_number = split_part(s.person, ':', 2)"
)
_JOIN_DRIVER = f"{_JOIN_PERSON} JOIN licensing_driver d ON d.person_id = coalesce(p.id, f.id)"
_OFFICE = "JOIN offices_office o ON o.code = s.office AND o.kind = 'police'"
_issued_on = day()


def _number(value: str) -> str:
    number = normalise_plate(value)
    if not NUMBER.fullmatch(number):
        raise Wrong("characters" if number else "required", number[:20])
    return number


def _derive(row: dict[str, str | None]) -> dict[str, str | None]:
    person, _organisation = party(row["driver"] or "")
    if not person:
        raise Wrong("party", column="driver")
    if (row["valid_until"] or "") <= (row["issued_on"] or ""):
        raise Wrong("period")
    if row["state"] == LicenceState.WITHDRAWN and not row["reason"]:
        raise Wrong("required", column="reason")
    grants = [GRANT.fullmatch(grant) for grant in (row["categories"] or "").split()]
    if not grants or not all(grants):
        raise Wrong("grants", column="categories")
    found = [grant.groups() for grant in grants if grant]
    for _code, since in found:
        try:
            _issued_on(date.fromisoformat(since).isoformat())
        except ValueError:
            raise Wrong("grants", column="categories") from None
    codes, days = zip(*found, strict=True)
    return {"person": person, "codes": f"{{{','.join(codes)}}}", "days": f"{{{','.join(days)}}}"}


LICENCES = Kind(
    name="licences",
    columns=(
        Column("number", _number),
        Column("driver", text(36)),
        Column("office", text(4)),
        Column("issued_on", day(), "date"),
        Column("valid_until", day(future=True), "date"),
        Column("categories", text(300)),
        Column("restrictions", text(300, required=False)),
        Column("state", one_of([state.value for state in _STATES], default=_VALID)),
        Column("reason", text(500, required=False)),
    ),
    derived={"person": "text", "codes": "text[]", "days": "date[]"},
    derive=_derive,
    models=(Driver, DriverLicence, LicenceGrant),
    key="number",
    known="SELECT s.line, "
    + differences(
        {
            "driver": ("coalesce(p.id, f.id)", "d.person_id"),
            "issued_on": ("s.issued_on", "(l.issued_at AT TIME ZONE 'Asia/Almaty')::date"),
            "valid_until": ("s.valid_until", "l.valid_until"),
            "state": ("s.state", "l.state"),
        }
    )
    + f" AS differs FROM staged_licences s JOIN licensing_driverlicence l ON l.number = s.number "
    f"JOIN licensing_driver d ON d.id = l.driver_id {_JOIN_PERSON}",
    checks=(
        Check(
            "driver_unknown",
            f"SELECT s.line, '' AS detail FROM staged_licences s {_JOIN_PERSON} WHERE coalesce(p.id, f.id) IS NULL "
            f"AND NOT EXISTS (SELECT FROM staged_people x WHERE x.key = s.person AND {GOOD})",
            asks_others=True,
        ),
        Check(
            "office_unknown",
            f"SELECT s.line, s.office AS detail FROM staged_licences s LEFT {_OFFICE} WHERE o.id IS NULL",
        ),
        Check(
            "category_unknown",
            "SELECT DISTINCT ON (line) line, code AS detail FROM (SELECT line, unnest(codes) AS code "
            "FROM staged_licences) AS s WHERE code NOT IN (SELECT code FROM licensing_licencecategory)",
        ),
        Check(
            "two_valid",
            "SELECT line, lines AS detail FROM (SELECT line, count(*) OVER same AS count, "
            "string_agg(line::text, ', ') OVER same AS lines FROM staged_licences x "
            f"WHERE state = '{_VALID}' AND {GOOD} "
            "WINDOW same AS (PARTITION BY person)) AS counted WHERE count > 1",
        ),
        Check(
            "valid_register",
            f"SELECT s.line, l.number AS detail FROM staged_licences s {_JOIN_DRIVER} JOIN licensing_driverlicence l "
            f"ON l.driver_id = d.id AND l.state = '{_VALID}' WHERE s.state = '{_VALID}'",
        ),
    ),
    before=(
        insert(
            Driver,
            f"(SELECT DISTINCT coalesce(p.id, f.id) AS person FROM {{chunk}} s {_JOIN_PERSON}) AS s "
            "WHERE NOT EXISTS (SELECT FROM licensing_driver d WHERE d.person_id = s.person)",
            person_id="s.person",
        ),
    ),
    entries=insert(
        DriverLicence,
        f"{{chunk}} s {_JOIN_DRIVER} {_OFFICE}",
        driver_id="d.id",
        number="s.number",
        issued_at=moment("s.issued_on"),
        valid_until="s.valid_until",
        office_id="o.id",
        origin=f"'{LicenceOrigin.IMPORTED.value}'",
        import_reference="'registry import {import}, line ' || s.line",
        restrictions="s.restrictions",
        state="s.state",
        state_changed_at=moment("s.issued_on"),
        state_reason="s.reason",
    ),
    after=(
        insert(
            LicenceGrant,
            "{chunk} s JOIN licensing_driverlicence l ON l.number = s.number "
            "CROSS JOIN LATERAL unnest(s.codes, s.days) AS g (code, since)",
            licence_id="l.id",
            category_id="g.code",
            since="g.since",
        ),
    ),
    problems={
        "grants": _("“%(column)s” must be categories, each with its day: “B:2015-05-01 C1:2018-02-02”."),
        "driver_unknown": _("The driver is neither in people.csv nor in the register."),
        "office_unknown": _("There is no police office %(detail)s."),
        "category_unknown": _("There is no category %(detail)s."),
        "two_valid": _("Lines %(detail)s are all valid for one driver. Only one can be."),
        "valid_register": _("The driver has the valid licence %(detail)s in the register."),
    },
)
