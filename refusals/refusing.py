"""Refusing: the officer chooses among grounds of the standard, and what is not proven cannot be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, record
from applications.checking import promise_checks
from applications.deciding import decide
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.papers import order
from applications.services import standard_of
from applications.standards import Ground
from offices.models import Staff
from refusals.grounds import ProposedGround, is_judged_by_officer, propose
from refusals.letter import compose
from refusals.models import Refusal, RefusalReason
from refusals.papers import REFUSAL_LETTER

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_REMARK = 2000


@dataclass(frozen=True)
class Chosen:
    """A ground the officer chose, with a remark of their own in both languages of the letter, or in none."""

    row: str
    remark_ru: str = ""
    remark_kk: str = ""


def refuse(*, actor: Actor, number: str, version: int | None, chosen: Sequence[Chosen], now: datetime) -> Refusal:
    """Refuse with at least one ground of the standard, each proven or put into words; the letter follows.

    Raises InvalidInputError for a choice that cannot stand, DomainError "ground_not_proven" for a ground without its
    record, "evidence_stale" after having an old answer asked for again, and everything applications.deciding.decide
    raises.
    """
    with transaction.atomic():
        application = decide(actor=actor, number=number, version=version, transition="refuse", now=now)
        proposed = propose(application)
        reasons = reasons_of(application, chosen, proposed)
        stale = sorted({item.proved_by.code for item in reasons if item.proved_by and item.proved_by.is_stale(now)})
        if not stale:
            return _write(application, actor, reasons, now)
        transaction.set_rollback(True)
    promise_checks(application, now, stale)
    message = _("Some answers were too old; the registers are being asked again. Refuse once they have answered.")
    raise DomainError("evidence_stale", message)


def _write(application: Application, actor: Actor, reasons: list[RefusalReason], now: datetime) -> Refusal:
    if actor.staff is None:
        raise ValueError("A refusal is decided by a person.")
    refusal = Refusal.objects.create(application=application, decided_by=actor.staff, decided_at=now)
    for reason in reasons:
        reason.refusal = refusal
    RefusalReason.objects.bulk_create(reasons)
    # Relations read before the refusal existed would print an empty letter.
    application.refusal = refusal
    rows = sorted({reason.row for reason in reasons})
    evidence = {
        str(reason.proved_by): reason.proved_by.evidence.request_id
        for reason in reasons
        if reason.proved_by and reason.proved_by.evidence
    }
    record(application, actor, "refused", now, {"grounds": rows, "evidence": evidence})
    order(application=application, kind=REFUSAL_LETTER, now=now)
    return refusal


def compose_letter(
    application: Application, chosen: Sequence[Chosen], *, officer: Staff, now: datetime
) -> dict[str, Any]:
    """A preview of the letter in both languages, as `refuse` would print it. Raises as `refuse` does."""
    reasons = reasons_of(application, chosen, propose(application))
    return compose(application, reasons, officer=officer, decided_at=now)


def reasons_of(
    application: Application, chosen: Sequence[Chosen], proposed: Sequence[ProposedGround]
) -> list[RefusalReason]:
    """The reasons that the choice makes, not stored yet: one for each answer that proves a chosen ground."""
    if not chosen:
        raise InvalidInputError({"grounds": _("Choose at least one ground of refusal.")})
    if len({item.row for item in chosen}) < len(chosen):
        raise InvalidInputError({"grounds": _("A ground is named twice.")})
    standard = standard_of(application)
    reasons: list[RefusalReason] = []
    for item in chosen:
        try:
            ground = standard.ground(item.row, application.subservice)
        except LookupError as error:
            message = _("%(row)s is no ground of refusal for this service.") % {"row": item.row}
            raise InvalidInputError({"grounds": message}) from error
        evidence = [candidate for candidate in proposed if candidate.ground.row == item.row]
        _require_proof(ground, item, evidence)
        reasons += _reasons(ground, item, evidence)
    return reasons


def _require_proof(ground: Ground, item: Chosen, evidence: Sequence[ProposedGround]) -> None:
    remarks = (item.remark_ru.strip(), item.remark_kk.strip())
    wrong: dict[str, str | _StrPromise] = {}
    for language, remark in zip(("ru", "kk"), remarks, strict=True):
        if len(remark) > LONGEST_REMARK:
            wrong[f"remark_{language}:{item.row}"] = _("The remark is too long for the letter.")
    if any(remarks) and not all(remarks):
        language = "ru" if not remarks[0] else "kk"
        wrong[f"remark_{language}:{item.row}"] = _("The letter has two languages: write the remark in both.")
    if wrong:
        raise InvalidInputError(wrong)
    if evidence:
        return
    if not is_judged_by_officer(ground):
        message = _("Nothing on record proves %(row)s (%(proof)s), so it cannot be a ground of refusal.")
        raise DomainError(
            "ground_not_proven", message % {"row": item.row, "proof": ground.proved_by}, status=422, row=item.row
        )
    if not all(remarks):
        in_russian = _("Say in Russian what is wrong: the applicant must be able to put it right.")
        in_kazakh = _("Say in Kazakh what is wrong: the applicant must be able to put it right.")
        raise InvalidInputError({f"remark_ru:{item.row}": in_russian, f"remark_kk:{item.row}": in_kazakh})


def _reasons(ground: Ground, item: Chosen, evidence: Sequence[ProposedGround]) -> list[RefusalReason]:
    common = {
        "row": ground.row,
        "citation_ru": ground.citation.in_language("ru"),
        "citation_kk": ground.citation.in_language("kk"),
        "text_ru": ground.text.ru,
        "text_kk": ground.text.kk,
        "remark_ru": item.remark_ru.strip(),
        "remark_kk": item.remark_kk.strip(),
    }
    if not evidence:
        return [RefusalReason(**common)]
    by_check = [found for found in evidence if found.check is not None]
    recorded = [found for found in evidence if found.check is None]
    reasons = [
        RefusalReason(**common, proved_by=found.check, finding_ru=found.finding_ru, finding_kk=found.finding_kk)
        for found in by_check
    ]
    if recorded:
        # The service's own records prove a ground together, so that a ground has at most one reason without a check.
        said = {name: " ".join(getattr(found, name) for found in recorded) for name in ("finding_ru", "finding_kk")}
        reasons.append(RefusalReason(**common, **said))
    return reasons
