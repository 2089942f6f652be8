"""Signatures with GOST keys, judged by an NCANode service over HTTP: its stand-in, and one that says what we like."""

from __future__ import annotations

import base64
import json
import time

import pytest
from asn1crypto.cms import CertificateChoices, ContentInfo
from django.utils import timezone

from registers.electronic_signatures import verify
from registers.signature_errors import SignatureError
from tests.fixtures_registers import demo_organisation, demo_person
from tests.fixtures_signatures import changed

CONTENT = '{"заявление":1}'.encode()
IIN = demo_person("P-01")["iin"]
GOOD = {"valid": True, "revocations": [{"revoked": False, "by": "OCSP"}], "subject": {"iin": IIN}}


@pytest.fixture
def service(signatures, scripted_server, settings):
    """An NCANode that answers what the test wants."""
    settings.REGISTER_SIGNATURE_SERVICE_URL = scripted_server.url
    return scripted_server


def outcome(cms: bytes, content: bytes = CONTENT, **words) -> str:
    """The signer, or the code of the refusal."""
    try:
        return verify(content, cms, now=timezone.now(), **words).signer
    except SignatureError as error:
        return error.code


@pytest.mark.parametrize("signer", [IIN, demo_organisation("O-01")["bin"]])
def test_a_gost_key_signs(signatures, signer):
    """The service is asked, and nobody else."""
    assert outcome(signatures.gost(signer, CONTENT), accepted={signer}) == signer
    calls = [signatures.simulator.calls(name) for name in ("signature_service", "ocsp", "crl")]
    assert calls == [1, 0, 0]


def test_another_text_and_another_person_are_refused(signatures):
    assert outcome(signatures.gost(IIN, CONTENT), CONTENT + b" ") == "altered"
    assert outcome(signatures.gost(IIN, CONTENT), accepted={demo_person("P-02")["iin"]}) == "wrong_person"


@pytest.mark.parametrize(
    ("key", "code"), [("signs-in", "wrong_key_usage"), ("employee", "not_entitled"), ("expired", "expired")]
)
def test_a_gost_key_that_may_not_sign_is_refused(signatures, key, code):
    assert outcome(signatures.gost(key, CONTENT)) == code


@pytest.mark.parametrize("mode", ["error", "garbage", "down", "hang", "drip"])
def test_without_the_service_nothing_passes(signatures, mode):
    """Fail closed, in bounded time, and the same signature may come again."""
    signatures.simulator.switch("signature_service", mode)
    started = time.monotonic()
    assert outcome(signatures.gost(IIN, CONTENT)) == "service_unavailable"
    assert time.monotonic() - started < 8
    signatures.simulator.switch("signature_service", "ok")
    assert outcome(signatures.gost(IIN, CONTENT)) == IIN


@pytest.mark.parametrize(
    ("certificate", "valid", "code"),
    [
        (GOOD, True, IIN),
        (GOOD, False, "altered"),
        ({**GOOD, "valid": False}, False, "unknown_authority"),
        ({**GOOD, "revocations": [{"revoked": True, "by": "CRL"}]}, False, "revoked"),
        ({**GOOD, "revocations": []}, True, "revocation_unavailable"),
        ({**GOOD, "subject": {"iin": demo_person("P-02")["iin"]}}, True, "service_unavailable"),
        ({**GOOD, "subject": {"iin": IIN, "bin": demo_organisation("O-01")["bin"]}}, True, "service_unavailable"),
        (None, True, "service_unavailable"),
        (None, False, "altered"),
    ],
)
def test_what_the_service_says_is_believed_only_of_the_signer(signatures, service, certificate, valid, code):
    service.say({"valid": valid, "signers": [{"certificates": [certificate]}] if certificate else []})
    assert outcome(signatures.gost(IIN, CONTENT)) == code


@pytest.mark.parametrize(("status", "code"), [(400, "malformed"), (404, "service_unavailable")])
def test_a_service_that_cannot_read_it_says_so(signatures, service, status, code):
    service.say({"message": "no"}, status=status)
    assert outcome(signatures.gost(IIN, CONTENT)) == code


def test_the_service_gets_the_certificate_that_is_judged_here_and_no_other(signatures, service):
    """Two with the same issuer and number: the service might look at the one, the portal at the other."""
    employee = ContentInfo.load(signatures.sign("employee", CONTENT))["content"]["certificates"][0].chosen

    def add_another(data):
        forged = data["certificates"][0].chosen.copy()
        forged["tbs_certificate"]["subject"] = employee.subject
        data["certificates"] = [*data["certificates"], CertificateChoices("certificate", forged)]

    service.say({"valid": True, "signers": [{"certificates": [GOOD]}]})
    outcome(changed(signatures.gost(IIN, CONTENT), add_another))
    (request,) = service.requests
    sent = ContentInfo.load(base64.b64decode(json.loads(request["body"])["cms"]))["content"]
    assert len(sent["certificates"]) == 1
