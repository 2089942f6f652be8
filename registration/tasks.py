"""What beat runs for vehicles: the terms of temporary registrations (VR.8.1e)."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.acting import Actor, record
from registration.models import Registration
from registration.terms import WARNED_BEFORE, running

BATCH = 500


@shared_task  # type: ignore[untyped-decorator]
def watch_terms() -> None:
    """Every hour: mark the temporary registrations that end soon and those that have run out, each once."""
    today = timezone.localdate()
    mark(running().filter(expired_at__isnull=True, valid_until__lt=today), "expired_at", "term_expired")
    ending = running().filter(valid_until__gte=today, valid_until__lte=today + timedelta(days=WARNED_BEFORE))
    mark(ending.filter(warned_at__isnull=True), "warned_at", "term_ends_soon")


@transaction.atomic
def mark(registrations: QuerySet[Registration], field: str, action: str) -> int:
    """Set the mark and journal it with the application that registered; returns how many.

    Rows that another worker is marking this instant are passed over.
    """
    now = timezone.now()
    found = list(
        registrations.filter(application__isnull=False)
        .select_related("application")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")[:BATCH]
    )
    Registration.objects.filter(pk__in=[item.pk for item in found]).update(**{field: now})
    for item in found:
        if item.application is not None and item.valid_until is not None:
            record(item.application, Actor.automatic(), action, now, {"until": item.valid_until.strftime("%d.%m.%Y")})
    return len(found)
