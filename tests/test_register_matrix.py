"""Which register each service asks about whom: the last table of the law's page, cell by cell, as one test.

Rows: VR.9.3–VR.9.8, PD.9.3–PD.9.7, DL.9.3, DL.9.4, and who is asked about for an organisation (through its person).
"""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from applications import intake
from applications.models import Application
from applications.services import facts_of, service_of, standard_of
from applications.standards import Channel
from people.models import Person
from registers.contract import Outcome, ask
from tests.fixtures_road import Road

BOTH = ("applicant", "representative")
APPLICANT = ("applicant",)


@dataclass(frozen=True)
class Cell:
    """One question of the table: its row, of whom it is asked (only people: "people"), and the scope of fines."""

    row: str
    subjects: tuple[str, ...]
    people: bool = False
    scope: str = ""


# The table, transcribed: question → cell. A question that a service does not ask is absent.
MATRIX: dict[str, dict[str, Cell]] = {
    "VR": {
        "identity": Cell("VR.9.1", BOTH, people=True),
        "consent": Cell("VR.9.3", APPLICANT),
        "fines": Cell("VR.9.4", APPLICANT, scope="any"),
        "wanted_persons": Cell("VR.9.5", BOTH, people=True),
        "terrorism_list": Cell("VR.9.6", BOTH),
        "proliferation_list": Cell("VR.9.6", BOTH),
    },
    "PD": {
        "identity": Cell("PD.9.2", BOTH, people=True),
        "consent": Cell("PD.9.7", APPLICANT),
        "fines": Cell("PD.9.4", APPLICANT, scope="overdue"),
        "wanted_persons": Cell("PD.9.6", BOTH, people=True),
        "terrorism_list": Cell("PD.9.5", APPLICANT),
    },
    "DL": {
        "identity": Cell("DL.9.1", BOTH, people=True),
        "consent": Cell("DL.9.4", APPLICANT),
        "fines": Cell("DL.9.3", APPLICANT, scope="overdue"),
    },
}
# What is asked of the thing and not of people, by sub-service at the front desk.
OF_THE_THING = {
    "VR-1": {"wanted_vehicles", "restrictions", "foreign_registration", "vehicle_passport", "recycling"},
    "VR-2": {"wanted_vehicles", "restrictions"},
    "VR-3": {"wanted_vehicles", "restrictions"},
    "VR-4": {"wanted_vehicles", "restrictions", "temporary_import"},
    "PD": {"wanted_vehicles"},
    "DL-1": {"deprivation"},
    "DL-2": {"deprivation"},
}
PARTY = {"identity", "organisations", "consent", "fines"}
ABOUT_PEOPLE = PARTY | {"wanted_persons", "terrorism_list", "proliferation_list"}
SUBSERVICES = (
    *(("VR", f"VR-{number}") for number in (1, 2, 3, 4)),
    ("PD", "PD"),
    ("DL", "DL-1"),
    ("DL", "DL-2"),
)


def opened(road: Road, service: str, subservice: str, applicant: str, representative: str = "") -> Application:
    acting = road.applicant(representative) if representative else None
    assert acting is None or isinstance(acting, Person)
    return intake.open_draft(
        actor=road.desk,
        service_code=service,
        subservice=subservice,
        channel=Channel.FRONT_DESK,
        applicant=road.applicant(applicant),
        representative=acting,
        now=timezone.now(),
    )


def asked(application: Application) -> set[tuple[str, str, str, str]]:
    """(row, question, of whom, scope) of everything the service asks about people and organisations."""
    return {
        (item.row, item.code, item.subject, getattr(item.question, "scope", ""))
        for item in service_of(application).checks(application, facts_of(application))
        if item.code in ABOUT_PEOPLE
    }


def expected(service: str, kinds: dict[str, str]) -> set[tuple[str, str, str, str]]:
    """The table for parties of these kinds: "applicant" and perhaps "representative" → person or organisation."""
    cells = {
        (cell.row, code, subject, cell.scope)
        for code, cell in MATRIX[service].items()
        for subject in cell.subjects
        if subject in kinds and (kinds[subject] == "person" or not cell.people)
    }
    if kinds["applicant"] == "organisation":
        cells.add((MATRIX[service]["identity"].row, "organisations", "applicant", ""))
    return cells


@pytest.mark.parametrize("representative", ["", "P-02"], ids=["alone", "represented"])
@pytest.mark.parametrize("applicant", ["P-01", "O-01"], ids=["person", "organisation"])
@pytest.mark.parametrize(("service", "subservice"), SUBSERVICES, ids=[pair[1] for pair in SUBSERVICES])
def test_each_service_asks_exactly_what_its_rows_name(
    road: Road, service: str, subservice: str, applicant: str, representative: str
):
    """VR.9.3, VR.9.4, VR.9.5, VR.9.6, PD.9.4, PD.9.5, PD.9.6, PD.9.7, DL.9.3, DL.9.4"""
    if (service, applicant) == ("DL", "O-01"):
        application = opened(road, service, subservice, applicant, representative)
        assert "applicant" in service_of(application).intake_problems(application)
        return
    application = opened(road, service, subservice, applicant, representative)
    kinds = {"applicant": "organisation" if applicant.startswith("O") else "person"}
    if representative:
        kinds["representative"] = "person"

    assert asked(application) == expected(service, kinds)


@pytest.mark.parametrize(("service", "subservice"), SUBSERVICES, ids=[pair[1] for pair in SUBSERVICES])
def test_nothing_else_is_asked_of_the_vehicle(road: Road, service: str, subservice: str):
    """VR.9.5, VR.9.7, VR.9.8 (primary only), VR.8.1c, VR.8.1d, PD.9.6; a licence asks nothing of a vehicle."""
    application = opened(road, service, subservice, "P-01")
    rules = standard_of(application).checks_for(facts_of(application))
    of_drivers = {"medical_certificate", "driving_course", "exams"}
    found = {rule.code for rule in rules} - ABOUT_PEOPLE - {"payments"} - of_drivers

    assert found == OF_THE_THING[subservice]


@pytest.mark.parametrize(
    ("applicant", "refusing"),
    [
        ("P-01", {"VR": set(), "PD": set(), "DL": set()}),
        ("P-13", {"VR": {"VR.9.4"}, "PD": set(), "DL": set()}),
        ("P-14", {"VR": {"VR.9.4"}, "PD": {"PD.9.4"}, "DL": {"DL.9.3"}}),
        ("P-16", {"VR": {"VR.9.5"}, "PD": {"PD.9.6"}, "DL": set()}),
        ("P-19", {"VR": {"VR.9.6"}, "PD": {"PD.9.5"}, "DL": set()}),
        ("P-21", {"VR": {"VR.9.6"}, "PD": set(), "DL": set()}),
        ("P-24", {"VR": {"VR.9.3"}, "PD": {"PD.9.7"}, "DL": {"DL.9.4"}}),
    ],
    ids=["clean", "fine in term", "fine overdue", "wanted", "terrorism", "proliferation", "no consent"],
)
def test_the_same_person_is_refused_by_the_rows_of_each_service(road: Road, applicant: str, refusing: dict):
    """Over the wire: a fine inside its term blocks only a registration; only VR asks for the proliferation list."""
    found = {}
    for service, subservice in (("VR", "VR-1"), ("PD", "PD"), ("DL", "DL-1")):
        application = opened(road, service, subservice, applicant)
        questions = service_of(application).checks(application, facts_of(application))
        of_people = [item for item in questions if item.code in ABOUT_PEOPLE]
        found[service] = {item.ground for item in of_people if ask(item.question).outcome == Outcome.HIT}

    assert found == refusing


@pytest.mark.parametrize(("service", "row"), [("VR", "VR.9.6"), ("PD", "")], ids=["VR", "PD"])
def test_a_listed_representative_matters_to_registration_only(road: Road, service: str, row: str):
    """VR.9.6 names the representative, PD.9.5 does not."""
    application = opened(road, service, "VR-1" if service == "VR" else "PD", "P-01", "P-19")
    questions = service_of(application).checks(application, facts_of(application))
    lists = [item for item in questions if item.code == "terrorism_list" and item.subject == "representative"]
    found = {item.row for item in lists if ask(item.question).outcome == Outcome.HIT}

    assert found == ({row} if row else set())
