"""Particulars of somebody without an IIN put right: the keyboard slipped in a number or a name of the document shown.

No register can settle it, so an altered number could make one person of another. Before anything accepted rests on the
person the front desk corrects alone, as by typing anew; afterwards a second person compares with the scan and confirms
(rows VR.8.1a, PD.8.1, DL.8.1a). Two rows never become one, and nothing changes under a result that is out.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.checking import needs_asking, plan, promise_checks, refresh
from applications.errors import DomainError, InvalidInputError, NotAllowedError, written
from applications.foreigners import Particulars, impossible, known_by_document, may_be_corrected
from applications.journal import noted
from applications.models import Application, Correction, Paper, PaperStanding
from applications.papers import OF_THE_FRONT_DESK, kinds_of, order
from applications.services import service_of
from applications.states import UNDECIDED_STATES, State
from offices.models import Role, Staff
from people.models import Person

# Decided and on the way to a result: the decision rests on what the registers said of these particulars.
UNDER_WAY = (State.APPROVED, State.IN_PRODUCTION, State.READY)
PARTIES = ("applicant", "representative")


def party_of(application: Application, who: str) -> Person:
    """The applicant or representative whose particulars were typed. Raises DomainError "not_typed" for anybody else."""
    person = application.applicant_person if who == "applicant" else application.representative
    if who not in PARTIES or person is None or not person.is_known_by_document:
        message = _("Only the particulars of somebody without an IIN are typed; all others come from the register.")
        raise DomainError("not_typed", message, status=404)
    return person


@transaction.atomic
def correct(*, actor: Actor, number: str, who: str, said: Particulars, reason: str, now: datetime) -> Correction | None:
    """Put the particulars right, or ask for it: the correction that waits for a second person, or None when it is done.

    Raises InvalidInputError that names each field: what cannot be, nothing that differs, a document that is somebody
    else's, no reason where one is needed; DomainError "correction_open", "particulars_printed".
    """
    staff = require_role(actor, Role.FRONT_DESK)
    application = lock(number=number, actor=actor)
    person = Person.objects.select_for_update().get(pk=party_of(application, who).pk)
    said = said.tidied()
    wrong = impossible(said, timezone.localdate(now))
    if wrong:
        raise InvalidInputError(wrong)
    changes = differences(person, said)
    if not changes:
        raise InvalidInputError({"document_number": _("Nothing differs from what is on record.")})
    require_nobody_elses(person, said.citizenship, said.document_number)
    if Correction.objects.open().filter(person=person).exists():
        raise DomainError("correction_open", OPEN)
    require_nothing_out(person)
    if may_be_corrected(person):
        _apply(person, changes, actor, now)
        return None
    reason = written("reason", reason, _("Say what was mistyped and what it was compared with."), longest=500)
    correction = Correction.objects.create(
        person=person, application=application, changes=changes, reason=reason, asked_by=staff, asked_at=now
    )
    save(application)
    record(application, actor, "correction_asked", now, {"reason": correction.reason, "fields": list(changes)})
    return correction


OPEN = _("A correction of these particulars waits for a second person already.")


def differences(person: Person, said: Particulars) -> dict[str, list[str]]:
    """Field → as on record and as said now, of what differs. An address that is not said stays."""
    known = {field.name: (str(getattr(person, field.name)), str(getattr(said, field.name))) for field in fields(said)}
    return {
        name: [before, after]
        for name, (before, after) in known.items()
        if before != after and (after or name != "address")
    }


def require_nobody_elses(person: Person, citizenship: str, document_number: str) -> None:
    """Raise InvalidInputError when another row has this document: which of the two is who, a keyboard cannot say."""
    others = Person.objects.filter(iin__isnull=True, citizenship=citizenship, document_number=document_number)
    if others.exclude(pk=person.pk).exists():
        raise InvalidInputError({"document_number": SOMEBODY_ELSES})


SOMEBODY_ELSES = _(
    "Another person is on record under this document, and two entries never become one. If it is the same person, "
    "withdraw this application and open it anew for that entry."
)


def require_nothing_out(person: Person) -> None:
    """Raise DomainError "particulars_printed" when a decision or a paper in force rests on the particulars."""
    theirs = Application.objects.filter(applicant_person=person)
    printed = Paper.objects.filter(
        application__in=theirs.filter(state=State.ISSUED), standing=PaperStanding.VALID
    ).exclude(kind__in=OF_THE_FRONT_DESK)
    resting = theirs.filter(Q(state__in=UNDER_WAY) | Q(pk__in=printed.values("application")))
    numbers = list(resting.order_by("pk").values_list("number", flat=True)[:3])
    if numbers:
        message = _(
            "Decided and printed with these particulars: %(numbers)s. First a supervisor withdraws that decision; then "
            "the particulars are corrected and the applicant applies anew."
        )
        raise DomainError("particulars_printed", message % {"numbers": ", ".join(numbers)})


@transaction.atomic
def confirm(*, actor: Actor, number: str, correction_id: int, now: datetime) -> Correction:
    """The second person has compared it with the scan: the row changes, and open cases follow with their registers.

    Raises NotAllowedError "four_eyes" for who asked; DomainError "no_correction", and as `correct` does.
    """
    correction, staff = _open(actor, number, correction_id)
    if correction.asked_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("A second person must confirm this correction."))
    person = Person.objects.select_for_update().get(pk=correction.person_id)
    said = {name: after for name, (_before, after) in correction.changes.items()}
    require_nobody_elses(
        person, said.get("citizenship", person.citizenship), said.get("document_number", person.document_number)
    )
    require_nothing_out(person)
    correction.confirmed_by, correction.confirmed_at = staff, now
    correction.save(update_fields=["confirmed_by", "confirmed_at"])
    _apply(person, correction.changes, actor, now)
    return correction


@transaction.atomic
def reject(*, actor: Actor, number: str, correction_id: int, now: datetime) -> Correction:
    """Leave the particulars as they are; who asked may take it back like this, too. Raises DomainError."""
    correction, staff = _open(actor, number, correction_id)
    correction.rejected_by, correction.rejected_at = staff, now
    correction.save(update_fields=["rejected_by", "rejected_at"])
    save(correction.application)
    record(correction.application, actor, "correction_rejected", now, {"fields": list(correction.changes)})
    return correction


def _open(actor: Actor, number: str, correction_id: int) -> tuple[Correction, Staff]:
    staff = require_role(actor, Role.FRONT_DESK, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor)
    # Any case of the person leads to it: it concerns them all.
    asked = Correction.objects.select_for_update().filter(pk=correction_id, person__in=known_by_document(application))
    correction = asked.first()
    if correction is None or not correction.is_open:
        raise DomainError("no_correction", _("No correction waits here any more."))
    correction.application = application
    return correction, staff


def waiting(application: Application) -> Correction | None:
    """The correction of one of the parties that waits for its second person; no query where registers know all."""
    typed = known_by_document(application)
    if not typed:
        return None
    return Correction.objects.open().filter(person__in=typed).select_related("asked_by", "person").first()


def _apply(person: Person, changes: dict[str, list[str]], actor: Actor, now: datetime) -> None:
    """Write the row and bring every case that rests on it after it."""
    for name, (_before, after) in changes.items():
        setattr(person, name, date.fromisoformat(after) if name == "birth_date" else after)
    try:
        with transaction.atomic():
            person.save(update_fields=list(changes))
    except IntegrityError as error:
        if "person_without_iin_once" not in str(error):
            raise
        raise InvalidInputError({"document_number": SOMEBODY_ELSES}) from error
    noted(chain=f"person:{person.pk}", actor=actor, action="person_corrected", now=now, changes=dict(changes))
    cases = Application.objects.select_for_update(of=("self",), no_key=True).filter(
        Q(applicant_person=person) | Q(representative=person), handed_over_at__isnull=True
    )
    for application in cases.filter(state__in=[State.DRAFT, *UNDECIDED_STATES]).order_by("pk"):
        _follow(application, actor, now, changes)


def _follow(application: Application, actor: Actor, now: datetime, changes: dict[str, Any]) -> None:
    """A case under the new particulars: asked anew where a question changed, its papers replaced."""
    record(application, actor, "particulars_corrected", now, {"fields": list(changes)})
    if application.state == State.DRAFT:
        refresh(application, now)
        return
    application.subject = service_of(application).summary(application).subject
    save(application, "subject")
    valid = set(application.papers.filter(standing=PaperStanding.VALID).values_list("kind", flat=True))
    for kind in kinds_of(application):
        if kind.code in valid:
            order(application=application, kind=kind, now=now)
    if any(needs_asking(check, now) for check in plan(application, now)):
        promise_checks(application, now)
