"""Folders with files of the earlier register: one good car, and whatever a test changes about it."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from applications.acting import Actor
from legacy.importing import Outcome, run
from legacy.kinds import all_kinds
from offices.demo import load as load_offices
from people.identifiers import Sex, make_bin, make_iin

BORN = date(1985, 4, 12)
OWNER, OTHER = make_iin(BORN, Sex.MALE, 33), make_iin(BORN, Sex.MALE, 45)
COMPANY = make_bin(2012, 3, 113)
VIN, OTHER_VIN = "XWFVK2344JK360571", "XWBVN2390LX361423"
PLATE, OTHER_PLATE = "052ALM02", "053ALM02"
SRTS, OTHER_SRTS = "AE20600001", "AE20600002"


def person(iin=OWNER, **values):
    names = {"surname": "Ахметов", "given_name": "Ерлан", "birth_date": "1985-04-12", "sex": "male"}
    return {"iin": iin, **names, **values}


def vehicle(vin=VIN, **values):
    numbers = {"year": "2019", "unladen_mass_kg": "1570", "maximum_mass_kg": "2030"}
    named = {"category": "M1", "make": "Toyota", "model": "Camry", "colour": "white", "fuel": "petrol"}
    return {"vin": vin, **named, **numbers, **values}


def ownership(vehicle=VIN, owner=OWNER, since="2019-06-14", **values):
    return {"vehicle": vehicle, "owner": owner, "since": since, **values}


def registration(vehicle=VIN, plate=PLATE, registered_on="2019-06-14", **values):
    named = {"office": "0201", "kind": "primary"}
    return {"vehicle": vehicle, "plate": plate, "registered_on": registered_on, **named, **values}


def certificate(number=SRTS, vehicle=VIN, issued_on="2019-06-14", **values):
    return {"number": number, "vehicle": vehicle, "issued_on": issued_on, "state": "valid", **values}


GOOD = {
    "people": [person()],
    "vehicles": [vehicle()],
    "ownerships": [ownership()],
    "registrations": [registration()],
    "certificates": [certificate()],
}


@dataclass
class Registry:
    """A folder to be loaded, and what the last loading reported."""

    folder: Path
    report_path: Path

    def write(self, **files) -> None:
        """Write the files given, each a list of rows; columns that a row leaves out are empty."""
        names = {kind.name: [column.name for column in kind.columns] for kind in all_kinds()}
        for name, rows in files.items():
            with self.path(name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names[name])
                writer.writeheader()
                writer.writerows(rows)

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    def change(self, name: str, replace: bytes, by: bytes) -> None:
        """Change the bytes of a file."""
        content = self.path(name).read_bytes()
        assert replace in content
        self.path(name).write_bytes(content.replace(replace, by))

    def load(self, **options) -> Outcome:
        return run(self.folder, actor=Actor.automatic(), now=timezone.now(), report_path=self.report_path, **options)

    def reported(self) -> list[tuple[str, int, str]]:
        """File, line and code of each bad row in the report."""
        with self.report_path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["file"], int(row["line"]), row["code"]) for row in csv.DictReader(file)]

    def codes(self, **files) -> list[tuple[str, int, str]]:
        """What is reported when the good car is loaded with these files instead of its own."""
        self.write(**{**GOOD, **files})
        self.load()
        return self.reported()


@pytest.fixture
def registry(plate_formats, tmp_path) -> Registry:
    """An empty register with the demo offices, and an empty folder."""
    load_offices(timezone.now())
    folder = tmp_path / "registry"
    folder.mkdir()
    return Registry(folder, tmp_path / "report.csv")
