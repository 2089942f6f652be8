"""What workers and beat run. Every task only wakes work that lies in rows; losing one loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from applications import checking, issuing, lookup, outbox, papers, revocation_work, surrendering
from applications.acting import Actor, pulse_after_commit, record
from applications.models import Application
from applications.states import OPEN_STATES

# Imported for the promises they keep.
KEEPERS = (checking, issuing, lookup, papers, revocation_work, surrendering)
BATCH = 500


@shared_task  # type: ignore[untyped-decorator]
def keep(message_id: int) -> None:
    outbox.keep(message_id)


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Every minute: restart steps that did not happen, and fire each warning of the clock once."""
    now = timezone.now()
    for message_id in outbox.waiting(now):
        outbox.wake(message_id)
    fire("at_risk")
    fire("overdue")


@transaction.atomic
def fire(warning: str) -> int:
    """Mark and journal the applications that have become at risk (75 % of the term) or overdue; returns how many.

    The conditional update decides who fires: of two sweeps at once, each application is marked by one.
    """
    now = timezone.now()
    moment = {"at_risk": "at_risk_at", "overdue": "due_at"}[warning]
    fired = f"{warning}_fired_at"
    passed = Application.objects.filter(state__in=OPEN_STATES, **{f"{fired}__isnull": True, f"{moment}__lte": now})
    marked = passed.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("pk")[:BATCH]
    applications = list(marked)
    Application.objects.filter(pk__in=[application.pk for application in applications]).update(**{fired: now})
    for application in applications:
        record(application, Actor.automatic(), warning, now)
        pulse_after_commit(application)
    return len(applications)
