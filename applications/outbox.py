"""Promises to the outside, kept by workers. A row is written with the change that promises it; a message only wakes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import waking
from applications.models import Application, OutboxMessage

Handler = Callable[[OutboxMessage], None]

logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


class Later(Exception):
    """Raised by a handler whose work cannot be done yet: asks to be called again after `delay`."""

    def __init__(self, delay: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.delay = delay


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that keeps promises of `kind`. It must be able to run twice and happen once."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def promise(
    kind: str,
    *,
    application: Application | None,
    now: datetime,
    payload: dict[str, Any] | None = None,
    delay: timedelta = timedelta(0),
) -> OutboxMessage:
    """Write the promise beside the change and wake a worker once the change is real."""
    message = OutboxMessage.objects.create(
        kind=kind, application=application, payload=payload or {}, created_at=now, not_before=now + delay
    )
    countdown = delay.total_seconds()
    transaction.on_commit(lambda: wake(message.pk, countdown))
    return message


def promise_each(*kinds: str, application: Application, now: datetime) -> None:
    """As `promise`, for several kinds of work on one application: one statement."""
    for message in OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=kind, application=application, created_at=now, not_before=now) for kind in kinds
    ):
        transaction.on_commit(partial(wake, message.pk))


def wake(message_id: int, countdown: float = 0) -> None:
    """Ask a worker to keep the promise. A broker that is away costs a minute: the sweep finds the row."""
    waking.wake("applications.tasks.keep", message_id, countdown)


def hurry(kind: str, *, applications: Iterable[int]) -> None:
    """Wake what was promised of `kind` to the applications with these keys, once the change of the caller is real.

    For promises that wait for something that has just come; those still not kept then wait on as they did.
    """
    waiting_for = OutboxMessage.objects.filter(kind=kind, application__in=list(applications), done_at__isnull=True)
    for message_id in waiting_for.order_by("id").values_list("pk", flat=True):
        transaction.on_commit(partial(wake, message_id))


def keep(message_id: int) -> None:
    """Do what the promise says, unless it is done. A failure leaves it waiting, with its reason and a later time."""
    message = OutboxMessage.objects.select_related("application").get(pk=message_id)
    if message.done_at is not None:
        return
    try:
        _handlers[message.kind](message)
    except Later as plea:
        postpone(message, plea.delay, str(plea))
    except Exception as error:
        logger.exception("Outbox message %s (%s) failed.", message.pk, message.kind)
        postpone(message, min(timedelta(seconds=5 * 2**message.attempts), timedelta(minutes=10)), repr(error))
    else:
        OutboxMessage.objects.filter(pk=message.pk).update(done_at=timezone.now(), last_error="")


def postpone(message: OutboxMessage, delay: timedelta, reason: str) -> None:
    not_before = timezone.now() + delay
    OutboxMessage.objects.filter(pk=message.pk, done_at__isnull=True).update(
        attempts=message.attempts + 1, not_before=not_before, last_error=reason[:300]
    )
    wake(message.pk, delay.total_seconds())


def waiting(now: datetime, grace: timedelta = timedelta(seconds=30), limit: int = 500) -> list[int]:
    """Promises whose time came more than `grace` ago and that nobody kept: work for the sweep."""
    rows = OutboxMessage.objects.filter(done_at__isnull=True, not_before__lt=now - grace).order_by("not_before", "id")
    return list(rows.values_list("pk", flat=True)[:limit])
