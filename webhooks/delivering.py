"""Delivery: in order for each application, one request at a time for each endpoint, over three days."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from standardwebhooks import Webhook

from applications.waking import wake
from webhooks.events import OFFERED_FOR, body, delivery
from webhooks.models import Delivery, DeliveryState, Endpoint, Event, EventKind, Outcome
from webhooks.sealing import unseal
from webhooks.sending import Answer, send

# Pauses after each failed attempt; after the last one the event is a dead letter, about three days after the first.
PAUSES = [
    *(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10)),
    *(timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), *[timedelta(hours=4)] * 17),
]
# A worker that dies holds its endpoint no longer than this; longer than one attempt can take.
HELD_FOR = timedelta(seconds=30)
# A worker gives others their turn after this many seconds with one endpoint.
TURN_SECONDS = 15.0
# From so many failures in a row on the whole endpoint rests, twice as long each time.
PATIENT_FAILURES = 3
LONGEST_REST = timedelta(minutes=10)
SOON = timedelta(minutes=1)


def deliver(endpoint_id: int) -> int:
    """Send what is due at the endpoint until nothing is or the turn is over; returns how many attempts were made."""
    started, attempts, is_over = time.monotonic(), 0, False
    while claim(endpoint_id):
        try:
            while not is_over and (due := first_due(endpoint_id)) is not None:
                attempt(due)
                attempts += 1
                is_over = time.monotonic() - started > TURN_SECONDS or not claim(endpoint_id, is_held=True)
        finally:
            Endpoint.objects.filter(pk=endpoint_id).update(busy_until=None)
        # Both only after letting go: a worker that is woken before finds the endpoint held, and goes.
        if is_over:
            wake("webhooks.tasks.deliver", endpoint_id)
        if is_over or first_due(endpoint_id) is None:
            break
    return attempts


def claim(endpoint_id: int, *, is_held: bool = False) -> bool:
    """Hold the endpoint, or hold it longer. False while another worker holds it, it rests or is switched off."""
    now = timezone.now()
    free = Endpoint.objects.filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now), pk=endpoint_id)
    free = free.filter(is_active=True, system__is_active=True)
    if not is_held:
        free = free.filter(Q(busy_until__isnull=True) | Q(busy_until__lt=now))
    return free.update(busy_until=now + HELD_FOR) == 1


def first_due(endpoint_id: int) -> Delivery | None:
    due = Delivery.objects.due(timezone.now()).filter(endpoint=endpoint_id)
    return due.select_related("endpoint", "event__application").order_by("pk").first()


def attempt(due: Delivery) -> None:
    """Send it once and write down how that ended."""
    now = timezone.now()
    content = body(due.event)
    answer = send(due.endpoint.url, headers(due.endpoint, due.event.code, content, now), content)
    settle(due, answer, timezone.now())


def headers(endpoint: Endpoint, code: str, content: bytes, now: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks; during a rotation there are two signatures."""
    sealed = [endpoint.secret, *([endpoint.previous_secret] if endpoint.has_two_secrets(now) else [])]
    signatures = [Webhook(unseal(each)).sign(code, now, content.decode()) for each in sealed]
    return {
        "webhook-id": code,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "user-agent": "vehicle-portal-webhooks/1",
    }


def settle(due: Delivery, answer: Answer, now: datetime) -> None:
    """Delivered, or another time, or never; and what it says about the endpoint."""
    due.attempts += 1
    due.attempted_at, due.outcome, due.status, due.answer = now, answer.outcome, answer.status, answer.text
    if answer.outcome == Outcome.ACCEPTED:
        due.state, due.settled_at = DeliveryState.DELIVERED, now
        Endpoint.objects.filter(pk=due.endpoint_id).exclude(failures=0).update(failures=0, rests_until=None)
    elif due.attempts > len(PAUSES) or now >= due.expires_at:
        due.state, due.settled_at = DeliveryState.DEAD, now
    else:
        due.next_attempt_at = now + PAUSES[due.attempts - 1]
    fields = ["attempts", "attempted_at", "outcome", "status", "answer", "state", "settled_at", "next_attempt_at"]
    due.save(update_fields=fields)
    if answer.outcome != Outcome.ACCEPTED:
        rest(due.endpoint_id, now)
    if due.state == DeliveryState.WAITING and due.next_attempt_at <= now + SOON:
        wake("webhooks.tasks.deliver", due.endpoint_id, (due.next_attempt_at - now).total_seconds())


def rest(endpoint_id: int, now: datetime) -> None:
    """Count the failure; past a few in a row the endpoint rests, so that its deliveries hold no worker."""
    Endpoint.objects.filter(pk=endpoint_id).update(failures=F("failures") + 1)
    failures = Endpoint.objects.values_list("failures", flat=True).get(pk=endpoint_id)
    if failures >= PATIENT_FAILURES:
        seconds = min(5 * 2 ** min(failures - PATIENT_FAILURES, 10), LONGEST_REST.total_seconds())
        Endpoint.objects.filter(pk=endpoint_id).update(rests_until=now + timedelta(seconds=seconds))


def bury(now: datetime) -> int:
    """Make dead letters of what waited its time at an endpoint that fails; returns how many."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, expires_at__lte=now, endpoint__failures__gt=0)
    return waiting.update(state=DeliveryState.DEAD, settled_at=now)


def replay(deliveries: list[int], now: datetime) -> int:
    """Offer dead letters anew for three days, under the same webhook-id; returns how many there were."""
    dead = Delivery.objects.dead().filter(pk__in=deliveries)
    endpoints = set(dead.values_list("endpoint", flat=True))
    expires_at = now + OFFERED_FOR
    count = dead.update(
        state=DeliveryState.WAITING, settled_at=None, attempts=0, next_attempt_at=now, expires_at=expires_at
    )
    for endpoint in endpoints:
        transaction.on_commit(partial(wake, "webhooks.tasks.deliver", endpoint))
    return count


def send_test(endpoint: Endpoint, now: datetime) -> Delivery:
    """Put a test event on its way to this endpoint alone; it is not among the events that clients poll."""
    event = Event.objects.create(system=endpoint.system, kind=EventKind.TEST, at=now)
    test = delivery(event, endpoint, now)
    test.save()
    transaction.on_commit(partial(wake, "webhooks.tasks.deliver", endpoint.pk))
    return test
