"""Taking in an electronic signature over the canonical application (PD.8.2, VR.8.3e with LAW-O1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from api.canonical import canonical_bytes
from applications.acting import Actor, lock
from applications.errors import DomainError
from applications.models import Signature
from applications.services import service_of
from applications.signatures import Signed, keep_signature
from registers.electronic_signatures import verify
from registers.signature_errors import SignatureError


def accept_signature(*, actor: Actor, number: str, requirement: str, cms: bytes, now: datetime) -> Signature:
    """Verify the detached `cms` over the application as it stands and keep it under `requirement`.

    Raises DomainError "signature.<code>" with a code of registers.signature_errors (503 when the same signature may be
    sent again later, otherwise 422, 409 when the application changed meanwhile), and as keep_signature does.
    """
    with transaction.atomic():
        application = lock(number=number, actor=actor)
        content = canonical_bytes(application)
        asked = service_of(application).signers(application, requirement)
    try:
        # Outside any transaction: the authority's servers may take seconds.
        facts = verify(content, cms, now=now, accepted=asked)
    except SignatureError as error:
        status = 503 if error.is_retryable else 422
        raise DomainError(f"signature.{error.code}", str(error.message), status=status) from error
    signed = Signed(facts.signer, facts.signer_name, facts.certificate_serial, facts.signed_at, cms, content)
    with transaction.atomic():
        if canonical_bytes(lock(number=number, actor=actor)) != content:
            raise DomainError("signature.altered", str(SignatureError("altered").message), status=409)
        return keep_signature(actor=actor, number=number, requirement=requirement, signed=signed, now=now)
