"""How an administrator connects a system, narrows it, and rotates its secrets and keys (manage.py connect_system)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.utils import translation

from api.models import Client, Credential, Scope
from applications.models import JournalEntry
from offices.models import ConnectedSystem
from tests.fixtures_api import Caller, administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(capsys):
    """The command as the administrator runs it; what it printed, by name."""
    administrator()

    def run(*arguments: str, **options) -> dict[str, str]:
        with translation.override("en"):
            call_command("connect_system", "myportal", *arguments, **{"by": "administrator", **options})
        return dict(line.split("=", 1) for line in capsys.readouterr().out.split())

    return run


def signed_in(told: dict[str, str]) -> bool:
    caller = Caller(Client.objects.get(client_id=told["client_id"]), told["client_secret"])
    return "access_token" in caller.sign_in()


def public_key(tmp_path, key) -> str:
    file = tmp_path / "key.pem"
    file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(file)


def test_a_further_secret_widens_nothing(command):
    command("--scopes", Scope.READ.value, "--services", "PD")
    command()
    assert Client.objects.get(client_id="myportal").scopes == [Scope.READ.value]
    assert ConnectedSystem.objects.get(code="myportal").services == ["PD"]


def test_a_secret_is_rotated_without_a_gap(command):
    first, second = command(), command()
    assert signed_in(first)
    assert signed_in(second)
    with pytest.raises(CommandError, match="Two of them hold"):
        command()
    command("--revoke", first["name"])
    assert not signed_in(first)
    assert signed_in(second)


def test_a_changed_system_gets_no_secret(command):
    told = command()
    assert "client_secret" not in command("--sign-messages", "--burst", "5")
    system = ConnectedSystem.objects.get(code="myportal")
    assert (system.requires_message_signature, system.burst, system.is_active) == (True, 5, True)
    command("--no-active")
    assert not signed_in(told)
    assert Credential.objects.count() == 1


def test_a_key_is_registered_and_journaled(command, tmp_path):
    told = command("--key", public_key(tmp_path, ec.generate_private_key(ec.SECP256R1())))
    key = Credential.objects.get()
    assert (key.name, key.kind) == (told["kid"], "key")
    entries = JournalEntry.objects.filter(chain="system:myportal").order_by("pk")
    assert [entry.action for entry in entries] == ["created", "credential_made"]


def test_a_weak_key_and_an_unknown_name_are_refused_and_nothing_stays(command, tmp_path):
    weak = public_key(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    with pytest.raises(CommandError, match="3072 bits"):
        command("--key", weak)
    assert not ConnectedSystem.objects.exists()
    no_text = tmp_path / "key.der"
    no_text.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError):
        command("--key", str(no_text))
    for name in ("myportal", "nothing"):
        with pytest.raises(CommandError):
            command("--revoke", name)
    with pytest.raises(CommandError, match="administrator"):
        command(by="nobody")


@pytest.mark.parametrize(
    ("code", "more", "field"),
    [
        ("my portal", {}, "code"),
        ("портал", {}, "code"),
        ("p" * 41, {}, "code"),
        ("myportal", {"name": "P" * 201}, "name_en"),
        ("myportal", {"burst": 2**31}, "burst"),
        ("myportal", {"burst": -1}, "burst"),
        ("myportal", {"return_hosts": ["h" * 256]}, "return_hosts"),
    ],
)
def test_what_no_page_could_show_or_no_column_hold_is_refused_by_its_field(command, code, more, field):
    """A code with a space once was stored, and the page of systems had no address for it."""
    with translation.override("en"), pytest.raises(CommandError, match=field):
        call_command("connect_system", code, by="administrator", **more)
    assert not ConnectedSystem.objects.exists()
