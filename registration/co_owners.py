"""The question about co-owners: the previous owner answers it under their electronic signature (LAW-O1, VR.8.3e).

It is asked where the two signatures are the proof of the sale. A notary, a court or a bailiff has settled it otherwise.
"""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock
from applications.errors import InvalidInputError
from applications.models import Application
from applications.signatures import Signed, keep_signature
from registration.models import CoOwnerAnswer, VehicleDetails
from registration.sale import Problems
from registration.standard import OwnershipProof

CO_OWNERS = "co_owners"


def is_asked(details: VehicleDetails) -> bool:
    """Whether the previous owner has to answer; the standard admits two signatures online only."""
    return details.ownership_proof == OwnershipProof.BOTH_SIGNATURES


def statement(application: Application, *, has_co_owners: bool, they_agree: bool | None) -> bytes:
    """The text that the previous owner signs, the same for every portal: canonical JSON in UTF-8."""
    said = {
        "application": application.number,
        "vehicle": application.subject,
        "has_co_owners": has_co_owners,
        "they_agree": they_agree,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic
def keep_answer(*, actor: Actor, number: str, signed: Signed, now: datetime) -> CoOwnerAnswer:
    """Keep the answer that `signed.content` states (see `statement`); the same answer twice is one.

    Raises InvalidInputError for a text about something else, and as applications.signatures.keep_signature does.
    """
    application = lock(number=number, actor=actor)
    has_co_owners, they_agree = _read(application, signed.content)
    signature = keep_signature(actor=actor, number=number, requirement=CO_OWNERS, signed=signed, now=now)
    answer, _is_new = CoOwnerAnswer.objects.get_or_create(
        application=application,
        defaults={
            "signature": signature,
            "has_co_owners": has_co_owners,
            "they_agree": they_agree,
            "answered_at": now,
        },
    )
    return answer


def _read(application: Application, content: bytes) -> tuple[bool, bool | None]:
    answers = ((False, None), (True, True), (True, False))
    for has_co_owners, they_agree in answers:
        if content == statement(application, has_co_owners=has_co_owners, they_agree=they_agree):
            return has_co_owners, they_agree
    message = _("What was signed is not an answer about the co-owners of this vehicle in this application.")
    raise InvalidInputError({CO_OWNERS: message})


def co_owner_problems(application: Application) -> Problems:
    """No answer, or a co-owner who does not agree: the sale is not registered online."""
    if not is_asked(application.vehicle_details):
        return {}
    answer = CoOwnerAnswer.objects.filter(application=application).first()
    if answer is None:
        message = _(
            "The previous owner has not answered yet, with their electronic signature, whether there are co-owners."
        )
        return {CO_OWNERS: str(message)}
    if not answer.allows:
        message = _(
            "The previous owner says that a co-owner does not agree to the sale, so it is not registered online. With "
            "a document certified by a notary the new owner applies at a front desk."
        )
        return {CO_OWNERS: str(message)}
    return {}
