"""The administrator's pages of connected systems: the rules of connect_system, by click."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from api.clients import digest, make_secret
from api.models import Client, Credential, Scope
from applications.acting import Actor
from applications.journal import noted
from applications.models import JournalEntry
from offices.models import ConnectedSystem, Role
from tests.fixtures_api import Caller, administrator, caller_of, connect
from tests.fixtures_offices import make_staff

pytestmark = pytest.mark.django_db
SYSTEMS = "/administration/systems/"


@pytest.fixture
def chief(client):
    client.force_login(make_staff("chief", Role.ADMINISTRATOR))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def fields(**other):
    return {
        "code": "myportal",
        "channel": "egov",
        "name_ru": "Портал",
        "name_kk": "Портал",
        "name_en": "Portal",
        "services": ["VR", "DL"],
        "scopes": [Scope.READ.value, Scope.WRITE.value],
        "quota_per_hour": 500,
        "burst": 20,
        "is_active": "on",
        **other,
    }


def public(key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def actions(code: str) -> list[str]:
    return list(
        JournalEntry.objects.filter(chain=f"system:{code}").order_by("sequence").values_list("action", flat=True)
    )


def test_the_hosts_of_its_pages_are_entered(chief):
    chief.post(f"{SYSTEMS}new/", fields(return_hosts="my.portal.example,127.0.0.1:8200"))
    assert ConnectedSystem.objects.get().return_hosts == ["my.portal.example", "127.0.0.1:8200"]
    refused = chief.post(f"{SYSTEMS}myportal/", fields(return_hosts="https://my.portal.example/pages"))
    assert refused.status_code == 422
    chief.post(f"{SYSTEMS}myportal/", fields(return_hosts=""))
    assert ConnectedSystem.objects.get().return_hosts == []


def test_a_system_is_connected_and_its_secret_shown_once(chief):
    page = chief.post(f"{SYSTEMS}new/", fields())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    secret = re.search(r'id="client_secret">([^<]+)<', page.content.decode())[1]
    made = Client.objects.get(client_id="myportal")
    assert (made.system.services, made.scopes) == (["VR", "DL"], [Scope.READ.value, Scope.WRITE.value])
    assert (made.system.quota_per_hour, made.system.burst) == (500, 20)
    assert Credential.objects.get().secret_sha256 == digest(secret)
    caller = Caller(made, secret)
    caller.sign_in()
    assert caller.get("services").status_code == 200
    assert actions("myportal") == ["created", "credential_made"]
    assert secret not in chief.get(f"{SYSTEMS}myportal/").content.decode()


def test_the_longest_code_and_names_serve_to_the_end(chief):
    """A name was too long for the journal, a code for the name of its secret."""
    longest = fields(code="a" * 40, name_ru="Ә" * 200, name_kk="Ә" * 200, name_en="A" * 200)
    assert chief.post(f"{SYSTEMS}new/", longest).status_code == 200
    made = Client.objects.get(client_id="a" * 40)
    system = Actor.through(made.system)
    noted(chain=system.chain, actor=system, action="searched", now=timezone.now())
    assert actions("a" * 40) == ["created", "credential_made", "searched"]


def test_what_is_wrong_stands_beside_its_field(chief, egov):
    page = chief.post(f"{SYSTEMS}new/", fields(code="egov", services=[], burst=0))
    assert page.status_code == 422
    assert page.content.decode().count('class="error"') >= 3
    assert ConnectedSystem.objects.count() == 1


def test_a_system_is_changed_but_never_its_code_and_channel(chief, egov):
    answer = chief.post(f"{SYSTEMS}egov/", fields(code="other", channel="platform", requires_message_signature="on"))
    assert answer.status_code == 302
    egov.refresh_from_db()
    assert (egov.code, egov.channel, egov.requires_message_signature) == ("egov", "egov", True)
    assert egov.client.scopes == [Scope.READ.value, Scope.WRITE.value]
    assert actions("egov") == ["changed"]


def test_a_system_is_switched_off(chief, egov):
    caller = caller_of(egov)
    off = fields(code="egov", scopes=Scope.values)
    del off["is_active"]
    asked = chief.post(f"{SYSTEMS}egov/", off)
    assert "Every call of it is refused" in asked.content.decode()
    assert ConnectedSystem.objects.get(code="egov").is_active
    kept = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', asked.content.decode())
    told: dict[str, list[str]] = {"confirm": ["1"]}
    for name, value in kept:
        told.setdefault(name, []).append(value)
    assert chief.post(f"{SYSTEMS}egov/", told).status_code == 302
    assert egov.client.scopes == sorted(Scope.values)
    assert caller.sign_in()["error"] == "invalid_client"


def test_revoking_is_asked_about_first(chief, egov):
    caller_of(egov)
    first = egov.client.credentials.get()
    address = f"{SYSTEMS}egov/revoke/?name={first.name}"
    assert address in chief.get(f"{SYSTEMS}egov/").content.decode()
    alone = chief.get(address).content.decode()
    assert first.name in alone
    assert "Nothing else proves the system" in alone
    make_secret(actor=administrator(), client=egov.client, now=timezone.now())
    assert "by what still holds" in chief.get(address).content.decode()
    assert egov.client.credentials.valid().count() == 2
    assert chief.get(f"{SYSTEMS}egov/revoke/?name=other").status_code == 404


def test_secrets_are_replaced_without_a_gap(chief, egov):
    caller = caller_of(egov)
    first = egov.client.credentials.get().name
    page = chief.post(f"{SYSTEMS}egov/secret/").content.decode()
    second = re.search(r'id="client_secret">([^<]+)<', page)[1]
    assert chief.post(f"{SYSTEMS}egov/secret/").status_code == 409
    assert chief.post(f"{SYSTEMS}egov/revoke/", {"name": first}).status_code == 302
    assert caller.sign_in()["error"] == "invalid_client"
    caller.secret = second
    assert "access_token" in caller.sign_in()
    assert chief.post(f"{SYSTEMS}egov/revoke/", {"name": first}).status_code == 404
    assert actions("egov")[-2:] == ["credential_made", "credential_revoked"]


def test_what_is_taken_back_is_gone_at_once(chief, egov):
    """ASVS 8.3.2: tokens that are out allow no more than the system may now, and none outlives a revoked secret."""
    caller = caller_of(egov)
    assert caller.get("applications").status_code == 200
    narrowed = fields(code="egov", scopes=[Scope.WRITE.value])
    assert chief.post(f"{SYSTEMS}egov/", narrowed).status_code == 302
    assert caller.get("applications").json()["code"] == "scope_missing"
    assert caller.get("services").status_code == 200
    assert chief.post(f"{SYSTEMS}egov/revoke/", {"name": egov.client.credentials.get().name}).status_code == 302
    assert caller.get("services").status_code == 401


def test_a_public_key_is_registered(chief, egov):
    caller_of(egov)
    weak = chief.post(f"{SYSTEMS}egov/key/", {"public_key": public(rsa.generate_private_key(65537, 2048))})
    assert weak.status_code == 422
    assert (
        chief.post(f"{SYSTEMS}egov/key/", {"public_key": public(ed25519.Ed25519PrivateKey.generate())}).status_code
        == 302
    )
    assert egov.client.credentials.filter(kind="key").count() == 1
    assert egov.client.credentials.get(kind="key").name in chief.get(f"{SYSTEMS}egov/").content.decode()


def test_the_page_of_a_key_leads_back_to_its_system(chief, egov):
    caller_of(egov)
    assert f'href="{SYSTEMS}egov/"' in chief.get(f"{SYSTEMS}egov/key/").content.decode()


def test_the_list_names_what_tokens_may_in_words(chief, egov):
    caller_of(egov)
    page = chief.get(SYSTEMS).content.decode()
    assert "see charges and open the payment page" in page
    assert Scope.PAYMENTS.value not in re.sub(r"<[^>]*>", "", page).replace("payment page", "").split()


def test_a_system_without_a_client_has_no_secret_to_make(chief, egov):
    assert chief.get(f"{SYSTEMS}egov/").status_code == 200
    assert chief.post(f"{SYSTEMS}egov/secret/").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_pages_cost_the_same_for_one_row_and_for_many(chief, count, django_assert_max_num_queries):
    for turn in range(count):
        system = connect(f"portal{turn}")
        caller_of(system)
    make_secret(actor=administrator(), client=system.client, now=timezone.now())
    with django_assert_max_num_queries(7):
        page = chief.get(SYSTEMS)
    assert page.content.decode().count("portal") >= count
    with django_assert_max_num_queries(7):
        chief.get(f"{SYSTEMS}{system.code}/")
