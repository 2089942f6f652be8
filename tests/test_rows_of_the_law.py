"""No row of the law stands unnamed: each is named by a test of what the portal does, beside being carried as text.

Named is a row in the name, the docstring, the parameters or the body of a test, or in a table it goes through.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from django.utils import timezone

from applications import deciding, intake
from applications.errors import DomainError
from applications.services import standard_of
from applications.standards import Channel
from applications.states import State
from offices.models import OfficeKind
from tests.fixtures_desk import make_case
from tests.fixtures_road import Road
from tests.test_standards import ROWS, STANDARDS

ROW = re.compile(r"\b(?:VR|PD|DL|LAW)[.-][0-9A-Z](?:[0-9A-Za-z.]*[0-9A-Za-z])?")


def named_rows() -> dict[str, set[str]]:
    """Row → the tests that name it, those of the standards' text left out: they name every row at once."""
    found = defaultdict(set)
    for path in Path(__file__).parent.glob("test_*.py"):
        if path.stem == "test_standards":
            continue
        module = ast.parse(path.read_text())
        tables = {
            target.id: ast.unparse(node)
            for node in module.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                used = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)} & set(tables)
                text = "\n".join([ast.unparse(node), *(tables[name] for name in used)])
                for row in {*ROW.findall(text), *of_the_name(node.name)}:
                    found[row].add(f"{path.stem}::{node.name}")
    return found


def of_the_name(test: str) -> list[str]:
    """The rows that the name of a test ends with: "…_vr_8_3c" names VR.8.3c."""
    match = re.search(r"_(vr|pd|dl)_(\d+)(?:_(\d+[a-z]?))?(?:_(\d*[a-z]))?$", test)
    return [".".join(part for part in (match[1].upper(), *match.groups()[1:]) if part)] if match else []


@pytest.mark.parametrize("row", [row for listed in ROWS.values() for row in listed])
def test_a_row_is_named_by_a_test(row: str):
    assert named_rows_once()[row] != set()


@cache
def named_rows_once() -> dict[str, set[str]]:
    return named_rows()


def test_a_row_that_no_test_names_would_be_seen():
    assert named_rows_once()["VR.12." + "3x"] == set()
    assert of_the_name("test_dates_do_not_reach_the_online_channels_vr_8_3c") == ["VR.8.3c"]


# What all three services say alike, and what no other test is about.

SERVICES = [("VR", "VR-1"), ("PD", "PD"), ("DL", "DL-1")]


@pytest.mark.parametrize(
    ("row", "service", "subservice"),
    [(row, *pair) for row, pair in zip(["VR.1", "PD.1", "DL.1"], SERVICES, strict=True)],
)
def test_the_police_provide_the_service_and_a_front_desk_decides_nothing(
    road: Road, row: str, service: str, subservice: str
):
    application = intake.open_draft(
        actor=road.desk,
        service_code=service,
        subservice=subservice,
        channel=Channel.FRONT_DESK,
        applicant=road.applicant("P-01"),
        now=timezone.now(),
    )
    standard = standard_of(application)
    assert (standard.provider_row, standard.provider.ru) == (row, "Территориальные органы полиции")
    assert application.office.kind == OfficeKind.POLICE
    assert application.front_desk.serves == application.office
    with pytest.raises(DomainError) as refused:
        deciding.approve(actor=road.desk, number=application.number, version=None, now=timezone.now())
    assert refused.value.code == "role"


@pytest.mark.parametrize(("row", "service"), [("VR.4", "VR"), ("PD.4", "PD"), ("DL.4", "DL")])
def test_the_form_is_electronic_or_paper(row: str, service: str):
    standard = STANDARDS[service]
    assert (standard.form_row, standard.form.ru) == (row, "Электронная (частично автоматизированная) или бумажная")


def test_the_hours_of_licences_are_those_of_vehicles():
    """DL.7, PD.7: as VR.7a at the offices; DL.7 as VR.7b online, PD.7 of egov.kz alone."""
    says = {service: [hours.says.ru for hours in standard.hours] for service, standard in STANDARDS.items()}
    rows = {service: [hours.row for hours in standard.hours] for service, standard in STANDARDS.items()}
    assert rows == {"VR": ["VR.7a", "VR.7b"], "PD": ["PD.7", "PD.7"], "DL": ["DL.7", "DL.7"]}
    assert says["DL"] == says["VR"]
    assert says["PD"][0] == says["VR"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "service", "subservice"),
    [(row, *pair) for row, pair in zip(["VR.10", "PD.10", "DL.10"], SERVICES, strict=True)],
)
def test_the_status_is_seen_remotely(client, almaty_police, almaty_front_desk, row, service, subservice):
    standard = STANDARDS[service]
    assert standard.status_row == row
    assert all(way in standard.status.ru for way in ("egov.kz", "канцелярию услугодателя", "1414", "8 800 080 7777"))
    case = make_case(almaty_police, State.REVIEW, front_desk=almaty_front_desk, service=service, subservice=subservice)
    answer = client.post("/status/", {"number": case.number, "digits": case.applicant.identifier[-4:]}, secure=True)
    assert answer.context["standing"].due_at == case.due_at
