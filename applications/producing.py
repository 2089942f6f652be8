"""Results that have to be made after the approval: ordered by a worker, finished when they have arrived (row PD.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications.acting import Actor, lock, move, record, save
from applications.models import Application
from applications.outbox import promise
from applications.services import service_of
from applications.states import State


def order(application: Application, actor: Actor, now: datetime) -> None:
    """Order what the service has to have made; the caller holds the lock on the application and its transaction."""
    service_of(application).order_production(application, now)
    move(application, "order_production")
    save(application, "state")
    record(application, actor, "production_ordered", now)


@transaction.atomic
def finish(*, actor: Actor, number: str, now: datetime) -> Application:
    """What was ordered has arrived: the application is ready and its issue is promised. Done twice, it happens once."""
    application = lock(number=number, actor=actor)
    if application.state != State.IN_PRODUCTION:
        return application
    move(application, "finish_production")
    save(application, "state")
    record(application, actor, "production_finished", now)
    promise("issue", application=application, now=now)
    return application
