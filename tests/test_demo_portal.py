"""The demo portal connected by `make run`, and how it makes a form of what the API tells."""

from __future__ import annotations

import stat

import pytest
from django.core.management import call_command
from django.http import QueryDict

from api.management.commands.connect_demo_portal import CODE, read
from api.models import Client, Credential
from applications.models import JournalEntry
from examples.portal import asked, steps
from examples.portal.shown import plain_words
from offices.models import ConnectedSystem
from tests.fixtures_api import Caller, administrator
from webhooks.models import Endpoint

HERE, THERE = "http://127.0.0.1:8200", "http://127.0.0.1:8300"


@pytest.fixture
def connect(tmp_path, settings, db):
    """Connect as `make run` does at every start; what was written."""
    settings.WEBHOOK_DEMO_HOSTS = ["127.0.0.1"]
    administrator()

    def run(address: str = HERE) -> dict[str, str]:
        call_command("connect_demo_portal", str(tmp_path / "access.env"), address=address)
        return read(tmp_path / "access.env")

    return run


def test_it_is_connected_once_with_a_secret_that_only_this_account_reads(connect, tmp_path):
    told = connect()
    assert "access_token" in Caller(Client.objects.get(client_id=CODE), told["CLIENT_SECRET"]).sign_in()
    assert stat.S_IMODE((tmp_path / "access.env").stat().st_mode) == 0o600
    entries = JournalEntry.objects.count()
    assert connect() == told
    assert JournalEntry.objects.count() == entries


def test_another_port_moves_pages_and_webhooks_and_keeps_the_secrets(connect):
    told = connect()
    assert connect(THERE) == told
    assert ConnectedSystem.objects.get().return_hosts == ["127.0.0.1:8300"]
    assert Endpoint.objects.get().url == f"{THERE}/webhooks/"


def test_a_lost_file_brings_a_new_secret_and_ends_the_old_one(connect, tmp_path):
    first = connect()
    (tmp_path / "access.env").unlink()
    second = connect()
    assert second["CLIENT_SECRET"] != first["CLIENT_SECRET"]
    assert second["WEBHOOK_SECRET"] == first["WEBHOOK_SECRET"]
    assert Credential.objects.valid().count() == 1


def test_without_an_administrator_nothing_is_connected(tmp_path, db):
    call_command("connect_demo_portal", str(tmp_path / "access.env"), address=HERE)
    assert not (tmp_path / "access.env").exists()
    assert not ConnectedSystem.objects.exists()


TOLD = {
    "details": {"act": "registration", "sold_on": "2026-11-20", "count": 2, "is_old": True, "kinds": ["a"]},
    "fields_known": [
        {"name": name, "label": name, "hint": "", "type": kind, "is_required": False, "choices": choices}
        for name, kind, choices in (
            ("act", "string", [{"value": "registration", "name": "r"}, {"value": "deregistration", "name": "d"}]),
            ("sold_on", "date", []),
            ("count", "integer", [{"value": "2", "name": "two"}, {"value": "1", "name": "one"}]),
            ("power", "decimal", []),
            ("is_old", "boolean", []),
            ("kinds", "list", [{"value": "a", "name": "A"}, {"value": "b", "name": "B"}]),
            ("proof", "string", [{"value": "", "name": "—"}, {"value": "x", "name": "X"}]),
            ("note", "string", []),
        )
    ],
}


def test_a_form_is_made_of_the_fields():
    fields = {field.name: field for field in asked.fields(TOLD, {"note": "too short"})}
    looks = {name: field.look for name, field in fields.items()}
    assert looks == {
        "sold_on": "date",
        "count": "radio",
        "power": "text",
        "is_old": "tick",
        "kinds": "many",
        "proof": "choice",
        "note": "text",
    }
    assert (fields["count"].value, fields["is_old"].value, fields["note"].error) == ("2", True, "too short")
    assert [(act["value"], act["is_present"]) for act in asked.acts(TOLD)] == [
        ("registration", True),
        ("deregistration", False),
    ]


def test_what_is_typed_is_sent_in_the_types_of_the_api():
    form = QueryDict("act=registration&sold_on=2026-11-21&count=1&power=77,5&kinds=a&kinds=b&proof=&note= x ")
    assert asked.filled_in(TOLD, form) == {
        "act": "registration",
        "sold_on": "2026-11-21",
        "count": 1,
        "power": "77.5",
        "is_old": False,
        "kinds": ["a", "b"],
        "note": "x",
    }
    assert asked.filled_in(TOLD, QueryDict("count=many"))["count"] == "many"


@pytest.mark.parametrize("typed", ["--5", "5-", "٥", "9" * 5000, "two"])
def test_what_is_no_number_goes_as_it_was_typed(typed):
    """The API says what is wrong with it, beside the field."""
    assert asked.filled_in(TOLD, QueryDict(f"count={typed}"))["count"] == typed


def test_citizens_read_no_rows_of_the_law():
    said = {
        "Не хватает: Документ (VR.8.3e).": "Не хватает: Документ.",
        "only their own can be duplicated (PD.8.2, PD.9.2). Ask": "only their own can be duplicated. Ask",
        "Choose the form (LAW-O1).": "Choose the form.",
        "Отказано: VR.9.7": "Отказано",
        "Refused: VR.9.1, VR.9.7": "Refused",
        "Оплата поступила: 5 406 тенге": "Оплата поступила: 5 406 тенге",
        "Toyota (Camry), 2026 (red)": "Toyota (Camry), 2026 (red)",
    }
    assert {text: plain_words(text) for text in said} == said


def requirement(code: str, *ways: str, signers: int = 0, met: str | None = None, documents=()) -> dict[str, object]:
    told = {"code": code, "name": code.upper(), "due": "submission", "ways": ways, "met_by": met}
    return {**told, "signers_needed": signers, "documents": documents}


def problem(field: str) -> dict[str, str]:
    return {"field": field, "detail": f"{field} is wrong (VR.8)."}


def standings(**told) -> dict[str, str]:
    application = {"headline": told.get("headline", ""), "chooses_plates": told.get("chooses_plates", False)}
    needs = {name: told.get(name, []) for name in ("requirements", "signatures", "problems")}
    charges = {"charges": told.get("charges", []), "is_settled": told.get("is_settled", False)}
    unsigned = [item["signer"] for item in needs["signatures"] if not item["signed_at"]]
    found = steps.left_to_do(application, needs, charges, unsigned)
    return {step.name: " ".join([step.standing, *step.lacks]) for step in found}


def test_before_the_details_are_there_nobody_says_that_nothing_else_is_asked_for():
    assert standings(problems=[problem("found_by")]) == {
        "details": "to_do found_by is wrong.",
        "documents": "later",
        "signing": "later",
        "pay": "later",
    }


def test_what_is_missing_stands_at_the_step_where_it_is_made_good():
    """A proof by signatures is no scan: it is missing at the signatures, and the scans are not asked for."""
    proof = requirement("proof", "scan", "signature", signers=2)
    signatures = [{"signer": "seller", "signed_at": None}, {"signer": "buyer", "signed_at": "2026-11-28T10:00:00Z"}]
    owed = {"charges": [{"blocked_by": ""}], "headline": "Toyota", "chooses_plates": True}
    problems = [problem("proof"), problem("co_owners"), problem("fee")]
    needs = [proof, requirement("fee", "payment")]
    assert standings(requirements=needs, signatures=signatures, problems=problems, **owed) == {
        "details": "done",
        "plates": "optional",
        "documents": "not_asked",
        "signing": "to_do seller",
        "pay": "to_do",
    }
    contract = requirement("proof", "scan", met="scan")
    assert standings(requirements=[contract], headline="Toyota", charges=[{"blocked_by": "no rate"}]) == {
        "details": "done",
        "documents": "done",
        "signing": "not_asked",
        "pay": "to_do no rate",
    }


def test_a_scan_that_was_not_accepted_is_asked_for_until_another_one_serves():
    bad = {"name": "contract.jpg", "marked_wrong_at": "2026-11-28T10:00:00Z"}
    for met, expected in ((None, [bad]), ("scan", [])):
        needs = {"requirements": [requirement("proof", "scan", met=met, documents=[bad])]}
        assert steps.sent_back(needs) == expected
