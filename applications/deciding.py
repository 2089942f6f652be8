"""The officer's part: what bars an approval, the approval itself, rulings on doubtful matches, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from applications.acting import Actor, lock, move, record, require_role, save
from applications.checking import promise_checks
from applications.checklist import RequirementState, checklist, missing
from applications.correcting import waiting
from applications.errors import DomainError, InvalidInputError, NotAllowedError, written
from applications.foreigners import IDENTITY
from applications.models import Application, Check
from applications.outbox import promise
from applications.representation import POWER_REVOKED, POWER_REVOKED_ROW, is_power_revoked
from applications.services import service_of
from applications.standards import DueAt
from applications.states import UNDECIDED_STATES
from offices.models import Role, Staff
from registers.contract import Outcome

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Obstacle:
    """One reason why the case cannot be approved now. `kind`: "blocks" needs a person, "waits" resolves itself."""

    code: str
    message: str | _StrPromise
    row: str
    kind: str
    check: Check | None = None


WAITING = {
    "": ("unanswered", _("The register has not answered yet.")),
    Outcome.UNAVAILABLE.value: ("unavailable", _("The register is unavailable; it is asked again by itself.")),
}
BLOCKING = {
    Outcome.HIT.value: ("hit", _("The register's answer bars approval.")),
    Outcome.NEEDS_HUMAN.value: ("needs_ruling", _("Somebody must decide whether the match is this person.")),
}


CORRECTION_OPEN = _("A correction of typed particulars waits for a second person.")


def is_about_parties(application: Application, check: Check) -> bool:
    """Whether the answer still counts: one about a representative who acts no more is kept and bars nothing."""
    return check.subject != "representative" or application.representative_id is not None


def obstacle_of(check: Check, now: datetime) -> Obstacle | None:
    """What the check puts in the way of approval; None for a clear answer that still holds."""
    conclusion = check.conclusion
    for kind, table in (("blocks", BLOCKING), ("waits", WAITING)):
        if conclusion in table:
            code, message = table[conclusion]
            return Obstacle(code, message, check.row, kind, check)
    if check.is_stale(now):
        return Obstacle("stale", _("The answer is too old and is asked for again."), check.row, "waits", check)
    return None


def obstacles(application: Application, now: datetime, states: list[RequirementState] | None = None) -> list[Obstacle]:
    """Everything that bars approval: answers of registers, unmet requirements, the service's own reasons.

    `states` is the checklist at `now` where the caller has it already.
    """
    states = checklist(application, now) if states is None else states
    checks = [check for check in application.checks.all() if is_about_parties(application, check)]
    found = [obstacle for check in checks if (obstacle := obstacle_of(check, now)) is not None]
    if is_power_revoked(application):
        found.append(Obstacle("power_revoked", POWER_REVOKED, POWER_REVOKED_ROW, "blocks"))
    if waiting(application) is not None:
        row = next((state.requirement.row for state in states if state.requirement.code == IDENTITY), "")
        found.append(Obstacle("correction_open", CORRECTION_OPEN, row, "blocks"))
    for state in missing(states, DueAt.SUBMISSION, DueAt.DECISION):
        message = _("%(name)s is missing.") % {"name": state.requirement.name}
        found.append(Obstacle(state.requirement.code, message, state.requirement.row, "blocks"))
    try:
        service_of(application).before_approval(application)
    except DomainError as error:
        if error.row not in {obstacle.row for obstacle in found}:
            found.append(Obstacle(error.code, error.message, error.row, "blocks"))
    return found


def lock_for_decision(*, actor: Actor, number: str, version: int | None) -> tuple[Application, Staff]:
    """The locked case and its decider. Refuses whoever does not hold it, took it in, or sits in another office."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor, version=version)
    if application.accepted_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("Who took an application in does not decide it."))
    if staff.role == Role.OFFICER and staff.office_id != application.office_id:
        raise NotAllowedError("office", _("The application belongs to another office."))
    return application, staff


def require_holder(application: Application, staff: Staff) -> None:
    if application.holder_id != staff.pk:
        raise NotAllowedError("not_holder", _("Take the application first: only the officer who holds it decides."))


def decide(*, actor: Actor, number: str, version: int | None, transition: str, now: datetime) -> Application:
    """Lock, judge and write a decision ("approve" or "refuse"); the caller's transaction holds what follows from it."""
    application, staff = lock_for_decision(actor=actor, number=number, version=version)
    move(application, transition)
    require_holder(application, staff)
    application.decided_by, application.decided_at = staff, now
    application.holder = application.held_since = None
    save(application, "state", "decided_by", "decided_at", "holder", "held_since")
    return application


def approve(*, actor: Actor, number: str, version: int | None, now: datetime) -> Application:
    """Approve: every register clear and fresh, every requirement met, by somebody who did not take the case in.

    Raises DomainError "evidence_stale" after having the registers asked again, "not_approvable" with what bars it.
    """
    with transaction.atomic():
        application = decide(actor=actor, number=number, version=version, transition="approve", now=now)
        found = obstacles(application, now)
        if not found:
            record(application, actor, "approved", now, evidence_used(application))
            promise("issue", application=application, now=now)
            return application
        transaction.set_rollback(True)
    raise refused_approval(application, found, now)


def evidence_used(application: Application) -> dict[str, object]:
    """The request ids the decision rests on, for the journal."""
    rows = application.checks.select_related("evidence")
    return {"evidence": {str(check): check.evidence.request_id for check in rows if check.evidence}}


def refused_approval(application: Application, found: list[Obstacle], now: datetime) -> DomainError:
    stale = [obstacle.check.code for obstacle in found if obstacle.code == "stale" and obstacle.check]
    if stale:
        promise_checks(application, now, stale)
    if len(stale) == len(found):
        message = _("Some answers were too old; the registers are being asked again. Approve once they have answered.")
        return DomainError("evidence_stale", message)
    fields = {obstacle.code: obstacle.message for obstacle in found}
    row = next((obstacle.row for obstacle in found if obstacle.kind == "blocks"), found[0].row)
    return DomainError("not_approvable", _("The application cannot be approved yet."), fields=fields, row=row)


def check_in_doubt(application: Application, check_id: int) -> Check:
    check = application.checks.filter(pk=check_id).first()
    if check is None or check.outcome != Outcome.NEEDS_HUMAN.value:
        raise DomainError("no_doubt", _("The register's answer leaves nothing to decide here."))
    return check


@transaction.atomic
def rule(
    *, actor: Actor, number: str, version: int | None, check_id: int, ruling: str, reason: str, now: datetime
) -> Check:
    """Say whether a doubtful match is the applicant ("hit") or another person ("clear"); a second person confirms."""
    application, staff = lock_for_decision(actor=actor, number=number, version=version)
    require_holder(application, staff)
    require_undecided(application)
    check = check_in_doubt(application, check_id)
    missing = _("Choose an answer and say what you compared.")
    if ruling not in {"clear", "hit"}:
        raise InvalidInputError({"reason": missing})
    check.ruling, check.ruling_reason = ruling, written("reason", reason, missing)
    check.ruled_by, check.ruled_at = staff, now
    check.confirmed_by = check.confirmed_at = None
    check.save(update_fields=["ruling", "ruling_reason", "ruled_by", "ruled_at", "confirmed_by", "confirmed_at"])
    save(application)
    record(application, actor, "ruled", now, {"check": str(check), "ruling": ruling, "reason": check.ruling_reason})
    return check


@transaction.atomic
def confirm_ruling(*, actor: Actor, number: str, version: int | None, check_id: int, now: datetime) -> Check:
    """The second pair of eyes on a ruling; never the same person."""
    application, staff = lock_for_decision(actor=actor, number=number, version=version)
    require_undecided(application)
    check = check_in_doubt(application, check_id)
    if check.ruled_by_id is None:
        raise DomainError("no_ruling", _("Nobody has decided on this match yet."))
    if check.ruled_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("A second person must confirm this decision."))
    check.confirmed_by, check.confirmed_at = staff, now
    check.save(update_fields=["confirmed_by", "confirmed_at"])
    save(application)
    record(application, actor, "ruling_confirmed", now, {"check": str(check), "ruling": check.ruling})
    return check


def require_undecided(application: Application) -> None:
    if application.state not in UNDECIDED_STATES:
        raise DomainError("illegal_move", _("This application is already decided."))


def may_withdraw(application: Application) -> bool:
    """Whether the applicant can still take the application back: it is a draft, or nobody has decided yet."""
    return bool(can_proceed(application.withdraw))


@transaction.atomic
def withdraw(*, actor: Actor, number: str, version: int | None, reason: str, now: datetime) -> Application:
    """Close the application at the applicant's wish, before a decision. The front desk records it with a reason."""
    if actor.staff is not None:
        require_role(actor, Role.FRONT_DESK, Role.SUPERVISOR)
    reason = written("reason", reason, _("Say why the application is withdrawn."))
    application = lock(number=number, actor=actor, version=version)
    move(application, "withdraw")
    application.holder = application.held_since = None
    save(application, "state", "holder", "held_since")
    record(application, actor, "withdrawn", now, {"reason": reason})
    return application
