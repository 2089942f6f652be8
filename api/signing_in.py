"""Taking in electronic signatures: over the canonical application (PD.8.2, VR.8.3e with LAW-O1) and over answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from applications.acting import Actor, lock
from applications.canonical import canonical_bytes
from applications.errors import DomainError
from applications.models import Application, Signature
from applications.services import service_of
from applications.signatures import Signed, digest, keep_signature
from applications.states import State
from registers.signature_errors import SignatureError
from registration.co_owners import CO_OWNERS


def asked_of(application: Application, requirements: Iterable[str]) -> list[dict[str, Any]]:
    """Whose signatures are asked for under `requirements` and about co-owners, each with the instant of the one that is
    here, or None. Of a draft only signatures of its present text count (see applications.signatures.is_signed).
    """
    service = service_of(application)
    asked = [
        (code, signer)
        for code in dict.fromkeys([*requirements, CO_OWNERS])
        for signer in sorted(service.signers(application, code))
    ]
    if not asked:
        return []
    text = digest(canonical_bytes(application)) if application.state == State.DRAFT else ""
    here = {
        (item.requirement, item.signer): item.signed_at
        for item in application.signatures.all()
        if not text or item.requirement == CO_OWNERS or item.content_sha256 == text
    }
    return [{"requirement": code, "signer": signer, "signed_at": here.get((code, signer))} for code, signer in asked]


def verified(*, actor: Actor, number: str, requirement: str, cms: bytes, now: datetime) -> Signed:
    """The detached `cms` over the application as it stands, verified; nothing is kept yet.

    Raises DomainError "signature.<code>" with a code of registers.signature_errors (503 when the same signature may be
    sent again later, otherwise 422).
    """
    with transaction.atomic():
        application = lock(number=number, actor=actor)
        content = canonical_bytes(application)
        asked = service_of(application).signers(application, requirement)
    # Outside any transaction: the authority's servers may take seconds.
    return judged(content, cms, now=now, asked=asked)


def judged(content: bytes, cms: bytes, *, now: datetime, asked: Iterable[str]) -> Signed:
    """`cms` as a signature of `content` by one of `asked`. Raises as `verified` does."""
    # pyHanko weighs tens of megabytes: a web worker that no signature reaches does without.
    from registers.electronic_signatures import verify  # noqa: PLC0415

    try:
        facts = verify(content, cms, now=now, accepted=frozenset(asked))
    except SignatureError as error:
        status = 503 if error.is_retryable else 422
        raise DomainError(f"signature.{error.code}", str(error.message), status=status) from error
    return Signed(facts.signer, facts.signer_name, facts.certificate_serial, facts.signed_at, cms, content)


@transaction.atomic
def keep(*, actor: Actor, number: str, requirement: str, signed: Signed, now: datetime) -> Signature:
    """Keep a verified signature under `requirement`.

    Raises DomainError "signature.altered" (422) when the application changed meanwhile, and as keep_signature does.
    """
    if canonical_bytes(lock(number=number, actor=actor)) != signed.content:
        raise DomainError("signature.altered", str(SignatureError("altered").message), status=422)
    return keep_signature(actor=actor, number=number, requirement=requirement, signed=signed, now=now)
