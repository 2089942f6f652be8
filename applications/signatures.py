"""Keeping the electronic signatures that a portal's door has verified; a keyboard never makes one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, save
from applications.canonical import canonical_bytes
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application, Signature
from applications.services import service_of
from applications.states import State


@dataclass(frozen=True)
class Signed:
    """A verified signature: whose (IIN or BIN and name), by which certificate, when, over what (`content`)."""

    signer: str
    signer_name: str
    certificate_serial: str
    signed_at: datetime
    cms: bytes
    content: bytes


@transaction.atomic
def keep_signature(*, actor: Actor, number: str, requirement: str, signed: Signed, now: datetime) -> Signature:
    """Keep a signature under a requirement of a draft; the same text signed twice is one signature (PD.8.2, VR.8.3e).

    The caller has verified chain, time, revocation and subject. Raises NotAllowedError for staff, InvalidInputError
    for somebody whose signature nobody asked for, DomainError "illegal_move" once the application is accepted.
    """
    if actor.staff is not None:
        raise NotAllowedError(
            "signature", _("Signatures come with applications from portals; nobody enters them here.")
        )
    application = lock(number=number, actor=actor)
    if application.state != State.DRAFT:
        raise DomainError("illegal_move", _("The application is accepted; it can no longer be edited."))
    if signed.signer not in service_of(application).signers(application, requirement):
        raise InvalidInputError({"signature": _("This person's signature is not asked for here.")})
    signature, is_new = Signature.objects.get_or_create(
        application=application,
        requirement=requirement,
        signer=signed.signer,
        content_sha256=digest(signed.content),
        defaults={
            "signer_name": signed.signer_name,
            "certificate_serial": signed.certificate_serial,
            "signed_at": signed.signed_at,
            "received_at": now,
            "cms": signed.cms,
        },
    )
    if is_new:
        save(application)
        record(application, actor, "signed", now, {"requirement": requirement, "signer": signed.signer_name})
    return signature


def is_signed(application: Application, requirement: str) -> bool:
    """Whether everybody has signed whose signature the requirement asks for.

    As long as it is a draft, only signatures of its present text count: whoever changes a detail or a document has it
    signed anew.
    """
    asked = service_of(application).signers(application, requirement)
    if not asked:
        return False
    signatures = application.signatures.filter(requirement=requirement)
    if application.state == State.DRAFT:
        signatures = signatures.filter(content_sha256=digest(canonical_bytes(application)))
    return asked <= set(signatures.values_list("signer", flat=True))


def digest(content: bytes) -> str:
    """The hash by which a signature knows what it signs."""
    return hashlib.sha256(content).hexdigest()
