"""Tables of the simulator with any number of new cars and their owners, and what a portal files about them (VR-1)."""

from __future__ import annotations

import csv
from pathlib import Path
from shutil import copytree

from bench.register_files import vin_of
from bench.seeding import iin_of
from registers.simulator.data import DEFAULT_FOLDER

# Owners that no other bench has.
FIRST_OWNER = 400_000
OFFICE = "0201"
Row = dict[str, str]


def write(folder: Path, count: int) -> None:
    """Write the demo's tables to `folder`, with `count` cars more, each with owner, passport and certificate.

    They are those of the demo's second person and car, with numbers of their own.
    """
    copytree(DEFAULT_FOLDER, folder, dirs_exist_ok=True)
    for table, numbers in (
        ("people", _person),
        ("vehicles", _vehicle),
        ("passports", _passport),
        ("recycling_certificates", _certificate),
    ):
        with (folder / f"{table}.csv").open("r+", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns, (_first, second, *_others) = rows.fieldnames or (), list(rows)
            writer = csv.DictWriter(file, columns)
            writer.writerows({**second, **numbers(place)} for place in range(count))


def filing(place: int, scan: Path) -> dict[str, object]:
    """What examples/portal_api files about car number `place`, its contract certified by a notary."""
    return {
        "service": "VR",
        "subservice": "VR-1",
        "office": OFFICE,
        "applicant": _owner(place),
        "details": {"vin": vin_of(place), "ownership_proof": "notarised"},
        "documents": {"ownership_proof": str(scan)},
    }


def _owner(place: int) -> str:
    return iin_of(FIRST_OWNER + place)[0]


def _person(place: int) -> Row:
    iin, born = iin_of(FIRST_OWNER + place)
    papers = {"document_number": f"{700_000_000 + place}"}
    return {**papers, "id": f"B-{place}", "iin": iin, "birth_date": born.isoformat(), "sex": "male"}


def _vehicle(place: int) -> Row:
    return {"id": _car(place), "vin": vin_of(place), "engine_number": f"E{place:09d}"}


def _passport(place: int) -> Row:
    return {"number": f"1643{place:011d}", "vehicle": _car(place), "owner_identifier": _owner(place)}


def _certificate(place: int) -> Row:
    return {"number": f"{80_000_000 + place:09d}", "vehicle": _car(place), "payer_identifier": _owner(place)}


def _car(place: int) -> str:
    return f"BV-{place}"
