"""The QR code of a paper: an address to look it up, and a signature that proves it where there is no network.

The text is `<portal>/verify/<code>/#<payload>.<signature>`. The part behind # never leaves the phone that opens it. The
payload is `kind;number;date;subject hash;key id`, Ed25519-signed, both in base64url; it holds no personal data.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from datetime import date

import segno
from cryptography.exceptions import InvalidSignature
from django.conf import settings

from applications.keys import qr_key, qr_public_keys

HASH_BYTES = 8


class ForgedCodeError(ValueError):
    """The text of a QR code is not one this portal signed."""


@dataclass(frozen=True)
class Proof:
    """What a QR code says of its paper. `on` is the day of issue in Asia/Almaty."""

    kind: str
    number: str
    on: date
    subject_hash: str
    key_id: str

    @property
    def text(self) -> str:
        return ";".join((self.kind, self.number, self.on.isoformat(), self.subject_hash, self.key_id))


def subject_hash(code: str, *, plate: str, vin: str) -> str:
    """Lets whoever stands before the vehicle compare; salted with the paper's code, so it links no two papers."""
    digest = hashlib.sha256(f"{code}|{plate}|{vin}".encode()).digest()[:HASH_BYTES]
    return encode(digest)


def address(code: str) -> str:
    """Where the paper is looked up; printed on paper, so it never changes."""
    return f"{settings.PORTAL_URL}/verify/{code}/"


def signed_text(*, code: str, kind: str, number: str, on: date, subject: str) -> str:
    """The text of the QR code. The same paper gives the same text. Raises MissingKeyError."""
    key_id, key = qr_key()
    payload = Proof(kind, number, on, subject, key_id).text.encode()
    return f"{address(code)}#{encode(payload)}.{encode(key.sign(payload))}"


def verify_text(text: str) -> Proof:
    """What the QR code `text` proves, by the published keys alone. Raises ForgedCodeError."""
    try:
        payload, signature = (decode(part) for part in text.strip().rsplit("#", maxsplit=1)[1].split("."))
        kind, number, on, subject, key_id = payload.decode().split(";")
        proof = Proof(kind, number, date.fromisoformat(on), subject, key_id)
        qr_public_keys()[key_id].verify(signature, payload)
    except (IndexError, KeyError, ValueError, InvalidSignature) as error:
        raise ForgedCodeError("The code was not signed by this portal, or was altered.") from error
    return proof


def drawing(text: str) -> str:
    """The QR code as an SVG data URI, black on white, without the quiet zone: the page leaves it."""
    output = io.BytesIO()
    segno.make(text, error="m", micro=False).save(output, kind="svg", border=0, xmldecl=False, svgns=True)
    return f"data:image/svg+xml;base64,{base64.b64encode(output.getvalue()).decode()}"


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
