"""The demo portal connected by `make run`, and how it makes a form of what the API tells."""

from __future__ import annotations

import stat

import pytest
from django.core.management import call_command
from django.http import QueryDict

from api.management.commands.connect_demo_portal import CODE, read
from api.models import Client, Credential
from applications.models import JournalEntry
from examples.portal import asked
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
