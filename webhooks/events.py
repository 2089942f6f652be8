"""From a change of an application to an event of its system, and to a delivery for each endpoint that asked for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from applications.models import Application
from applications.waking import wake
from offices.models import ConnectedSystem
from webhooks.models import Delivery, Endpoint, Event, EventKind

BATCH = 500
# How long an event is offered before it is a dead letter.
OFFERED_FOR = timedelta(days=3)


def write(
    application: Application, now: datetime, told: Sequence[tuple[str, dict[str, Any]]], *, has_moved: bool
) -> None:
    """Beside a change of a system's application, in its transaction: the event of it, if it is one to be told.

    Applications of the desk cost nothing, a change that is told one statement. Plugged into the road by apps.py.
    """
    if application.filed_by_id is None:
        return
    common = {
        "system_id": application.filed_by_id,
        "application": application,
        "state": application.state,
        "version": application.version,
        "due_at": application.due_at,
        "at": now,
    }
    happened = [Event(kind=EventKind.STATE_CHANGED, **common)] if has_moved else []
    happened += [
        Event(kind=EventKind.DOCUMENT_MARKED_WRONG, problem=problem(changes), **common)
        for action, changes in told
        if action == "document_marked_wrong"
    ]
    if happened:
        Event.objects.bulk_create(happened)
        transaction.on_commit(partial(wake, "webhooks.tasks.spread", application.filed_by_id))


def problem(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Which document is wrong, by id and requirement; why, in the officer's words, is read over the API."""
    return {"document": changes.get("id"), "requirement": changes.get("requirement", "")}


@transaction.atomic
def spread(system_id: int) -> int:
    """Number the new events of a system, and write a delivery for each endpoint that wants them; returns how many.

    One at a time per system. Events of one application are written one after the other, so their ids are in order.
    """
    ConnectedSystem.objects.select_for_update(no_key=True).get(pk=system_id)
    fresh = list(Event.objects.unnumbered().filter(system=system_id).order_by("id")[:BATCH])
    if not fresh:
        return 0
    last = Event.objects.filter(system=system_id).aggregate(last=Max("position"))["last"] or 0
    for event in fresh:
        event.position = last = last + 1
    Event.objects.bulk_update(fresh, ["position"])
    endpoints = list(Endpoint.objects.filter(system=system_id, is_active=True))
    now = timezone.now()
    wanted = [
        delivery(event, endpoint, now) for event in fresh for endpoint in endpoints if event.kind in endpoint.kinds
    ]
    Delivery.objects.bulk_create(wanted)
    for endpoint in endpoints:
        transaction.on_commit(partial(wake, "webhooks.tasks.deliver", endpoint.pk))
    if len(fresh) == BATCH:
        transaction.on_commit(partial(wake, "webhooks.tasks.spread", system_id))
    return len(fresh)


def delivery(event: Event, endpoint: Endpoint, now: datetime) -> Delivery:
    return Delivery(
        event=event,
        endpoint=endpoint,
        application_id=event.application_id,
        created_at=now,
        next_attempt_at=now,
        expires_at=now + OFFERED_FOR,
    )


def message(event: Event) -> dict[str, Any]:
    """The event as clients get it, by webhook and by polling: no personal data beyond the application's number."""
    if event.application is None:
        return {"type": event.kind, "timestamp": instant(event.at), "data": {"event": event.code}}
    data: dict[str, Any] = {
        "event": event.code,
        "application": event.application.number,
        "state": event.state,
        "version": event.version,
        "due_at": instant(event.due_at) if event.due_at else None,
    }
    if event.problem:
        data["problem"] = event.problem
    return {"type": event.kind, "timestamp": instant(event.at), "data": data}


def body(event: Event) -> bytes:
    """The exact bytes that are signed and sent; the same at every attempt."""
    return json.dumps(message(event), separators=(",", ":"), ensure_ascii=False).encode()


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
