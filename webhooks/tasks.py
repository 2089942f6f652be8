"""What workers and beat run. Tasks only wake work that lies in rows; losing one loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from applications.waking import wake
from webhooks import delivering, events
from webhooks.models import Delivery, Endpoint, Event


@shared_task  # type: ignore[untyped-decorator]
def spread(system_id: int) -> None:
    events.spread(system_id)


@shared_task  # type: ignore[untyped-decorator]
def deliver(endpoint_id: int) -> None:
    delivering.deliver(endpoint_id)


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Every ten seconds: what a lost message or a dead worker left, retries that are due, and what waited too long."""
    now = timezone.now()
    for system_id in Event.objects.unnumbered().order_by().values_list("system", flat=True).distinct():
        wake("webhooks.tasks.spread", system_id)
    delivering.bury(now)
    due = Delivery.objects.due(now).order_by().values("endpoint")
    free = Endpoint.objects.filter(pk__in=due, is_active=True)
    free = free.filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now))
    for endpoint_id in free.values_list("pk", flat=True):
        wake("webhooks.tasks.deliver", endpoint_id)
