"""The last step: the front desk gives the result into the applicant's hands."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.checklist import checklist, missing
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.representation import is_head, is_legal_representative
from applications.standards import DueAt
from applications.states import State
from offices.models import Role
from people.models import Person, PowerOfAttorney, Scope


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    number: str,
    version: int | None,
    now: datetime,
    receiver: Person | None = None,
    power: PowerOfAttorney | None = None,
) -> Application:
    """Record that plates, certificate or letter were handed over against signature, once, and to whom.

    Without `receiver` it is the representative or else the applicant; somebody else receives by `power`. A refusal is
    handed over like a result. Raises DomainError when there is nothing to hand over, when it was done already, or when
    something that must be surrendered first (row VR.8.1f) was not; InvalidInputError "receiver" for somebody who may
    not receive.
    """
    staff = require_role(actor, Role.FRONT_DESK)
    application = lock(number=number, actor=actor, version=version)
    if application.state not in {State.ISSUED, State.REFUSED}:
        raise DomainError("illegal_move", _("There is no result to hand over yet."))
    if application.handed_over_at is not None:
        raise DomainError("handed_over", _("The result was already handed over."))
    lacking = missing(checklist(application, now), DueAt.HANDOVER) if application.state == State.ISSUED else []
    if lacking:
        fields = {state.requirement.code: str(state.requirement.name) for state in lacking}
        message = _("Something must be surrendered first.")
        raise DomainError("not_surrendered", message, fields=dict(fields), row=lacking[0].requirement.row)
    usual = usual_receiver(application)
    receiver = receiver or usual
    power = power or (application.power_of_attorney if receiver == application.representative else None)
    wrong = receiver_problem(application, receiver, power, timezone.localdate(now))
    if receiver is None or wrong:
        raise InvalidInputError({"receiver": wrong})
    application.handed_over_by, application.handed_over_at = staff, now
    application.received_by, application.received_with = receiver, power
    save(application, "handed_over_by", "handed_over_at", "received_by", "received_with")
    said = {"receiver": receiver.full_name, "identifier": receiver.masked_identifier}
    record(application, actor, "handed_over", now, {**said, "power": power.number if power else ""})
    return application


def usual_receiver(application: Application) -> Person | None:
    """Who applied at the counter; None for an organisation that applied over a portal."""
    return application.representative or application.applicant_person


def receiver_problem(application: Application, receiver: Person | None, power: PowerOfAttorney | None, on: date) -> str:
    """Why the result is not given to `receiver`, and the way out; empty when they may have it.

    The applicant, the head of the organisation and a child's legal representative need no paper.
    """
    if receiver is None:
        return str(_("An organisation receives through a person: say who."))
    if receiver == application.applicant_person or is_head(application, receiver):
        return ""
    if receiver == application.representative and is_legal_representative(application):
        return ""
    if power is None or power.representative_id != receiver.pk or power.grantor != application.applicant:
        return str(_("%(who)s has no power of attorney of the applicant to receive.") % {"who": receiver.full_name})
    if power.revoked_at is not None:
        day = date_format(timezone.localdate(power.revoked_at), "d.m.Y")
        message = _(
            "Power of attorney No. %(number)s was revoked on %(day)s. The applicant receives in person, or somebody "
            "with a paper that is in force."
        )
        return message % {"number": power.number, "day": day}
    if not power.covers(Scope.RECEIVE, on):
        message = _(
            "Power of attorney No. %(number)s does not allow to receive, or has run out. The applicant receives in "
            "person, or somebody with a paper that allows it."
        )
        return message % {"number": power.number}
    return ""
