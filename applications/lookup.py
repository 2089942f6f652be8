"""Finding an applicant by IIN or BIN in the state's registers before there is an application to hang the answer on.

Names and birth dates are never typed: a person or organisation exists here only as its register describes it. Whom no
register knows is kept by foreigners.py.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.journal import noted
from applications.models import OutboxMessage
from applications.outbox import Later, handles, promise
from people.identifiers import IdentifierError, classify, parse_bin, parse_iin
from people.models import Organisation, Person, masked
from registers.contract import Answer, IdentityQuestion, OrganisationQuestion, Outcome, ask
from registers.findings import describe

KEPT_FOR = timedelta(minutes=15)
RETRY_PAUSE = timedelta(seconds=5)


@dataclass(frozen=True)
class Found:
    """Where a look-up stands: "asked", "found" (with `kind` and `pk`), "refused" or "unavailable"; `says` is why.

    `kind` is "iin", "bin" or, for somebody whom no register knows, "document"; `head` is the IIN of an organisation's.
    """

    state: str
    kind: str = ""
    pk: int = 0
    says: tuple[dict[str, Any], ...] = ()
    head: str = ""


@transaction.atomic
def start(*, actor: Actor, identifier: str, now: datetime) -> str:
    """Ask the register about an IIN or BIN; returns the token to follow the answer by.

    Raises people.identifiers.IdentifierError when the number cannot exist.
    """
    kind, value = _looked_up(actor, identifier, now)
    token = secrets.token_urlsafe(16)
    cache.set(key(token), {"state": "asked"}, KEPT_FOR.seconds)
    promise("lookup", application=None, now=now, payload={"token": token, "kind": kind, "identifier": value})
    return token


def key(token: str) -> str:
    return f"lookup:{token}"


def follow(token: str) -> Found | None:
    """Where the look-up stands; None when it is unknown or older than a quarter of an hour."""
    stored = cache.get(key(token))
    return None if stored is None else Found(**stored)


def hold(person: Person) -> str:
    """The token of somebody found without asking a register: by the document shown."""
    token = secrets.token_urlsafe(16)
    cache.set(key(token), {"state": "found", "kind": "document", "pk": person.pk}, KEPT_FOR.seconds)
    return token


def find_now(*, actor: Actor, identifier: str, field: str, now: datetime) -> Person | Organisation:
    """The person or organisation as its register describes it at this moment; for a door that can wait.

    Raises InvalidInputError on `field` for a number that cannot exist or whom the register turns away, DomainError
    "register_unavailable" (503) while the register is away.
    """
    try:
        kind, value = _looked_up(actor, identifier, now)
    except IdentifierError as error:
        raise InvalidInputError({f"{field}.identifier": error.message}) from error
    answer = _asked(kind, value)
    if answer.outcome == Outcome.UNAVAILABLE:
        raise DomainError("register_unavailable", _("The register does not answer. Try again later."), status=503)
    if answer.outcome != Outcome.CLEAR:
        says = " ".join(str(describe(finding)) for finding in answer.findings)
        raise InvalidInputError({f"{field}.identifier": says}, code="applicant_not_found")
    return _kept(kind, answer.facts)


def _looked_up(actor: Actor, identifier: str, now: datetime) -> tuple[str, str]:
    """The kind of the number ("iin" or "bin") and the number itself; the look is journaled. Raises IdentifierError."""
    kind = classify(identifier)
    value = parse_iin(identifier).value if kind == "iin" else parse_bin(identifier).value
    noted(chain=actor.chain, actor=actor, action="looked_up", now=now, changes={"identifier": masked(value)})
    return kind, value


def _asked(kind: str, identifier: str) -> Answer:
    return ask(IdentityQuestion(identifier) if kind == "iin" else OrganisationQuestion(identifier))


def _kept(kind: str, facts: Any) -> Person | Organisation:
    return keep_person(facts) if kind == "iin" else keep_organisation(facts)


@handles("lookup")
def keep_lookup(message: OutboxMessage) -> None:
    token, kind, identifier = (message.payload[name] for name in ("token", "kind", "identifier"))
    if message.created_at < timezone.now() - KEPT_FOR:
        return
    answer = _asked(kind, identifier)
    says = [{"code": finding.code, "params": dict(finding.params)} for finding in answer.findings]
    if answer.outcome == Outcome.UNAVAILABLE:
        cache.set(key(token), {"state": "unavailable", "says": says}, KEPT_FOR.seconds)
        raise Later(RETRY_PAUSE, "the register is away")
    if answer.outcome != Outcome.CLEAR:
        cache.set(key(token), {"state": "refused", "says": says}, KEPT_FOR.seconds)
        return
    party = _kept(kind, answer.facts)
    facts: Any = answer.facts
    head = (facts.get("head") or {}).get("iin") or ""
    found = {"state": "found", "kind": kind, "pk": party.pk, "says": says, "head": head}
    cache.set(key(token), found, KEPT_FOR.seconds)


def keep_person(facts: Any) -> Person:
    """The person as the population register describes them now."""
    address = facts.get("address") or {}
    person, _is_new = Person.objects.update_or_create(
        iin=facts["iin"],
        defaults={
            "surname": facts["surname"],
            "given_name": facts["given_name"],
            "patronymic": facts["patronymic"],
            "birth_date": date.fromisoformat(facts["birth_date"]),
            "sex": facts["sex"],
            "citizenship": facts["citizenship"],
            "document_number": (facts.get("document") or {}).get("number", ""),
            "address": address.get("text_ru", ""),
        },
    )
    return person


def keep_organisation(facts: Any) -> Organisation:
    """The organisation as the register of legal entities describes it now."""
    address, head = facts.get("address") or {}, facts.get("head") or {}
    organisation, _is_new = Organisation.objects.update_or_create(
        bin=facts["bin"],
        defaults={
            "name": facts["name_ru"],
            "head_name": head.get("full_name", ""),
            "address": address.get("text_ru", ""),
            "is_private_business": facts["kind"] == "private",
        },
    )
    return organisation
