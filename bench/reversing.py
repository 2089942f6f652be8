"""What `bench/reversal.py` fills and measures. Import it after `django.setup()`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import issuing, revocation_work, revoking_in_bulk
from applications.acting import Actor
from applications.models import RevocationBatch
from applications.states import State
from offices.models import Office, Staff
from plates.models import PlateFormat
from plates.numbers import series
from plates.stock import enter
from portal.bare_machine import say
from registration import blanks
from tests.fixtures_registration import make_applicant, make_case
from tests.fixtures_revoking import answered


def fill(decisions: int) -> None:
    """Issued registrations, by the issue itself."""
    office, now, started = Office.objects.get(code="0201"), timezone.now(), time.monotonic()
    people = {staff.username: staff for staff in Staff.objects.select_related("office__serves")}
    plate_format = PlateFormat.objects.get(code="person_car_2012")
    numbers = series(plate_format, "001ABC02", 2 * decisions)  # some are of higher demand and stay
    enter(office, plate_format, numbers, reference="bench", received_by=None, now=now)
    blanks.enter(office, blanks.series("ZZ00000001", decisions), received_by=None, now=now)
    applicant = make_applicant()
    for number in range(1, decisions + 1):
        application = make_case(
            people["front_desk"], number=number, state=State.APPROVED, applicant=applicant, holder=people["officer"]
        )
        answered(application)
        issuing.issue(application.number)
        issuing.order_papers(application.number)
    say(f"{decisions} registrations issued in {time.monotonic() - started:.0f} s")


def measure() -> None:
    """The preview and the run of one batch over everything."""
    people = {staff.username: staff for staff in Staff.objects.select_related("office__serves")}
    now = timezone.now()
    batch = revoking_in_bulk.choose(
        actor=Actor.of(people["supervisor"]),
        reason="bench",
        register="fines",
        answered_from=now - timedelta(days=1),
        answered_until=now + timedelta(days=1),
        now=now,
    )
    timed("preview", revocation_work.look_ahead, batch)
    revoking_in_bulk.ask(actor=Actor.of(people["supervisor"]), batch_id=batch.pk, now=now)
    revoking_in_bulk.confirm(actor=Actor.of(people["officer2"]), batch_id=batch.pk, now=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        revocation_work.withdraw_next(batch.pk)
    statements = [query["sql"] for query in captured]
    brackets = sum(sql.startswith(("SAVEPOINT", "RELEASE")) for sql in statements)
    say(f"queries for one decision: {len(statements)}, of which {brackets} only bracket others")
    timed("run", revocation_work.withdraw_next, batch)
    say(str({outcome: batch.rows.filter(outcome=outcome).count() for outcome in ("revoked", "left", "failed", "")}))


def timed(name: str, step: Callable[[int], bool], batch: RevocationBatch) -> None:
    """Step after step until none is left."""
    started, longest, rows = time.monotonic(), 0.0, 0
    while True:
        begun = time.monotonic()
        if not step(batch.pk):
            break
        longest = max(longest, time.monotonic() - begun)
        rows += 1
    taken = time.monotonic() - started
    say(
        f"{name}: {rows} decisions in {taken:.1f} s, {1000 * taken / max(rows, 1):.1f} ms each, longest {longest:.2f} s"
    )
