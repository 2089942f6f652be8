"""The last step: the front desk gives the result into the applicant's hands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.checklist import checklist, missing
from applications.errors import DomainError
from applications.models import Application
from applications.standards import DueAt
from applications.states import State
from offices.models import Role


@transaction.atomic
def hand_over(*, actor: Actor, number: str, version: int | None, now: datetime) -> Application:
    """Record that plates, certificate or letter were handed over against signature, once.

    A refusal is handed over like a result. Raises DomainError when there is nothing to hand over, when it was done
    already, or when something that must be surrendered first (row VR.8.1f) was not.
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
    application.handed_over_by, application.handed_over_at = staff, now
    save(application, "handed_over_by", "handed_over_at")
    record(application, actor, "handed_over", now)
    return application
