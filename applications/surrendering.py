"""Taking in what must be surrendered: previous plates and certificates, or the word that they are lost or stolen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.errors import DomainError, InvalidInputError, written
from applications.models import Application, OutboxMessage, Surrender, SurrenderOutcome
from applications.outbox import handles
from applications.services import Surrenderable, facts_of, service_of
from applications.standards import MetBy
from applications.states import State
from offices.models import Role

CLOSED = frozenset({State.REFUSED, State.WITHDRAWN, State.REVOKED})


@transaction.atomic
def take_in(
    *,
    actor: Actor,
    number: str,
    version: int | None,
    requirement: str,
    thing: str,
    outcome: str,
    now: datetime,
    explanation: str = "",
) -> Surrender:
    """Record at the front desk that a thing was handed in, or is lost or stolen (VR.8.1f, VR.8.2c, PD.8.1).

    Recording it again corrects it while it has had no effect; after the issue it has one at once. Raises
    InvalidInputError for an unknown thing or outcome, or a missing explanation; DomainError "illegal_move",
    "surrender_stands".
    """
    staff = require_role(actor, Role.FRONT_DESK)
    application = lock(number=number, actor=actor, version=version)
    if application.state in CLOSED or application.handed_over_at is not None:
        raise DomainError("illegal_move", _("The application is closed; nothing more is taken in."))
    asked = asked_for(application, requirement, thing)
    if outcome not in SurrenderOutcome.values:
        raise InvalidInputError({"outcome": _("Say whether it is handed in, lost or stolen.")})
    if explanation.strip() or outcome != SurrenderOutcome.RETURNED:
        explanation = written(
            "explanation", explanation, _("Write down what the applicant declares about it."), longest=500
        )
    surrender = Surrender.objects.filter(application=application, requirement=requirement, thing=thing).first()
    surrender = surrender or Surrender(application=application, requirement=requirement, thing=thing)
    if surrender.effective_at is not None:
        raise DomainError("surrender_stands", _("This is recorded already and has changed the register."))
    surrender.number, surrender.outcome, surrender.explanation = asked.number, outcome, explanation
    surrender.recorded_at, surrender.recorded_by = now, staff
    surrender.save()
    save(application)
    changes = {"thing": thing, "number": asked.number, "outcome": outcome, "explanation": surrender.explanation}
    record(application, actor, "taken_in", now, changes)
    if application.state == State.ISSUED:
        take_effect(application, now)
    return surrender


def asked_for(application: Application, requirement: str, thing: str) -> Surrenderable:
    for item in service_of(application).surrenders(application):
        if (item.requirement, item.code) == (requirement, thing):
            return item
    raise InvalidInputError({"thing": _("The standard asks for no such thing here.")})


def take_effect(application: Application, now: datetime) -> None:
    """Let everything recorded change the register, each thing once, inside the caller's transaction."""
    service = service_of(application)
    for surrender in Surrender.objects.filter(application=application, effective_at__isnull=True):
        service.taken_in(application, surrender, now)
        surrender.effective_at = now
        surrender.save(update_fields=["effective_at"])


def asks_for_surrender(application: Application) -> bool:
    """Whether the standard wants anything handed in for this application; no query."""
    rules = service_of(application).documents(application, facts_of(application))
    return any(MetBy.SURRENDER in rule.met_by for rule in rules)


@handles("surrenders")
def keep_surrenders(message: OutboxMessage) -> None:
    """Outbox: after the issue, let what was taken in before it change the register."""
    if message.application is None:
        raise ValueError("A surrender belongs to an application.")
    with transaction.atomic():
        application = lock(number=message.application.number, actor=Actor.automatic())
        if application.state == State.ISSUED:
            take_effect(application, timezone.now())


def is_surrendered(application: Application, requirement: str) -> bool:
    """Whether every thing that the requirement wants is recorded. The things are the register's, so none is forgotten.

    What had its effect is no longer among the things that the register knows; its record counts all the same.
    """
    things = {item.code for item in service_of(application).surrenders(application) if item.requirement == requirement}
    recorded = application.surrenders.filter(requirement=requirement)
    return things <= set(recorded.values_list("thing", flat=True))
