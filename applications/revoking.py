"""Withdrawing a decision: a supervisor asks with a reason, a second person confirms, the effects are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, move, record, record_all, require_role, save
from applications.errors import DomainError, NotAllowedError, written
from applications.models import Application, Revocation
from applications.papers import revoke_all
from applications.services import Deliverable, service_of
from applications.standards import Text
from applications.states import EFFECTIVE_STATES, REVOCABLE_STATES, State
from offices.models import Role, Staff


@dataclass(frozen=True)
class Forecast:
    """What a withdrawal would do now: what it takes back in words, what was given, or why it cannot be done."""

    undoes: Sequence[Text] = ()
    given: Sequence[Deliverable] = ()
    obstacle: DomainError | None = None


def forecast(number: str) -> Forecast:
    """Try the withdrawal of the decision on `number` and leave everything as it was."""
    with transaction.atomic():
        application = lock(number=number, actor=Actor.automatic())
        try:
            return Forecast(*take_back(application, timezone.now()))
        except DomainError as error:
            return Forecast(obstacle=error)
        finally:
            transaction.set_rollback(True)


def take_back(application: Application, now: datetime) -> tuple[Sequence[Text], Sequence[Deliverable]]:
    """Move the locked case and undo what its decision did; returns what was undone and what had been given.

    A decision that had no effect yet, or refused, leaves nothing to undo. Raises DomainError "illegal_move" where no
    decision stands, "cannot_be_undone" where later acts rest on it.
    """
    has_effect = application.state in EFFECTIVE_STATES
    was_issued = application.state == State.ISSUED
    move(application, "revoke")
    if not has_effect:
        return (), ()
    service = service_of(application)
    given = tuple(service.results(application)) if was_issued else ()
    return tuple(service.undo(application, now)), given


@transaction.atomic
def ask(*, actor: Actor, number: str, version: int | None, reason: str, now: datetime) -> Revocation:
    """A supervisor asks that the decision be withdrawn; nothing is undone yet.

    Raises InvalidInputError without a reason, DomainError "illegal_move" where no decision stands, "revocation_open"
    when somebody asked already.
    """
    staff = require_role(actor, Role.SUPERVISOR)
    application = lock(number=number, actor=actor, version=version)
    require_decision(application)
    reason = written("reason", reason, _("Say why the decision is withdrawn."))
    revocation = Revocation(application=application, reason=reason, asked_by=staff, asked_at=now)
    write(revocation)
    save(application)
    record(application, actor, "revocation_asked", now, {"reason": revocation.reason})
    return revocation


def write(revocation: Revocation) -> None:
    """Store it. Raises DomainError "revocation_open" when another one of the same decision is open."""
    try:
        with transaction.atomic():
            revocation.save()
    except IntegrityError as error:
        if "revocation_one_per_decision" not in str(error):
            raise
        message = _("The withdrawal of this decision is asked for already and waits for a second person.")
        raise DomainError("revocation_open", message) from error


def require_decision(application: Application) -> None:
    if application.state not in REVOCABLE_STATES:
        message = _("There is no decision to withdraw: the application is “%(state)s”.")
        raise DomainError("illegal_move", message % {"state": State(application.state).label})


@transaction.atomic
def confirm(*, actor: Actor, number: str, version: int | None, now: datetime) -> Revocation:
    """The second person confirms: effects are undone, papers void, the case closed as withdrawn, all or nothing.

    Whoever asked or decided cannot confirm. Raises NotAllowedError "four_eyes", DomainError "no_revocation", and
    everything `take_back` raises; the request then stays open.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor, version=version)
    revocation = open_of(application)
    require_second_person(application, revocation, staff)
    revoke(application, revocation, actor, now)
    return revocation


def require_second_person(application: Application, revocation: Revocation, staff: Staff) -> None:
    if staff.pk == revocation.asked_by_id:
        raise NotAllowedError("four_eyes", _("You asked for this withdrawal: a second person must confirm it."))
    if staff.pk == application.decided_by_id:
        raise NotAllowedError("four_eyes", _("You made this decision: somebody else must confirm its withdrawal."))


def revoke(application: Application, revocation: Revocation, actor: Actor, now: datetime) -> None:
    """Do what `actor` confirms, inside the caller's transaction, which holds the lock on the application."""
    undone, given = take_back(application, now)
    application.held_up_by = ""
    application.holder = application.held_since = None
    save(application, "state", "held_up_by", "holder", "held_since")
    revocation.confirmed_by, revocation.confirmed_at = actor.staff, now
    revocation.undone = [in_languages(text) for text in undone]
    revocation.given = [{**in_languages(item.name), "number": item.number} for item in given]
    write(revocation)
    told: list[tuple[str, dict[str, Any]]] = [("revoked", {"reason": revocation.reason})]
    told += [("undone", {"what": what}) for what in revocation.undone]
    told += [("paper_revoked", dict(paper)) for paper in revoke_all(application, now)]
    record_all(application, actor, now, told)


def in_languages(text: Text) -> dict[str, str]:
    return {"en": text.en, "ru": text.ru, "kk": text.kk}


@transaction.atomic
def reject(*, actor: Actor, number: str, version: int | None, reason: str, now: datetime) -> Revocation:
    """The decision stands after all, with a reason: by the second person, or by whoever asked and thought again.

    Raises InvalidInputError without a reason, NotAllowedError "four_eyes" for whoever decided, DomainError
    "no_revocation".
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor, version=version)
    revocation = open_of(application)
    if staff.pk != revocation.asked_by_id:
        require_second_person(application, revocation, staff)
    revocation.rejection_reason = written("reason", reason, _("Say why the decision stands."))
    revocation.rejected_by, revocation.rejected_at = staff, now
    revocation.save(update_fields=["rejected_by", "rejected_at", "rejection_reason"])
    save(application)
    record(application, actor, "revocation_rejected", now, {"reason": revocation.rejection_reason})
    return revocation


def open_of(application: Application) -> Revocation:
    """What waits for a second person. Raises DomainError "no_revocation"."""
    revocation = Revocation.objects.open().filter(application=application).first()
    if revocation is None:
        raise DomainError("no_revocation", _("Nobody asks to withdraw this decision any more."))
    return revocation
