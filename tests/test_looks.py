"""A look at a case while it is being worked on: both are journaled, and neither waits for the other for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications import journal
from applications.acting import lock, record
from tests.fixtures_road import Road

pytestmark = pytest.mark.django_db(transaction=True)


def look(road: Road, application) -> None:
    """Open the case's page as an officer, on a connection of its own that waits two seconds at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        journal.viewed(actor=road.officer, application=application, what="case", now=timezone.now())
    finally:
        connection.close()


def test_a_look_does_not_wait_for_the_verb_that_holds_the_case(road: Road):
    """The look takes its place in the journal first and then the case's row: a verb does it the other way round."""
    application = road.in_review()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        held = lock(number=application.number, actor=road.officer)
        pool.submit(look, road, application).result()
        record(held, road.officer, "taken", timezone.now())

    actions = list(application.journal.order_by("sequence").values_list("action", flat=True))
    assert actions[-2:] == ["viewed", "taken"]
    assert journal.verify(f"application:{application.number}") is None
