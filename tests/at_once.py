"""Two or more steps at the same instant, each on a database connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from applications.errors import DomainError
from applications.models import Application

Step = Callable[[], Any]

WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted
AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""


def at_once(*steps: Step) -> list[Any]:
    """Start all steps together; what each returned, or the exception it raised."""
    barrier = Barrier(len(steps))
    with ThreadPoolExecutor(len(steps)) as pool:
        return [future.result() for future in [pool.submit(_run, step, barrier) for step in steps]]


def colliding(applications: Sequence[Application], *steps: Step) -> list[Any]:
    """As `at_once`, but held at the lock of the case until all steps stand before it: none can have run ahead."""
    return meeting_at([Application.objects.filter(pk__in=[item.pk for item in applications])], *steps)


def meeting_at(rows: Sequence[QuerySet[Any]], *steps: Step) -> list[Any]:
    """As `at_once`, but the rows are locked until every step waits for one of them."""
    barrier = Barrier(len(steps))
    with ThreadPoolExecutor(len(steps)) as pool:
        with transaction.atomic():
            for query in rows:
                list(query.select_for_update())
            futures = [pool.submit(_run, step, barrier) for step in steps]
            _wait_for(len(steps))
        return [future.result() for future in futures]


def refused(answers: Sequence[Any]) -> list[DomainError]:
    """The answers by which the portal refused a step; anything else that was raised fails the test."""
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    told = [error for error in errors if isinstance(error, DomainError)]
    assert told == errors
    return told


def codes(answers: Sequence[Any]) -> list[str]:
    """The codes by which the portal refused a step, as `refused`."""
    return [error.code for error in refused(answers)]


def _wait_for(count: int) -> None:
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= count:
                return
            assert time.monotonic() < deadline, "the steps do not wait for the locked rows"
            time.sleep(0.01)


def _run(step: Step, barrier: Barrier) -> Any:
    try:
        barrier.wait(timeout=20)
        return step()
    except Exception as error:  # noqa: BLE001 - the test judges it
        return error
    finally:
        connection.close()
