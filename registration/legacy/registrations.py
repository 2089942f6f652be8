"""Registrations of the earlier register, each with the plate the vehicle had under it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legacy.kinds import GOOD, Check, Column, Kind, differences, insert, moment
from legacy.values import Wrong, day, one_of
from offices.models import OfficeKind
from plates.high_demand import is_high_demand
from plates.models import Plate, PlateFormat, PlateMovement, PlateReceipt, PlateState, RegionPlace
from registration.legacy.vehicles import IDENTITY, JOIN_VEHICLE, VEHICLE_UNKNOWN, compact, overlapping, unknown_vehicle
from registration.models import PlateAssignment, Registration, RegistrationKind

_BEGAN, _ENDED = moment("s.registered_on"), moment("s.ended_on")
_LAYOUTS = [PlateFormat(region_place=place) for place in RegionPlace]
_plate = compact(12)

_OFFICE = f"JOIN offices_office o ON o.code = s.office AND o.kind = '{OfficeKind.POLICE.value}'"
# The first format for this kind of vehicle (Vehicle.kind) that the number fits; those issued now come first.
_FORMAT = """LATERAL (
    SELECT f.code, f.region_place FROM plates_plateformat f WHERE f.regex <> '' AND s.plate ~ f.regex AND f.vehicle_kind
        = CASE left({0}, 1) WHEN 'L' THEN 'motorcycle' WHEN 'O' THEN 'trailer' ELSE 'car' END
    ORDER BY f.is_current DESC, f.code LIMIT 1) f"""
_CARRIED = "CASE f.region_place WHEN 'right' THEN right(s.plate, 2) WHEN 'left' THEN left(s.plate, 2) END"
# What a row says together with the category of its vehicle, be that in the register or in the files.
_WITH_CATEGORY = (
    f"staged_registrations s LEFT JOIN registration_vehicle t ON {IDENTITY.format('t')} = s.vehicle "
    "LEFT JOIN staged_vehicles v ON v.key = s.vehicle"
)

_MOVE = (
    "UPDATE plates_plate p SET state = '{state}', state_changed_at = {day}, moved_because = n.reference "
    "FROM legacy_plates n WHERE p.number = n.plate {which}"
)


def _derive(row: dict[str, str | None]) -> dict[str, str | None]:
    plate = row["plate"]
    if row["ended_on"] is None and not plate:
        raise Wrong("required", column="plate")
    if row["ended_on"] is not None and row["ended_on"] <= (row["registered_on"] or ""):
        raise Wrong("period")
    today = timezone.localdate()
    dear = [str(item.region_place) for item in _LAYOUTS if is_high_demand(item.split(plate or "")[0], today)]
    return {"key": f"{row['vehicle']} {row['registered_on']}", "dear": f"{{{','.join(dear)}}}"}


REGISTRATIONS = Kind(
    name="registrations",
    columns=(
        Column("vehicle", compact(30, required=True)),
        Column("office", compact(4, required=True)),
        # Temporary ones have a term and customs papers, which no earlier register kept: they are entered anew.
        Column("kind", one_of([RegistrationKind.PRIMARY.value, RegistrationKind.REGISTRATION.value])),
        Column("registered_on", day(), "date"),
        Column("ended_on", day(required=False), "date"),
        Column("plate", lambda value: _plate(value) or None),
    ),
    # `dear`: the places of the region under which the number would be of higher demand.
    derived={"key": "text", "dear": "text[]"},
    derive=_derive,
    models=(Registration, Plate, PlateMovement, PlateAssignment),
    key="key",
    known="SELECT s.line, "
    + differences(
        {
            "office": ("s.office", "o.code"),
            "kind": ("s.kind", "r.kind"),
            "ended_on": (_ENDED, "r.ended_at"),
            "plate": ("s.plate", "p.number"),
        }
    )
    + f" AS differs FROM staged_registrations s {JOIN_VEHICLE} "
    f"JOIN registration_registration r ON r.vehicle_id = t.id AND r.registered_at = {_BEGAN} "
    "JOIN offices_office o ON o.id = r.office_id LEFT JOIN registration_plateassignment a "
    "ON a.registration_id = r.id AND a.assigned_at = r.registered_at LEFT JOIN plates_plate p ON p.id = a.plate_id",
    checks=(
        unknown_vehicle("registrations"),
        Check(
            "office_unknown",
            f"SELECT s.line, s.office AS detail FROM staged_registrations s LEFT {_OFFICE} WHERE o.id IS NULL",
        ),
        overlapping("registrations", "registered_on", "ended_on"),
        Check(
            "overlap_register",
            f"SELECT s.line, '' AS detail FROM staged_registrations s {JOIN_VEHICLE} JOIN registration_registration r "
            f"ON r.vehicle_id = t.id AND r.registered_at <> {_BEGAN} "
            f"AND tstzrange(r.registered_at, r.ended_at) && tstzrange({_BEGAN}, {_ENDED})",
        ),
        Check(
            "owner_missing",
            f"SELECT s.line, '' AS detail FROM staged_registrations s LEFT {JOIN_VEHICLE} WHERE s.ended_on IS NULL "
            "AND NOT EXISTS (SELECT FROM registration_ownership w WHERE w.vehicle_id = t.id AND upper_inf(w.period)) "
            f"AND NOT EXISTS (SELECT FROM staged_ownerships x WHERE x.vehicle = s.vehicle AND x.until IS NULL "
            f"AND {GOOD})",
            asks_others=True,
        ),
        Check(
            "plate_format",
            f"SELECT s.line, s.plate AS detail FROM {_WITH_CATEGORY} LEFT JOIN "
            f"{_FORMAT.format('coalesce(t.category, v.category)')} ON true "
            "WHERE s.plate IS NOT NULL AND f.code IS NULL",
        ),
        overlapping("registrations", "registered_on", "ended_on", "plate", code="plate_overlap"),
        Check(
            "plate_region",
            "SELECT s.line, s.plate AS detail FROM (SELECT DISTINCT ON (s.plate) s.line, s.plate, s.office, "
            f"{_CARRIED} AS region FROM {_WITH_CATEGORY} CROSS JOIN "
            f"{_FORMAT.format('coalesce(t.category, v.category)')} "
            "WHERE s.problem IS NULL ORDER BY s.plate, s.registered_on) AS s "
            "WHERE left(s.office, 2) <> s.region AND NOT EXISTS (SELECT FROM plates_plate p JOIN "
            "registration_plateassignment a ON a.plate_id = p.id WHERE p.number = s.plate)",
        ),
        Check(
            "plate_in_stock",
            "SELECT s.line, s.plate AS detail FROM staged_registrations s JOIN plates_plate p ON p.number = s.plate "
            f"WHERE p.state NOT IN ('{PlateState.ASSIGNED.value}', '{PlateState.SURRENDERED.value}')",
        ),
        Check(
            "plate_elsewhere",
            "SELECT s.line, s.plate AS detail FROM staged_registrations s JOIN plates_plate p ON p.number = s.plate "
            f"WHERE s.ended_on IS NULL AND (p.state <> '{PlateState.ASSIGNED.value}' OR EXISTS (SELECT FROM "
            "registration_plateassignment a WHERE a.plate_id = p.id AND a.ended_at IS NULL))",
        ),
    ),
    # A plate's first registration comes first: it is the one in the plate's own region.
    order="registered_on, line",
    indexed=("plate",),
    before=(
        "DROP TABLE IF EXISTS legacy_plates",
        "CREATE TEMPORARY TABLE legacy_plates AS SELECT DISTINCT ON (s.plate) s.plate, s.dear, o.id AS office_id, "
        "o.region_id, f.code, f.region_place, 'registry import {import}, ' || f.code || ', {first}' AS reference, "
        "(SELECT bool_or(x.ended_on IS NULL) FROM staged_registrations x "
        f"WHERE x.plate = s.plate AND {GOOD}) AS is_on_a_vehicle, (SELECT max(x.ended_on) "
        f"FROM staged_registrations x WHERE x.plate = s.plate AND {GOOD}) AS last, "
        f"s.registered_on AS first FROM {{chunk}} s {JOIN_VEHICLE} "
        f"{_OFFICE} CROSS JOIN {_FORMAT.format('t.category')} WHERE NOT EXISTS "
        "(SELECT FROM plates_plate p WHERE p.number = s.plate) ORDER BY s.plate, s.registered_on",
        insert(
            PlateReceipt,
            "legacy_plates GROUP BY office_id, code, reference",
            office_id="office_id",
            format_id="code",
            first_number="min(plate)",
            last_number="max(plate)",
            count="count(*)",
            reference="reference",
            received_at="now()",
        ),
        insert(
            Plate,
            "legacy_plates n JOIN plates_platereceipt r ON r.office_id = n.office_id AND r.reference = n.reference",
            number="n.plate",
            format_id="n.code",
            region_id="n.region_id",
            office_id="n.office_id",
            receipt_id="r.id",
            is_high_demand="n.region_place = ANY(n.dear)",
            # How long it lay in stock is not known: the day before will do.
            state_changed_at=f"{moment('n.first')} - interval '1 day'",
        ),
        # Through the states that every plate goes through, so that its movements are written down.
        _MOVE.format(state=PlateState.ASSIGNED.value, day=moment("n.first"), which=""),
        _MOVE.format(state=PlateState.SURRENDERED.value, day=moment("n.last"), which="AND NOT n.is_on_a_vehicle"),
    ),
    entries=insert(
        Registration,
        f"{{chunk}} s {JOIN_VEHICLE} {_OFFICE}",
        vehicle_id="t.id",
        office_id="o.id",
        kind="s.kind",
        registered_at=_BEGAN,
        ended_at=_ENDED,
        registry_import_id="{import}",
    ),
    after=(
        insert(
            PlateAssignment,
            f"{{chunk}} s {JOIN_VEHICLE} JOIN registration_registration r ON r.vehicle_id = t.id "
            f"AND r.registered_at = {_BEGAN} JOIN plates_plate p ON p.number = s.plate ORDER BY s.place",
            plate_id="p.id",
            registration_id="r.id",
            assigned_at=_BEGAN,
            ended_at=_ENDED,
        ),
    ),
    problems={
        "vehicle_unknown": VEHICLE_UNKNOWN,
        "office_unknown": _("There is no police office %(detail)s."),
        "overlap": _("The period overlaps with that of line %(detail)s; neither is loaded. Correct the dates."),
        "overlap_register": _("The register has another registration of the vehicle in this period."),
        "owner_missing": _("The vehicle has no owner of today: neither in ownerships.csv nor in the register."),
        "plate_format": _("The plate %(detail)s has none of the layouts for this kind of vehicle."),
        "plate_overlap": _("The plate is on another vehicle at the same time: line %(detail)s. Neither is loaded."),
        "plate_region": _("The plate %(detail)s is of another region, and no earlier registration there is known."),
        "plate_in_stock": _("The plate %(detail)s lies in the stock of an office, or was destroyed."),
        "plate_elsewhere": _("The plate %(detail)s is on another vehicle in the register, or was handed in."),
    },
)
