"""The public page behind a QR code: what it says, what it never says, and how often it may be asked."""

import base64
import json
import logging
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from applications import paper_codes, papers
from applications.acting import Actor
from tests.fixtures_papers import ACCEPTED, OWNER

pytestmark = pytest.mark.django_db

PERSONAL = (OWNER["name"], OWNER["identifier"], "Ахметов", "790101300018", "XW7BF4FK60S123456", "417KZN02")


@pytest.fixture
def look(client):
    """Open the page of a code as a phone at the roadside would, from an address nobody else looks from."""
    own = f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"

    def open_page(code: str, address: str = own):
        return client.get(f"/verify/{code}/", secure=True, REMOTE_ADDR=address)

    return open_page


def test_a_valid_paper_shows_kind_number_day_and_office(ready, look):
    answer = look(ready("registration_certificate").verification_code)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["standing"] == "valid"
    assert "Свидетельство о регистрации транспортного средства" in page
    assert "AA00001234" in page
    assert "23.11.2026" in page
    assert "Отдел 0201" in page


@pytest.mark.parametrize("code", ["registration_certificate", "refusal_letter", "receipt", "inspection_act"])
def test_the_page_holds_no_personal_data(ready, look, code):
    page = look(ready(code).verification_code).content.decode()
    assert not [datum for datum in PERSONAL if datum in page]


def test_a_replaced_paper_says_since_when(ready, look):
    first = ready("receipt")
    ready("receipt")
    context = look(first.verification_code).context
    assert context["standing"] == "replaced"
    assert context["since"] == ACCEPTED


def test_a_revoked_paper_says_so(ready, look):
    paper = ready("receipt")
    papers.revoke(paper=paper, actor=Actor.automatic(), now=ACCEPTED)
    assert look(paper.verification_code).context["standing"] == "revoked"


@pytest.mark.parametrize("code", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "' OR 1=1 --", "%00"])
def test_an_unknown_code_is_told_apart_from_nothing(look, code):
    answer = look(code)
    assert answer.status_code == 404
    assert answer.context["standing"] == "unknown"


def test_a_paper_that_was_never_made_is_unknown(ordered, look):
    assert look(ordered("receipt").verification_code).status_code == 404


@pytest.mark.parametrize(
    ("language", "name", "office"),
    [
        ("kk", "Көлік құралын тіркеу туралы куәлік", "0201 бөлімі"),
        ("ru", "Свидетельство о регистрации транспортного средства", "Отдел 0201"),
        ("en", "Vehicle registration certificate", "Office 0201"),
    ],
)
def test_the_page_speaks_three_languages(ready, look, client, settings, language, name, office):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = look(ready("registration_certificate").verification_code).content.decode()
    assert name in page
    assert office in page


def test_looks_are_limited_per_address_and_minute(look, settings):
    """ASVS 2.4.1: 429 with Retry-After; another address is not held up."""
    settings.VERIFY_LOOKS_PER_MINUTE = 3
    statuses = [look("A" * 22).status_code for _turn in range(4)]
    limited = look("A" * 22)
    assert statuses[:3] == [404, 404, 404]
    assert limited.status_code == 429
    assert 1 <= int(limited["Retry-After"]) <= 60
    assert look("A" * 22, address=f"2001:db8:1::{secrets.token_hex(2)}").status_code == 404


def test_no_code_reaches_the_log(ready, look, settings, caplog):
    """ASVS 14.2.1, 16.2.5."""
    settings.VERIFY_LOOKS_PER_MINUTE = 2
    code = ready("receipt").verification_code
    with caplog.at_level(logging.DEBUG):
        for tried in (code, "B" * 22, "C" * 22):
            look(tried)
    said = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not [tried for tried in (code, "B" * 22, "C" * 22) if tried in said]


def test_the_page_is_not_kept_and_changes_nothing(ready, client):
    paper = ready("receipt")
    answer = client.get(f"/verify/{paper.verification_code}/", secure=True)
    assert "no-store" in answer["Cache-Control"]
    assert client.post(f"/verify/{paper.verification_code}/", secure=True).status_code in {403, 405}


def test_the_published_keys_check_a_code(ready, client):
    """Whoever writes a checker of their own needs nothing but this address."""
    paper = ready("receipt")
    text = paper_codes.signed_text(
        code=paper.verification_code, kind="receipt", number=paper.number, on=ACCEPTED.date(), subject="x"
    )
    payload, signature = (paper_codes.decode(part) for part in text.split("#")[1].split("."))
    published = json.loads(client.get("/verify/keys/", secure=True).content)["keys"]
    key = next(key for key in published if key["id"] == payload.decode().split(";")[-1])
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key["public_key"])).verify(signature, payload)
    assert set(key) == {"id", "algorithm", "public_key"}
