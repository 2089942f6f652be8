"""Vehicles, owners, registrations with plates and SRTS of the earlier register, as legacy.importing loads them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from legacy.kinds import GOOD, Check, Column, Kind, differences, insert, moment
from legacy.parties import party
from legacy.values import Read, Wrong, day, identifier, number, one_of, text, yes_or_no
from people.identifiers import normalise_plate, parse_vin
from registration.models import Category, Colour, Fuel, Ownership, Vehicle

# SQL: the number that a vehicle of the register is known by; the index vehicle_identity answers it.
IDENTITY = "coalesce({0}.vin, nullif({0}.body_number, ''), {0}.chassis_number)"
OF_REGISTER = IDENTITY.format("t")
VEHICLE_UNKNOWN = _("The vehicle %(detail)s is neither in vehicles.csv nor in the register, or it is there twice.")
JOIN_VEHICLE = f"JOIN registration_vehicle t ON {OF_REGISTER} = s.vehicle"


def compact(longest: int, *, required: bool = False) -> Read:
    """A number in upper-case Latin without spaces and dashes."""
    read = text(longest, required=required)
    return lambda value: read(normalise_plate(value))


def _derive_vehicle(row: dict[str, str | None]) -> dict[str, str | None]:
    key = row["vin"] or row["body_number"] or row["chassis_number"]
    if not key:
        raise Wrong("no_number")
    if row["is_electric"] == row["is_hybrid"] == "t":
        raise Wrong("electric_hybrid")
    return {"key": key}


def unknown_vehicle(name: str) -> Check:
    """The vehicle of a row is neither in the register nor among the good rows of vehicles.csv, or not one only."""
    return Check(
        "vehicle_unknown",
        f"SELECT s.line, s.vehicle AS detail FROM staged_{name} s "
        f"WHERE NOT EXISTS (SELECT FROM registration_vehicle t WHERE {OF_REGISTER} = s.vehicle) AND NOT EXISTS "
        f"(SELECT FROM staged_vehicles x WHERE x.key = s.vehicle AND {GOOD}) "
        # Apart, for an "or" would have the database compare each row with each other.
        f"UNION SELECT s.line, s.vehicle FROM staged_{name} s WHERE s.vehicle IN "
        f"(SELECT {OF_REGISTER} FROM registration_vehicle t WHERE t.vin IS NULL "
        "GROUP BY 1 HAVING count(*) > 1)",
        asks_others=True,
    )


VEHICLE_COLUMNS = (
    Column("vin", identifier(parse_vin, required=False)),
    Column("body_number", compact(30)),
    Column("chassis_number", compact(30)),
    Column("category", one_of(Category.values)),
    Column("make", text(60)),
    Column("model", text(80)),
    Column("year", number(1900, 2200), "integer"),
    Column("colour", one_of(Colour.values)),
    Column("body_type", text(60, required=False)),
    Column("engine_number", text(30, required=False)),
    Column("engine_volume_cm3", number(0, 200_000, required=False), "integer"),
    Column("engine_power_kw", number(0, 99_999, required=False, decimals=True), "numeric(7, 2)"),
    Column("unladen_mass_kg", number(1, 1_000_000), "integer"),
    Column("maximum_mass_kg", number(1, 1_000_000), "integer"),
    Column("fuel", one_of(Fuel.values)),
    Column("is_electric", yes_or_no, "boolean"),
    Column("is_hybrid", yes_or_no, "boolean"),
    Column("is_tractor_unit", yes_or_no, "boolean"),
    Column("ecological_class", number(0, 9, required=False), "smallint"),
    Column("special_marks", text(300, required=False)),
    Column("passport_number", text(30, required=False)),
)
_VEHICLE_NAMES = [column.name for column in VEHICLE_COLUMNS]

VEHICLES = Kind(
    name="vehicles",
    columns=VEHICLE_COLUMNS,
    derived={"key": "text"},
    derive=_derive_vehicle,
    models=(Vehicle,),
    key="key",
    known="SELECT s.line, "
    + differences({name: (f"s.{name}", f"t.{name}") for name in _VEHICLE_NAMES})
    + f" AS differs FROM staged_vehicles s JOIN registration_vehicle t ON {OF_REGISTER} = s.key",
    checks=(),
    entries=insert(
        Vehicle, "{chunk} s", registry_import_id="{import}", **{name: f"s.{name}" for name in _VEHICLE_NAMES}
    ),
)


def _derive_ownership(row: dict[str, str | None]) -> dict[str, str | None]:
    person, organisation = party(row["owner"] or "")
    if row["until"] is not None and row["until"] <= (row["since"] or ""):
        raise Wrong("period")
    key = f"{row['vehicle']} {row['since']}"
    return {"person": person or None, "organisation": organisation or None, "key": key}


_OWNER_OF_REGISTER = (
    "LEFT JOIN people_person p ON p.iin = s.person "
    "LEFT JOIN people_person f ON f.iin IS NULL AND f.citizenship = split_part(s.person, ':', 1) "
    "AND f.document_number = split_part(s.person, ':', 2) "
    "LEFT JOIN people_organisation o ON o.bin = s.organisation"
)
_SINCE, _UNTIL = moment("s.since"), moment("s.until")


def overlapping(name: str, since: str, until: str, owner: str = "vehicle", *, code: str = "overlap") -> Check:
    """Periods of one `owner` that overlap in the file: none of them is loaded, for nobody knows which one is true."""
    return Check(
        code,
        f"""
        WITH placed AS (
            SELECT line, {since} AS since, coalesce({until}, 'infinity') AS until, {owner} AS owner,
                max(coalesce({until}, 'infinity')) OVER earlier AS before, min({since}) OVER later AS after,
                lag(line) OVER (PARTITION BY {owner} ORDER BY {since}, line) AS previous,
                lead(line) OVER (PARTITION BY {owner} ORDER BY {since}, line) AS next
            FROM staged_{name} WHERE {owner} IS NOT NULL AND (problem IS NULL OR problem = 'known')
            WINDOW earlier AS (PARTITION BY {owner} ORDER BY {since}, line
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   later AS (PARTITION BY {owner} ORDER BY {since}, line
                             ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING))
        SELECT line, (CASE WHEN before > since THEN previous ELSE next END)::text AS detail
        FROM placed WHERE before > since OR after < until""",
    )


OWNERSHIPS = Kind(
    name="ownerships",
    columns=(
        Column("vehicle", compact(30, required=True)),
        Column("owner", text(36)),
        Column("since", day(), "date"),
        Column("until", day(required=False), "date"),
    ),
    derived={"person": "text", "organisation": "text", "key": "text"},
    derive=_derive_ownership,
    models=(Ownership,),
    key="key",
    known="SELECT s.line, "
    + differences(
        {
            "owner": (
                "coalesce(p.id, f.id, o.id * -1)",
                "coalesce(w.owner_person_id, w.owner_organisation_id * -1)",
            ),
            "until": (_UNTIL, "upper(w.period)"),
        }
    )
    + f" AS differs FROM staged_ownerships s {JOIN_VEHICLE} "
    f"JOIN registration_ownership w ON w.vehicle_id = t.id AND lower(w.period) = {_SINCE} {_OWNER_OF_REGISTER}",
    checks=(
        unknown_vehicle("ownerships"),
        Check(
            "owner_unknown",
            f"SELECT s.line, '' AS detail FROM staged_ownerships s {_OWNER_OF_REGISTER} "
            "WHERE coalesce(p.id, f.id, o.id) IS NULL AND NOT EXISTS (SELECT FROM staged_people x WHERE "
            f"x.key = s.person AND {GOOD}) AND NOT EXISTS (SELECT FROM "
            f"staged_organisations x WHERE x.bin = s.organisation AND {GOOD})",
            asks_others=True,
        ),
        overlapping("ownerships", "since", "until"),
        Check(
            "overlap_register",
            f"SELECT s.line, '' AS detail FROM staged_ownerships s {JOIN_VEHICLE} JOIN registration_ownership w "
            f"ON w.vehicle_id = t.id AND w.period && tstzrange({_SINCE}, {_UNTIL}) AND lower(w.period) <> {_SINCE}",
        ),
    ),
    entries=insert(
        Ownership,
        f"{{chunk}} s {JOIN_VEHICLE} {_OWNER_OF_REGISTER}",
        vehicle_id="t.id",
        owner_person_id="coalesce(p.id, f.id)",
        owner_organisation_id="o.id",
        period=f"tstzrange({_SINCE}, {_UNTIL})",
        registry_import_id="{import}",
    ),
    problems={
        "vehicle_unknown": VEHICLE_UNKNOWN,
        "owner_unknown": _("The owner is neither in people.csv or organisations.csv nor in the register."),
        "overlap": _("The period overlaps with that of line %(detail)s; neither is loaded. Correct the dates."),
        "overlap_register": _("The register has another owner of the vehicle in this period."),
    },
)
