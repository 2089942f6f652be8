"""Reads docs/demo-data.md: the tables of people, organisations and vehicles, and what each register answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registers.contract import (
    ConsentQuestion,
    DeprivationsQuestion,
    DrivingCoursesQuestion,
    ExamsQuestion,
    FinesQuestion,
    ForeignRegistrationQuestion,
    IdentityQuestion,
    MedicalCertificateQuestion,
    OrganisationQuestion,
    PaymentReference,
    PaymentsQuestion,
    Question,
    RecyclingCertificateQuestion,
    RestrictionsQuestion,
    SanctionsQuestion,
    TemporaryImportQuestion,
    VehiclePassportQuestion,
    WantedPersonQuestion,
    WantedVehicleQuestion,
)
from tests.fixtures_registers import DEMO, ROOT

PAGE = Path(ROOT, "docs", "demo-data.md")
BY_VEHICLE: dict[str, Any] = {
    "wanted_vehicles": WantedVehicleQuestion,
    "restrictions": RestrictionsQuestion,
    "foreign_registration": ForeignRegistrationQuestion,
    "vehicle_passport": VehiclePassportQuestion,
    "recycling": RecyclingCertificateQuestion,
    "temporary_import": TemporaryImportQuestion,
}

BY_DRIVER: dict[str, Any] = {
    "medical_certificates": MedicalCertificateQuestion,
    "driving_courses": DrivingCoursesQuestion,
    "exams": ExamsQuestion,
    "deprivations": DeprivationsQuestion,
}


@dataclass(frozen=True)
class DemoRow:
    """One row of the last table of the page."""

    row: str
    register: str
    asked_about: str
    more: dict[str, Any]
    outcome: str
    finding: str
    law: str

    @property
    def label(self) -> str:
        """What pytest calls the row: it names the rows of the law."""
        return f"{self.row} {self.register} {self.asked_about} {self.law}"


def table(heading: str) -> list[dict[str, str]]:
    """The rows of the table under a heading; a dash is an empty cell."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    names = lines[0]
    return [dict(zip(names, ("" if cell == "–" else cell for cell in line), strict=True)) for line in lines[2:]]


def demo_rows() -> list[DemoRow]:
    """What each register answers."""
    return [
        DemoRow(
            row=cells["row"],
            register=cells["register"],
            asked_about=cells["asked about"],
            more=dict(pair.split("=", 1) for pair in cells["more of the question"].split("; ") if pair),
            outcome=cells["outcome"],
            finding=cells["finding"],
            law=cells["law"],
        )
        for cells in table("What each register answers")
    ]


def demo_question(row: DemoRow) -> Question:
    """The question of a row, with the numbers and names that the data has for its id."""
    if row.register in BY_VEHICLE:
        question: Question = BY_VEHICLE[row.register](**_vehicle(row), **row.more)
        return question
    subject = _subject(row.asked_about)
    if row.register in BY_DRIVER:
        more = {name: tuple(value.split(",")) if name == "categories" else value for name, value in row.more.items()}
        about: Question = BY_DRIVER[row.register](identifier=subject["identifier"], **more)
        return about
    if row.register == "identity":
        return IdentityQuestion(iin=subject["identifier"])
    if row.register == "organisations":
        return OrganisationQuestion(bin=subject["identifier"])
    if row.register == "consent":
        return ConsentQuestion(iin_or_bin=subject["identifier"], **row.more)
    if row.register == "fines":
        return FinesQuestion(identifier=subject["identifier"], **row.more)
    if row.register == "wanted_persons":
        return WantedPersonQuestion(iin=subject.pop("identifier"), **subject)
    return SanctionsQuestion(
        list="terrorism" if row.register == "terrorism_list" else "proliferation",
        kind="organisation" if row.asked_about.startswith("O-") else "person",
        **subject,
    )


def _vehicle(row: DemoRow) -> dict[str, str]:
    found = DEMO.first("vehicles", id=row.asked_about) or {}
    names = ["vin", "body_number", "chassis_number", *(["plate"] if row.register == "wanted_vehicles" else [])]
    return {name: found[name] for name in names if found}


def _subject(asked_about: str) -> dict[str, str]:
    if person := DEMO.first("people", id=asked_about):
        names = ("surname", "given_name", "patronymic", "birth_date")
        return {"identifier": person["iin"], **{name: person[name] for name in names}}
    if organisation := DEMO.first("organisations", id=asked_about):
        return {"identifier": organisation["bin"], "surname": organisation["name_ru"]}
    return {"identifier": asked_about}


def any_question(register: str) -> Question:
    """The first question that a register is asked in the table; the clients can ask it without trouble."""
    if register == "payments":
        return PaymentsQuestion((PaymentReference("A-1", "100"),))
    return demo_question(next(row for row in demo_rows() if row.register == register))
