"""The signature of the gateway's payment callback, for both of its ends; nothing here knows of Django.

Header `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`.
"""

import hashlib
import hmac
import re

HEADER = "X-Signature"
_SHAPE = re.compile(r"t=(?P<timestamp>\d{1,12}),v1=(?P<digest>[0-9a-f]{64})")


class SignatureRefusedError(Exception):
    """A callback that must not be believed: `code` is malformed, altered or stale."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sign(body: bytes, *, secret: str, timestamp: int) -> str:
    """The header's value for this body, signed at `timestamp` (unix seconds). Raises ValueError on an empty secret."""
    return f"t={timestamp},v1={_digest(body, secret, timestamp)}"


def verify(header: str, body: bytes, *, secret: str, now: int, tolerance: int) -> None:
    """Pass in silence, or raise SignatureRefusedError. `now` is unix seconds, `tolerance` seconds either way."""
    parts = _SHAPE.fullmatch(header)
    if parts is None:
        raise SignatureRefusedError("malformed")
    timestamp = int(parts["timestamp"])
    if not hmac.compare_digest(_digest(body, secret, timestamp), parts["digest"]):
        raise SignatureRefusedError("altered")
    if abs(now - timestamp) > tolerance:
        raise SignatureRefusedError("stale")


def _digest(body: bytes, secret: str, timestamp: int) -> str:
    if not secret:
        raise ValueError("PAYMENT_CALLBACK_SECRET is not set")
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
