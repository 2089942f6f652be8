"""Signed messages (RFC 9421): nothing altered, nothing old, nothing twice, and no way round the signature."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from api.clients import revoke
from applications.models import Application
from tests.fixtures_api import administrator, opened
from tests.fixtures_messages import COVERED, KEYS, Signing
from tests.fixtures_registers import demo_person
from tests.fixtures_road import scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def signing(portal, egov) -> Signing:
    """A portal that must sign every message."""
    egov.requires_message_signature = True
    egov.save()
    return Signing(portal)


def wanted(person: str = "P-02") -> dict[str, object]:
    applicant = {"identifier": demo_person(person)["iin"]}
    return {"service": "VR", "subservice": "VR-2", "office": "0201", "applicant": applicant}


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content).get("code", "")


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_a_signed_message_is_taken_in(portal, kind):
    answer = Signing(portal, kind).post("applications", wanted())
    assert answer.status_code == 201, answer.content
    assert Application.objects.count() == 1


def test_an_unsigned_message_is_refused_of_a_system_that_must_sign(signing):
    assert code_of(opened(signing.caller, demo_person("P-02")["iin"])) == (401, "signature_missing")
    assert code_of(signing.caller.get("applications")) == (401, "signature_missing")
    assert not Application.objects.exists()


def test_a_message_is_received_once(signing):
    body = json.dumps(wanted()).encode()
    headers = signing.signed("POST", "applications", body)
    first, second = (signing.send("POST", "applications", body, headers) for _time in range(2))
    assert first.status_code == 201, first.content
    assert code_of(second) == (401, "signature_replayed")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_more_than_five_minutes_off_is_refused(signing, minutes):
    off = timezone.now() + timedelta(minutes=minutes)
    assert code_of(signing.post("applications", wanted(), created=off)) == (401, "signature_invalid")
    assert not Application.objects.exists()


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_less_than_five_minutes_off_is_forgiven(signing, minutes):
    off = timezone.now() + timedelta(minutes=minutes)
    assert signing.post("applications", wanted(), created=off).status_code == 201


def test_an_altered_message_is_refused(signing):
    body, other = (json.dumps(wanted(person)).encode() for person in ("P-02", "P-01"))
    headers = signing.signed("POST", "applications", body)
    forged = {**headers, "Idempotency-Key": "another-key"}
    for path, sent, with_headers in (
        ("applications", other, headers),
        ("applications", b"", headers),
        ("applications?limit=1", body, headers),
        ("applications/search", body, headers),
        ("applications", body, forged),
        ("applications", body, {**headers, "Signature": headers["Signature"][:-9] + "AAAAAAA=:"}),
    ):
        assert code_of(signing.send("POST", path, sent, with_headers)) == (401, "signature_invalid"), path
    assert signing.send("PUT", "applications", body, headers).status_code == 401
    assert not Application.objects.exists()


@pytest.mark.parametrize("left_out", COVERED)
def test_every_part_that_matters_is_covered(signing, left_out):
    covered = tuple(part for part in COVERED if part != left_out)
    assert code_of(signing.post("applications", wanted(), covered=covered)) == (401, "signature_invalid")


def test_a_signature_without_nonce_or_digest_does_not_hold(signing):
    assert code_of(signing.post("applications", wanted(), nonce=None)) == (401, "signature_invalid")
    assert code_of(signing.post("applications", wanted(), with_digest=False)) == (401, "signature_invalid")
    assert not Application.objects.exists()


def test_a_key_counts_for_its_own_system_until_it_is_revoked(signing, stranger):
    theirs = Signing(stranger)
    theirs.caller = signing.caller
    assert code_of(theirs.post("applications", wanted())) == (401, "signature_invalid")
    name, now = signing.credential.name, timezone.now()
    revoke(actor=administrator(), client=signing.caller.client, name=name, now=now)
    assert code_of(signing.post("applications", wanted())) == (401, "not_authenticated"), "tokens went with the key"
    signing.caller.sign_in()
    assert code_of(signing.post("applications", wanted())) == (401, "signature_invalid")


def test_a_signature_nobody_asked_for_must_hold_too(portal):
    body = json.dumps(wanted()).encode()
    signing = Signing(portal)
    headers = signing.signed("POST", "applications", body)
    for spoilt in ("", "nonsense", 'sig=("@method");keyid=""', f'sig=1;keyid="{signing.credential.name}"'):
        answer = signing.send("POST", "applications", body, {**headers, "Signature-Input": spoilt})
        assert code_of(answer) == (401, "signature_invalid"), spoilt


def test_a_scan_of_several_megabytes_is_signed_and_taken_in(signing):
    number = signing.post("applications", wanted()).json()["number"]
    path, upload = f"applications/{number}/documents", scan("contract")
    upload.file.seek(0, 2)
    upload.file.write(b"\0" * 3_000_000)
    upload.seek(0)
    body = encode_multipart(BOUNDARY, {"requirement": "ownership_proof", "upload": upload})
    headers = signing.signed("POST", path, body, content_type=MULTIPART_CONTENT)
    answer = signing.send("POST", path, body, headers)
    assert answer.status_code == 201, answer.content
