"""Signed messages (RFC 9421 with Content-Digest): whole, fresh within five minutes, and received once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.cache import cache
from django.http import HttpRequest
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from api.models import Credential, CredentialKind
from api.problems import Problem
from offices.models import ConnectedSystem

CLOCK = timedelta(minutes=5)
COVERED = ("@method", "@target-uri", "authorization")


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = CLOCK


@dataclass(frozen=True)
class _Keys(HTTPSignatureKeyResolver):
    key: Any

    def resolve_public_key(self, key_id: str) -> Any:
        return self.key


@dataclass(frozen=True)
class _Message:
    method: str
    url: str
    headers: dict[str, str]


def verify(request: HttpRequest, system: ConnectedSystem) -> None:
    """Judge the signature of a message, where there is one or the system must sign.

    Raises Problem "signature_missing", "signature_invalid" or "signature_replayed".
    """
    if "Signature-Input" not in request.headers:
        if system.requires_message_signature:
            raise Problem("signature_missing")
        return
    message = _Message(str(request.method), request.build_absolute_uri(), dict(request.headers.items()))
    wanted = [*COVERED]
    if "Idempotency-Key" in request.headers:
        wanted.append("idempotency-key")
    for key in Credential.objects.valid().filter(client__system=system, kind=CredentialKind.KEY):
        if f'keyid="{key.name}"' in request.headers["Signature-Input"]:
            _once(system, _verified(message, key, wanted, _whole(request)))
            return
    raise Problem("signature_invalid")


def _whole(request: HttpRequest) -> bytes:
    """The body of a message whose announced length was judged before; Django's own bound is for forms without files."""
    request._body = request.read()
    return request.body


def _verified(message: _Message, key: Credential, wanted: list[str], body: bytes) -> str:
    public = load_pem_public_key(key.public_key.encode())
    algorithm: Any = algorithms.RSA_PSS_SHA512
    if isinstance(public, ed25519.Ed25519PublicKey):
        algorithm = algorithms.ED25519
    elif isinstance(public, ec.EllipticCurvePublicKey):
        algorithm = algorithms.ECDSA_P256_SHA256
    verifier = _Verifier(signature_algorithm=algorithm, key_resolver=_Keys(public))
    try:
        found = verifier.verify(message, max_age=timedelta(0), require_components=wanted, body=body)
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as error:
        raise Problem("signature_invalid") from error
    nonce = found[0].nonce
    if not nonce or found[0].parameters.get("keyid") != key.name:
        raise Problem("signature_invalid")
    return nonce


def _once(system: ConnectedSystem, nonce: str) -> None:
    place = f"nonce:{system.pk}:{hashlib.sha256(nonce.encode()).hexdigest()}"
    if not cache.add(place, 1, timeout=int(3 * CLOCK.total_seconds())):
        raise Problem("signature_replayed")
