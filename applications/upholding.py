"""Somebody stands by an application whose power of attorney was revoked after it had been taken in.

The order is silent. A power that is taken back ends (row CC.170, docs/who-may-apply.md): what was done by it stands,
nothing more is done by it. So the case is not approved for a representative who is none any more, until the applicant
in person, or another representative by their own paper, stands by the application.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.checking import needs_asking, plan, promise_checks
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.representation import is_power_revoked, representation_problems
from applications.services import service_of
from applications.states import UNDECIDED_STATES
from offices.models import Role
from people.models import Person, PowerOfAttorney


@transaction.atomic
def uphold(
    *,
    actor: Actor,
    number: str,
    version: int | None,
    representative: Person | None,
    power: PowerOfAttorney | None,
    now: datetime,
) -> Application:
    """Record at the front desk who stands by the application now: the applicant in person, or `representative`.

    Whoever acts anew is asked about in the registers like the one before. Raises DomainError "power_stands" when the
    power was not revoked, "illegal_move" after the decision, InvalidInputError for somebody who may not act.
    """
    require_role(actor, Role.FRONT_DESK)
    application = lock(number=number, actor=actor, version=version)
    if application.state not in UNDECIDED_STATES:
        raise DomainError("illegal_move", _("This application is already decided."))
    if not is_power_revoked(application):
        raise DomainError("power_stands", _("The power of attorney of this application was not revoked."))
    former = application.power_of_attorney
    application.representative, application.power_of_attorney = representative, power
    service = service_of(application)
    facts = service.facts(application, timezone.localdate(now))
    wrong = representation_problems(application, facts, service.deed(application))
    if wrong:
        raise InvalidInputError(wrong)
    save(application, "representative", "power_of_attorney")
    acting = representative or application.applicant
    told = {"who": acting.full_name, "power": power.number if power else "", "former": former.number if former else ""}
    record(application, actor, "upheld", now, told)
    if any(needs_asking(check, now) for check in plan(application, now)):
        promise_checks(application, now)
    return application
