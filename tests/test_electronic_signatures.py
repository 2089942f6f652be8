"""Electronic signatures: real certificates, real HTTP to the authority (PD.8.2, VR.8.3e)."""

from __future__ import annotations

import time
from datetime import timedelta
from hashlib import sha1

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.keys import PublicKeyInfo
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from portal.embedded import free_port
from registers.electronic_signatures import verify
from registers.signature_errors import MESSAGES, SignatureError
from registers.simulator import authority
from tests.fixtures_registers import demo_organisation, demo_person, running_simulator
from tests.fixtures_signatures import changed, person

CONTENT = '{"заявление":1}'.encode()
IIN = demo_person("P-01")["iin"]


def refused(content: bytes, cms: bytes, **words) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(content, cms, **{"now": timezone.now(), **words})
    assert str(caught.value.message)
    return caught.value.code


def outcome(cms: bytes) -> str:
    """The signer, or the code of the refusal."""
    try:
        return verify(CONTENT, cms, now=timezone.now()).signer
    except SignatureError as error:
        return error.code


def test_a_person_signs(signatures):
    """facts.md 9.3: SERIALNUMBER=IIN… names the signer."""
    facts = verify(CONTENT, signatures.sign(IIN, CONTENT), now=timezone.now(), accepted={IIN})

    assert (facts.signer, facts.iin, facts.bin) == (IIN, IIN, "")
    assert facts.signer_name == "Ахметов Ерлан"
    assert abs(timezone.now() - facts.signed_at) < timedelta(minutes=1)


def test_an_organisation_signs_by_its_head(signatures):
    """facts.md 9.3: OU=BIN… names the organisation, SERIALNUMBER its head."""
    number = demo_organisation("O-01")["bin"]
    facts = verify(CONTENT, signatures.sign(number, CONTENT), now=timezone.now())

    assert (facts.signer, facts.bin, facts.iin) == (number, number, demo_person("P-03")["iin"])
    assert facts.signer_name == "ТОО «Дала Авто»"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("expired", "expired"),
        ("not-yet-valid", "not_yet_valid"),
        ("revoked", "revoked"),
        ("signs-in", "wrong_key_usage"),
        ("employee", "not_entitled"),
        ("weak", "weak_algorithm"),
        ("weak-rsa", "weak_algorithm"),
        ("nobody", "no_identifier"),
    ],
)
def test_a_key_that_may_not_sign_is_refused(signatures, key, code):
    assert refused(CONTENT, signatures.sign(key, CONTENT)) == code


def test_somebody_elses_signature_is_refused(signatures):
    assert refused(CONTENT, signatures.sign(IIN, CONTENT), accepted={demo_person("P-02")["iin"]}) == "wrong_person"


def test_other_content_is_refused(signatures):
    assert refused(CONTENT + b" ", signatures.sign(IIN, CONTENT)) == "altered"


def test_a_stranger_authority_with_the_same_names_is_refused(signatures, tmp_path):
    authority.make(
        tmp_path, base_url=signatures.simulator.url, wanted=[person("P-01")], revoked=set(), now=timezone.now()
    )
    assert refused(CONTENT, authority.sign(tmp_path, IIN, CONTENT)) == "unknown_authority"


@pytest.mark.parametrize(("shift", "code"), [(-6, "signed_in_future"), (73 * 60, "signed_too_long_ago")])
def test_the_clock_of_the_signer_is_held_to_ours(signatures, shift, code):
    """Five minutes off at most; after the period of the setting the application is signed again."""
    later = timezone.now() + timedelta(minutes=shift)
    assert refused(CONTENT, signatures.sign(IIN, CONTENT), now=later) == code
    assert signatures.simulator.calls("ocsp") == signatures.simulator.calls("crl") == 0


def test_four_minutes_off_is_taken(signatures):
    assert verify(CONTENT, signatures.sign(IIN, CONTENT), now=timezone.now() - timedelta(minutes=4)).signer == IIN


def test_an_rsa_key_signs(signatures):
    assert verify(CONTENT, signatures.sign("rsa", CONTENT), now=timezone.now()).signer == IIN


def forget_time(signer):
    signer["signed_attrs"] = [item for item in signer["signed_attrs"] if item["type"].native != "signing_time"]


def digest_by_sha1(signer):
    signer["digest_algorithm"] = {"algorithm": "sha1"}
    for item in signer["signed_attrs"]:
        if item["type"].native == "message_digest":
            item["values"] = [sha1(CONTENT).digest()]
    sign_by_sha1(signer)


def sign_by_sha1(signer):
    signer["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}


@pytest.mark.parametrize(
    ("change", "digest", "code"),
    [
        (lambda _: None, SHA256(), IIN),
        (forget_time, SHA256(), "no_signing_time"),
        (digest_by_sha1, SHA1(), "weak_algorithm"),
        (sign_by_sha1, SHA1(), "weak_algorithm"),
    ],
)
def test_a_signer_who_leaves_out_the_time_or_uses_sha_1_is_refused(signatures, change, digest, code):
    """The first case is the proof that the others are refused for what was changed."""
    assert outcome(signatures.resigned(IIN, CONTENT, change, digest)) == code


def test_a_key_of_another_kind_is_refused(signatures):
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def exchange(data):
        for certificate in data["certificates"]:
            certificate.chosen["tbs_certificate"]["subject_public_key_info"] = PublicKeyInfo.load(key)

    assert refused(CONTENT, changed(signatures.sign(IIN, CONTENT), exchange)) == "weak_algorithm"


def test_two_signers_in_one_signature_are_refused(signatures):
    other = ContentInfo.load(signatures.sign(demo_person("P-02")["iin"], CONTENT))["content"]

    def add(data):
        data["signer_infos"] = [data["signer_infos"][0], other["signer_infos"][0]]
        data["certificates"] = [*data["certificates"], other["certificates"][0]]

    assert refused(CONTENT, changed(signatures.sign(IIN, CONTENT), add)) == "malformed"


def test_a_signature_that_brings_its_text_along_is_refused(signatures):
    """Two texts in one call could be two different ones."""

    def include(data):
        data["encap_content_info"]["content"] = CONTENT

    assert refused(CONTENT, changed(signatures.sign(IIN, CONTENT), include)) == "malformed"


@pytest.mark.parametrize("cms", [b"", b"\x30\x03\x02\x01\x01", b"not a signature", b"\x00" * 70_000])
def test_what_is_no_signature_is_refused(signatures, cms):
    assert refused(CONTENT, cms) == "malformed"


@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_altered_byte_passes(signatures, place, flip):
    """Whatever byte is turned, a signature either says the same of the same person or is refused in words."""
    cms = bytearray(signatures.sign(IIN, CONTENT))
    cms[place % len(cms)] ^= flip
    assert outcome(bytes(cms)) in {IIN, *MESSAGES}


def test_a_list_answers_when_ocsp_does_not(signatures):
    signatures.simulator.switch("ocsp", "error")

    assert verify(CONTENT, signatures.sign(IIN, CONTENT), now=timezone.now()).signer == IIN
    assert refused(CONTENT, signatures.sign("revoked", CONTENT)) == "revoked"


@pytest.mark.parametrize("mode", ["error", "garbage", "down", "hang", "drip"])
def test_without_an_answer_about_revocation_nothing_passes(signatures, mode):
    """Fail closed, in bounded time, and the same signature may come again."""
    signatures.simulator.switch("ocsp", mode)
    signatures.simulator.switch("crl", mode)
    started = time.monotonic()

    assert refused(CONTENT, signatures.sign(IIN, CONTENT)) == "revocation_unavailable"
    assert time.monotonic() - started < 8
    assert SignatureError("revocation_unavailable").is_retryable


def test_the_list_about_an_authority_is_fetched_once_while_it_holds(signatures):
    """Whether the signer's own key is revoked is asked each time."""
    for _ in range(3):
        verify(CONTENT, signatures.sign(IIN, CONTENT), now=timezone.now())
    assert (signatures.simulator.calls("crl"), signatures.simulator.calls("ocsp")) == (1, 3)


def test_a_list_that_the_authority_did_not_sign_is_not_kept(signatures):
    key = signatures.folder / "root.key.pem"
    own = key.read_bytes()
    key.write_bytes((signatures.folder / "issuing.key.pem").read_bytes())
    try:
        assert refused(CONTENT, signatures.sign(IIN, CONTENT)) == "revocation_unavailable"
    finally:
        key.write_bytes(own)
    assert verify(CONTENT, signatures.sign(IIN, CONTENT), now=timezone.now()).signer == IIN


def test_only_known_hosts_are_asked(signatures, settings):
    """The address stands in the certificate, so it may name any host: it is not followed anywhere."""
    settings.SIGNATURE_REVOCATION_HOSTS = ["ocsp.pki.gov.kz"]
    assert refused(CONTENT, signatures.sign(IIN, CONTENT)) == "revocation_unavailable"
    assert signatures.simulator.calls("ocsp") == signatures.simulator.calls("crl") == 0


def test_without_authorities_nothing_passes(signatures, settings, tmp_path):
    settings.SIGNATURE_AUTHORITIES_DIR = tmp_path
    assert refused(CONTENT, signatures.sign(IIN, CONTENT)) == "no_authorities"


def test_the_simulator_makes_its_authority_once(settings, tmp_path):
    """As `make run` starts it: with a key for everybody of the demo data, and the same ones at the next start."""
    address = f"127.0.0.1:{free_port()}"
    options = ["--port", address.rpartition(":")[2], "--pki", str(tmp_path), "--public-url", f"http://{address}"]
    settings.SIGNATURE_AUTHORITIES_DIR = tmp_path / "trusted"
    settings.SIGNATURE_REVOCATION_HOSTS = [address]
    with running_simulator(*options):
        root = (tmp_path / "trusted" / "root.pem").read_bytes()
        for signer in (IIN, demo_organisation("O-01")["bin"]):
            assert verify(CONTENT, authority.sign(tmp_path, signer, CONTENT), now=timezone.now()).signer == signer
    with running_simulator(*options):
        assert (tmp_path / "trusted" / "root.pem").read_bytes() == root


def test_a_serial_number_that_no_authority_gives_is_no_certificate(signatures):
    """RFC 5280, 4.1.2.2: twenty octets; a longer one would not fit where it is kept."""

    def lengthen(data):
        signer = data["signer_infos"][0]["sid"].chosen["serial_number"]
        for choice in data["certificates"]:
            if choice.chosen.serial_number == signer.native:
                choice.chosen["tbs_certificate"]["serial_number"] = 1 << 300
        data["signer_infos"][0]["sid"].chosen["serial_number"] = 1 << 300

    assert refused(CONTENT, changed(signatures.sign(IIN, CONTENT), lengthen)) == "malformed"
