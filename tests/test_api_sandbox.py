"""docs/api/sandbox.md is true: every row of its tables is walked over HTTP."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from api import sandbox
from api.codes import CODES
from api.sandbox import TABLE, Course, Row
from applications import checking, holding
from applications.models import Application, JournalEntry, OutboxMessage
from applications.states import State
from applications.tasks import fire
from legacy import demo
from licensing.models import LicenceBlank, LicenceForm
from offices.models import Office, Staff
from plates.models import Plate
from registration.models import CertificateBlank
from tests.fixtures_api import Caller, opened
from tests.fixtures_registers import ROOT
from tests.fixtures_road import Road, scan, work

PAGE = Path(ROOT, "docs", "api", "sandbox.md")
SELLER = "770425307845"
pytestmark = pytest.mark.django_db


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n\n|", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in section.splitlines()[2:]]
    return [["" if cell == "–" else cell for cell in row] for row in rows]


def test_the_page_shows_the_table_that_is_acted_on():
    told = [(iin, file, about, State(stays), ground) for iin, file, about, stays, ground, _says in table("Outcomes")]
    assert told == [(row.iin, row.subservice, row.about, row.ends, row.ground) for row in TABLE]


@pytest.fixture
def on_sandbox(road, settings):
    """A sandbox with the cars of the demo register."""
    settings.SANDBOX = True
    demo.load(timezone.now())


@pytest.fixture
def signatures(signatures, settings):
    """The demo's authority; its stand-in for GOST keys is another simulator than the registers' and stays out."""
    settings.REGISTER_SIGNATURE_SERVICE_URL = ""
    return signatures


DETAILS: dict[str, Callable[[str], dict[str, Any]]] = {
    "VR-1": lambda about: {"vin": about, "ownership_proof": "notarised"},
    "VR-2": lambda about: {
        "act": "registration",
        "found_by": about,
        "seller_identifier": SELLER,
        "sold_on": timezone.localdate().isoformat(),
        "ownership_proof": "notarised",
        "plates_kept": "yes",
    },
    "VR-3": lambda about: {"found_by": about, "update_reasons": ["certificate"]},
    "PD": lambda about: {"plate": about, "plate_count": 2, "reason": "lost"},
    "DL-1": lambda about: {"act": "exchange"},
}


def drafted(portal: Caller, iin: str, subservice: str, about: str) -> str:
    """A draft filled in as the page says; its path."""
    made = opened(portal, iin, subservice)
    assert made.status_code == 201, made.content
    case = f"applications/{made.json()['number']}"
    filled = portal.put(f"{case}/details", DETAILS[subservice](about), match=made["ETag"])
    assert filled.status_code == 200, filled.content
    work()
    return case


def submitted(portal: Caller, road: Road, signatures: Any, row: Row) -> str:
    case = drafted(portal, row.iin, row.subservice, row.about)
    number = case.removeprefix("applications/")
    if row.subservice in {"VR-1", "VR-2"}:
        assert portal.attach(number, "ownership_proof", scan("contract")).status_code == 201
    road.pay(Application.objects.get(number=number))
    if row.subservice == "PD":
        assert signed(portal, case, signatures, row.iin).status_code == 201
    accepted = portal.post(f"{case}/submit", match=portal.get(case)["ETag"])
    assert accepted.status_code == 200, (row, accepted.content)
    return case


def signed(portal: Caller, case: str, signatures: Any, key: str, text: bytes = b"") -> Any:
    cms = signatures.sign(key, text or portal.get(f"{case}/canonical").content)
    sent = {"requirement": "signed_application", "cms": base64.b64encode(cms).decode()}
    return portal.post(f"{case}/signatures", sent)


def withdrawn(portal: Caller, case: str) -> None:
    answer = portal.post(f"{case}/withdraw", {"reason": "Test"}, match=portal.get(case)["ETag"])
    assert answer.status_code == 200, answer.content


def test_every_outcome_of_the_page_comes_by_itself(on_sandbox, road, portal, signatures):
    """Each number by the API alone, and two of them again: what is issued or withdrawn does not use them up."""
    for row in (*TABLE, TABLE[1], TABLE[3]):
        case = submitted(portal, road, signatures, row)
        work(rounds=12)
        told = portal.get(case).json()
        assert (row, told["state"]) == (row, row.ends)
        grounds = {reason["row"] for reason in portal.get(f"{case}/results").json()["refusal"]}
        assert grounds == ({row.ground} if row.ground else set()), row
        shows_its_course(portal, case, row)
        if row.ends not in {State.ISSUED, State.REFUSED, State.REVOKED}:
            withdrawn(portal, case)


def shows_its_course(portal: Caller, case: str, row: Row) -> None:
    """What the page says beside the state."""
    kinds = {event["type"] for event in portal.get(f"{case}/events").json()["events"]}
    if row.subservice == "PD" and row.ends == State.ISSUED:
        assert {"production_ordered", "production_finished"} <= kinds
    if row.course == Course.REVOKE:
        assert {"issued", "revoked"} <= kinds
    if row.course == Course.MARK:
        marked = portal.get(f"{case}/documents").json()["documents"]
        assert marked
        assert all(document["marked_wrong_reason"] for document in marked)
    if (row.course, row.ends) == (Course.LEAVE, State.REVIEW):
        Application.objects.filter(state=State.REVIEW).update(due_at=timezone.now(), at_risk_at=timezone.now())
        assert fire("overdue") == 1
        assert "overdue" in {event["type"] for event in portal.get(f"{case}/events").json()["events"]}


def test_a_number_of_anybody_else_waits_for_people(on_sandbox, road, portal, signatures, settings):
    """So does a fixed number at the front desk, or with the sandbox off, or beside a real register."""
    row = TABLE[0]
    settings.REGISTER_FINES_URL = "https://fines.example.kz"
    assert [error.id for error in run_checks() if error.id == "api.E001"] == ["api.E001"]
    assert not sandbox.is_on()
    settings.REGISTER_FINES_URL = f"{settings.SIMULATOR_URL}/fines"
    assert not [error for error in run_checks() if error.id == "api.E001"]
    assert sandbox.is_on()
    settings.SANDBOX = False
    case = submitted(portal, road, signatures, row)
    work()
    assert portal.get(case).json()["state"] == State.REVIEW
    settings.SANDBOX = True
    at_desk = road.accepted("P-01")
    work()
    assert road.fresh(at_desk).state == State.REVIEW
    assert not OutboxMessage.objects.filter(kind="sandbox").exists()


def left(office):
    """SRTS blanks, licence blanks and plates of people's cars that the office could give out."""
    return (
        CertificateBlank.objects.filter(office=office, state="received").count(),
        LicenceBlank.objects.filter(office=office, state="received").count(),
        Plate.objects.filter(office=office, state="in_stock", format="person_car_2012", is_high_demand=False).count(),
    )


@pytest.fixture
def used_up(on_sandbox):
    """An office that has given everything out."""
    office = Office.objects.get(code="0201")
    CertificateBlank.objects.filter(office=office).update(state="issued")
    LicenceBlank.objects.filter(office=office).update(state="issued")
    Plate.objects.filter(office=office, state="in_stock").update(state="assigned")
    return office


def test_the_sandbox_sees_to_its_own_stock(used_up, road, portal, signatures):
    """However often it was used: an issue finds its blank, and a second delivery follows on the first."""
    for turn in (1, 2):
        for row in (TABLE[0], TABLE[2]):
            case = submitted(portal, road, signatures, row)
            work(rounds=12)
            assert portal.get(case).json()["state"] == State.ISSUED
        deliveries = JournalEntry.objects.filter(chain="office:0201", action__in=["blanks_received", "plates_received"])
        assert deliveries.count() == 3 * turn
        certificates, licences, cars = left(used_up)
        assert (certificates, licences, cars > 150) == (199, 199, True)
        CertificateBlank.objects.filter(office=used_up, state="received").update(state="issued")
        LicenceBlank.objects.filter(office=used_up, state="received").update(state="issued")
        Plate.objects.filter(office=used_up, state="in_stock").update(state="assigned")


def test_a_stock_is_never_seen_to_outside_a_sandbox(used_up, road, portal, signatures, settings):
    """Beside a real register blanks come from a delivery alone: the issue waits for it."""
    case = submitted(portal, road, signatures, TABLE[0])
    settings.REGISTER_FINES_URL = "https://fines.example.kz"
    work(rounds=12)
    assert left(used_up) == (0, 0, 0)
    settings.REGISTER_FINES_URL = f"{settings.SIMULATOR_URL}/fines"
    settings.SANDBOX = False
    work(rounds=12)
    assert left(used_up) == (0, 0, 0)
    assert portal.get(case).json()["state"] != State.ISSUED


def test_what_a_pattern_does_not_let_in_is_left_to_people(used_up, road, portal, signatures):
    """An administrator entered other numbers of licences: the sandbox delivers none, and everything else as ever."""
    LicenceForm.objects.update(number_pattern="[0-9]{8}", example="00000001")
    case = submitted(portal, road, signatures, TABLE[0])
    work(rounds=12)
    assert portal.get(case).json()["state"] == State.ISSUED
    assert left(used_up)[:2] == (199, 0)


def test_what_the_table_does_not_say_is_left_to_people(on_sandbox, road, portal):
    """A judgement without a ground, and an office where nobody works."""
    judged = next(row for row in TABLE if row.course == Course.JUDGE)
    number = opened(portal, judged.iin, "VR-2").json()["number"]
    assert sandbox.course_of(Application.objects.get(number=number)) is None
    case = drafted(portal, TABLE[0].iin, "VR-3", TABLE[0].about)
    application = Application.objects.get(number=case.removeprefix("applications/"))
    road.pay(application)
    portal.post(f"{case}/submit", match=portal.get(case)["ETag"])
    Staff.objects.filter(office=application.office).update(is_active=False)
    work()
    assert portal.get(case).json()["state"] == State.REVIEW
    assert not OutboxMessage.objects.filter(kind="sandbox", done_at=None).exists()


def test_a_case_that_somebody_took_is_left_to_them(on_sandbox, road, portal, signatures):
    case = submitted(portal, road, signatures, TABLE[0])
    application = Application.objects.get(number=case.removeprefix("applications/"))
    checking.run(application.number)
    holding.take(actor=road.colleague, number=application.number, now=timezone.now())
    work()
    assert portal.get(case).json()["state"] == State.REVIEW
    assert not OutboxMessage.objects.filter(kind="sandbox", done_at=None).exists()


def test_every_answer_and_page_says_that_it_is_a_sandbox(on_sandbox, portal, client, settings):
    assert portal.get("services")["Sandbox"] == "true"
    assert client.get("/api/v1/errors")["Sandbox"] == "true"
    assert 'class="sandbox"' in client.get("/services/").content.decode()
    settings.SANDBOX = False
    assert "Sandbox" not in portal.get("services")
    assert 'class="sandbox"' not in client.get("/services/").content.decode()


def test_every_code_comes_when_it_is_asked_for(on_sandbox, portal, settings):
    """And uses no key up: the same call without the header is done."""
    for code, known in CODES.items():
        answer = portal.get("services", headers={sandbox.ASKS_FOR: code})
        assert (answer.status_code, answer.json()["code"]) == (known.status, code)
    assert portal.get("services", headers={sandbox.ASKS_FOR: "too_many_requests"})["Retry-After"] == "1"
    assert portal.get("services", headers={sandbox.ASKS_FOR: "nothing"}).json()["code"] == "malformed"
    key = "key-of-one-act"
    asked = portal.call("POST", "applications", {}, key=key, headers={sandbox.ASKS_FOR: "fault"})
    assert asked.status_code == 500
    assert opened(portal, TABLE[0].iin, key=key).status_code == 201
    settings.SANDBOX = False
    assert portal.get("services", headers={sandbox.ASKS_FOR: "fault"}).status_code == 200


class Given:
    """The calls of the table of errors: each gets what stands in backticks in its row and gives the answers."""

    def __init__(self, portal: Caller, road: Road, signatures: Any) -> None:
        self.portal, self.road, self.signatures = portal, road, signatures
        self.signer = TABLE[0].iin
        self.empty = f"applications/{opened(portal, self.signer, 'VR-3').json()['number']}"
        self.duplicate = drafted(portal, self.signer, "PD", TABLE[0].about)

    def answers(self, code: str, quoted: list[str]) -> list[Any]:
        if code.startswith("signature.") and code not in {"signature.altered", "signature.malformed"}:
            return [signed(self.portal, self.duplicate, self.signatures, quoted[-1])]
        if code.startswith("upload_"):
            content = {"upload_empty": b"", "upload_type": b"words", "upload_broken": b"%PDF-1.7\n"}[code]
            number = self.primary("920526407858", "Z94SB9580LH378501").removeprefix("applications/")
            return [self.portal.attach(number, "ownership_proof", SimpleUploadedFile("scan.pdf", content))]
        made: list[Any] = getattr(self, code.replace(".", "_"))(*quoted)
        return made

    def primary(self, iin: str, vin: str) -> str:
        return drafted(self.portal, iin, "VR-1", vin)

    def submit(self, case: str, match: Any) -> Any:
        return self.portal.post(f"{case}/submit", match=match)

    def applicant_not_found(self, *iins: str) -> list[Any]:
        return [opened(self.portal, iin) for iin in iins]

    register_unavailable = invalid = applicant_not_found

    def not_found(self, number: str) -> list[Any]:
        return [self.portal.get(f"applications/{number}")]

    def no_document(self, document: str) -> list[Any]:
        return [self.portal.get(f"{self.empty}/documents/{document}")]

    def incomplete(self, _iin: str) -> list[Any]:
        return [self.submit(self.empty, self.portal.get(self.empty)["ETag"])]

    def stale(self, header: str) -> list[Any]:
        return [self.submit(self.empty, header.removeprefix("If-Match: "))]

    def if_match_missing(self, _header: str) -> list[Any]:
        return [self.submit(self.empty, None)]

    def illegal_move(self, iin: str) -> list[Any]:
        row = next(row for row in TABLE if row.iin == iin)
        self.waiting = submitted(self.portal, self.road, self.signatures, row)
        return [self.submit(self.waiting, self.portal.get(self.waiting)["ETag"])]

    def second_open(self, iin: str, about: str) -> list[Any]:
        case = drafted(self.portal, iin, "VR-3", about)
        self.road.pay(Application.objects.get(number=case.removeprefix("applications/")))
        return [self.submit(case, self.portal.get(case)["ETag"])]

    def nothing_to_pay(self, _iin: str) -> list[Any]:
        return [self.portal.post(f"{self.empty}/payment")]

    def plates_no_choice(self) -> list[Any]:
        return [self.portal.post(f"{self.duplicate}/plates/search", {"pattern": ""}, key=None)]

    def plates_taken(self, iin: str, vin: str, number: str) -> list[Any]:
        self.car = self.primary(iin, vin)
        return [self.portal.put(f"{self.car}/plate", {"number": number})]

    def plates_other_kind(self, number: str) -> list[Any]:
        return [self.portal.put(f"{self.car}/plate", {"number": number})]

    def signature_altered(self, key: str) -> list[Any]:
        return [signed(self.portal, self.duplicate, self.signatures, key, b"another text")]

    def signature_malformed(self, cms: str) -> list[Any]:
        sent = {"requirement": "signed_application", "cms": cms.split('"')[-2]}
        return [self.portal.post(f"{self.duplicate}/signatures", sent)]

    def idempotency_key_missing(self, _header: str) -> list[Any]:
        return [self.portal.post("applications", {}, key=None)]

    def idempotency_key_malformed(self, header: str) -> list[Any]:
        return [self.portal.post("applications", {}, key=header.removeprefix("Idempotency-Key: "))]

    def idempotency_key_reused(self) -> list[Any]:
        assert opened(self.portal, self.signer, key="key-of-one-act").status_code == 201
        return [opened(self.portal, SELLER, key="key-of-one-act")]

    def malformed(self, body: str) -> list[Any]:
        return [self.portal.call("POST", "applications", data=body, content_type="application/json")]

    def body_too_large(self) -> list[Any]:
        return [self.portal.post("applications", {"service": "V" * 70_000})]

    def unsupported_media_type(self, header: str) -> list[Any]:
        return [self.portal.call("POST", "applications", data="{}", content_type=header.split(": ")[1])]

    def unknown_parameter(self, query: str) -> list[Any]:
        return [self.portal.get(f"applications{query}")]

    invalid_parameter = unknown_parameter

    def not_acceptable(self, header: str) -> list[Any]:
        return [self.portal.get("applications", headers={"Accept": header.split(": ")[1]})]

    def method_not_allowed(self) -> list[Any]:
        return [self.portal.put("applications", {})]

    def not_authenticated(self, header: str) -> list[Any]:
        return [self.portal.get("applications", headers={"Authorization": header.split(": ")[1]})]


def test_every_error_of_the_page_comes_from_its_numbers(on_sandbox, road, portal, signatures):
    given = Given(portal, road, signatures)
    seen = {}
    for code, _call, what in table("Errors"):
        name = code.strip("`")
        answers = given.answers(name, re.findall("`([^`]+)`", what))
        seen[name] = {(answer.status_code, answer.json()["code"]) for answer in answers}
    assert seen == {name: {(CODES[name].status, name)} for name in seen}
