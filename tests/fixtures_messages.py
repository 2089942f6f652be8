"""Messages as a connected system signs them (RFC 9421), and the keys it signs with."""

from __future__ import annotations

import json as to_json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from api.clients import add_key
from api.models import Credential
from tests.fixtures_api import V1, Caller, administrator

COVERED = ("@method", "@target-uri", "authorization", "idempotency-key")
KEYS = {
    "Ed25519": (ed25519.Ed25519PrivateKey.generate, algorithms.ED25519, "EdDSA"),
    "P-256": (lambda: ec.generate_private_key(ec.SECP256R1()), algorithms.ECDSA_P256_SHA256, "ES256"),
    "RSA": (lambda: rsa.generate_private_key(65537, 3072), algorithms.RSA_PSS_SHA512, "PS256"),
}


def pem(key: Any) -> str:
    """The public half of a private key."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class OneKey(HTTPSignatureKeyResolver):
    key: Any

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key


@dataclass
class Signing:
    """A caller that signs each call with a registered key of its own."""

    caller: Caller
    kind: str = "Ed25519"
    private: Any = None
    credential: Credential = field(init=False)

    def __post_init__(self) -> None:
        self.private = KEYS[self.kind][0]()
        client, now = self.caller.client, timezone.now()
        self.credential = add_key(actor=administrator(), client=client, public_key=pem(self.private), now=now)

    def signed(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        covered: tuple[str, ...] = COVERED,
        created: datetime | None = None,
        nonce: str | None = "",
        content_type: str = "application/json",
        with_digest: bool = True,
    ) -> dict[str, str]:
        """The headers of the call: `nonce` None leaves it out, "" makes a fresh one."""
        headers = {"Authorization": f"Bearer {self.caller.token}", "Content-Type": content_type}
        headers["Idempotency-Key"] = secrets.token_hex(8)
        message = Message(method, f"http://testserver{V1}{path}", headers)
        signer = HTTPMessageSigner(signature_algorithm=KEYS[self.kind][1], key_resolver=OneKey(self.private))
        signer.sign(
            message,
            key_id=self.credential.name,
            created=created,
            nonce=secrets.token_hex(8) if nonce == "" else nonce,
            covered_component_ids=covered,
            body=body if with_digest else None,
        )
        return headers

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        kind = headers["Content-Type"]
        return self.caller.browser.generic(method, V1 + path, body, content_type=kind, headers=headers)

    def post(self, path: str, json: Any, **how: Any) -> Any:
        """One signed call."""
        body = to_json.dumps(json).encode()
        return self.send("POST", path, body, self.signed("POST", path, body, **how))
