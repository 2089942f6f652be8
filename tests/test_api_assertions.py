"""private_key_jwt (RFC 7523): a token for whoever signed the assertion with a registered key, freshly and once."""

from __future__ import annotations

import base64
import json
import secrets
import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

from api.clients import revoke
from api.tokens import ASSERTION_TYPE, token_address
from tests.fixtures_api import V1, administrator
from tests.fixtures_messages import KEYS, Signing, pem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_address(portal):
    """Failures are counted per address; each test calls from its own."""
    portal.browser.defaults["REMOTE_ADDR"] = str(ip_address(0x0A000000 + secrets.randbelow(2**24)))


def claims(signing: Signing, **other: Any) -> dict[str, Any]:
    """The claims of a good assertion; None leaves one out."""
    client = signing.caller.client.client_id
    exp, jti = int(time.time()) + 240, str(time.time_ns())
    good = {"iss": client, "sub": client, "aud": token_address(), "exp": exp, "jti": jti}
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def assertion(signing: Signing, said: dict[str, Any], **header: Any) -> str:
    key = signing.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    words = {"alg": KEYS[signing.kind][2], "kid": signing.credential.name, **header}
    made = JWT(header=words, claims=said)
    made.make_signed_token(JWK.from_pem(key))
    return str(made.serialize())


def coded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def asked(signing: Signing, text: str, kind: str = ASSERTION_TYPE):
    form = {"grant_type": "client_credentials", "client_assertion_type": kind, "client_assertion": text}
    words = "application/x-www-form-urlencoded"
    return signing.caller.browser.post(V1 + "token", urlencode(form), content_type=words)


def refused(answer) -> bool:
    return answer.status_code in {400, 401} and "access_token" not in answer.json()


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_an_assertion_gives_a_token_once(portal, kind):
    signing = Signing(portal, kind)
    text = assertion(signing, claims(signing))
    first = asked(signing, text)
    assert first.status_code == 200, first.content
    portal.token = first.json()["access_token"]
    assert portal.get("applications").status_code == 200
    assert refused(asked(signing, text))


@pytest.mark.parametrize(
    "other",
    [
        {"aud": "https://elsewhere.example/token"},
        {"aud": None},
        {"iss": "bank"},
        {"iss": None},
        {"sub": "nobody"},
        {"sub": None},
        {"jti": None},
        {"exp": None},
        {"exp": 0},
        {"exp": "soon"},
        {"exp": 10**12},
        {"nbf": 10**12},
        {"sub": "\0"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": [10**9]},
        {"nbf": float("inf")},
        {"nbf": {}},
        {"iat": "soon", "nbf": [1]},
    ],
    ids=str,
)
def test_claims_that_do_not_fit_give_no_token(portal, other):
    signing = Signing(portal)
    assert refused(asked(signing, assertion(signing, claims(signing, **other))))


def test_a_clock_five_minutes_off_gives_no_token(portal):
    signing = Signing(portal)
    for seconds in (-90, 5 * 60 + 90):
        assert refused(asked(signing, assertion(signing, claims(signing, exp=int(time.time()) + seconds)))), seconds


def test_no_algorithm_but_those_of_the_registered_keys(portal):
    """Neither "none", nor a secret made of the public key, which everybody knows."""
    signing = Signing(portal, "RSA")
    said, kid = claims(signing), signing.credential.name
    assert refused(asked(signing, f"{coded({'alg': 'none', 'kid': kid})}.{coded(said)}."))
    secret = JWK(kty="oct", k=base64.urlsafe_b64encode(pem(signing.private).strip().encode()).rstrip(b"=").decode())
    made = JWT(header={"alg": "HS256", "kid": kid}, claims=said)
    made.make_signed_token(secret)
    assert refused(asked(signing, str(made.serialize())))
    assert refused(asked(signing, assertion(signing, said, alg="RS256")))
    assert asked(signing, assertion(signing, said)).status_code == 200


def test_an_altered_assertion_gives_no_token(portal):
    signing = Signing(portal)
    head, _body, signature = assertion(signing, claims(signing)).split(".")
    assert refused(asked(signing, f"{head}.{coded(claims(signing, exp=int(time.time()) + 290))}.{signature}"))
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    for text in ("", "a.b.c", f"{head}.{coded([])}.{signature}", f"{head}..{signature}", "ä" * 10):
        assert refused(asked(signing, text)), text
    assert refused(asked(signing, f"{head}.{deep}.{signature}"))
    assert refused(asked(signing, assertion(signing, claims(signing)), kind="another"))


def test_only_a_key_of_this_client_that_still_holds(portal, stranger):
    signing, theirs = Signing(portal), Signing(stranger)
    ours = claims(signing)
    assert refused(asked(signing, assertion(theirs, ours)))
    assert refused(asked(signing, assertion(theirs, ours, kid=signing.credential.name)))
    assert refused(asked(signing, assertion(signing, ours, kid="nothing")))
    name, now = signing.credential.name, timezone.now()
    revoke(actor=administrator(), client=portal.client, name=name, now=now)
    assert refused(asked(signing, assertion(signing, ours)))


def test_a_system_out_of_service_gets_no_token(portal, egov):
    signing = Signing(portal)
    egov.is_active = False
    egov.save()
    assert refused(asked(signing, assertion(signing, claims(signing))))
    assert refused(portal.browser.post(V1 + "token"))


def test_an_address_that_guesses_has_to_wait(portal):
    signing = Signing(portal)
    # Twice as many, since a minute may end meanwhile.
    answers = [asked(signing, "a.b.c") for _time in range(61)]
    assert {answer.status_code for answer in answers[:30]} == {401}
    told = next(answer for answer in answers[30:] if answer.status_code == 429)
    assert 0 < int(told["Retry-After"]) <= 60
