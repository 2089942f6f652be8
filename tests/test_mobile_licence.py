"""The licence card and its mobile form (DL.5): what they print, and what the code proves without network."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.keys import make_missing
from applications.paper_codes import ForgedCodeError, decode, encode
from applications.papers import printed
from licensing.mobile import signed, verified
from offices.models import Office

CODE = "AAAAAAAAAAAAAAAAAAAAAA"
LICENCE = {
    "number": "AK000001",
    "initials": "А.М.С.",
    "issued_on": date(2026, 11, 25),
    "valid_until": date(2036, 11, 25),
    "categories": {"B": date(2017, 1, 23), "C1": date(2024, 5, 1)},
    "has_restrictions": True,
    "iin": "850314332071",
}


@pytest.fixture
def signing(db, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    make_missing(Office.objects.none(), timezone.now())
    return signed(code=CODE, **LICENCE)


def test_the_code_proves_what_a_patrol_needs_and_no_more(signing):
    proof = verified(signing)
    assert (proof.number, proof.categories, proof.has_restrictions) == ("AK000001", LICENCE["categories"], True)
    said = decode(signing.rsplit("#")[1].split(".")[0]).decode()
    assert LICENCE["iin"] not in said
    assert proof.holds(date(2036, 11, 25))
    assert not proof.holds(date(2036, 11, 26))


@pytest.mark.parametrize("change", [("AK000001", "AK000002"), ("B=2017", "D=2017"), ("2036", "2099")])
def test_an_altered_code_is_no_proof(signing, change):
    head, proof = signing.split("#")
    payload, signature = proof.split(".")
    forged = decode(payload).decode().replace(*change)
    with pytest.raises(ForgedCodeError):
        verified(f"{head}#{encode(forged.encode())}.{signature}")


def test_the_command_says_it_offline(signing):
    out = StringIO()
    call_command("verify_licence", signing, iin=LICENCE["iin"], stdout=out)
    assert "AK000001" in out.getvalue()
    with pytest.raises(CommandError, match="another person"):
        call_command("verify_licence", signing, iin="790702433071", stdout=StringIO())
    with pytest.raises(CommandError, match="not signed"):
        call_command("verify_licence", signing[:-4] + "AAAA", stdout=StringIO())


def test_card_and_mobile_form_are_made_with_the_licence(licences):
    """DL.5: both come of the issue; the card carries the photo, the phone form the initials alone."""
    application = licences.issued("P-46", "DL-2", "first_issue", categories=["C"])
    card = application.papers.get(kind="driver_licence")
    assert [item["code"] for item in card.content["categories"] if item["is_granted"]] == ["B", "C", "C1"]
    assert card.content["photo"]["sha256"]
    mobile = application.papers.get(kind="mobile_licence")
    assert (mobile.content["initials"], mobile.content["number"]) == ("Ж.Қ.Т.", card.content["number"])
    assert printed(card).startswith(b"%PDF")
    assert printed(mobile).startswith(b"%PDF")
