"""The sweep: each warning of the clock once, and no step lost with its message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import tasks
from applications.journal import verify
from applications.models import Application, JournalEntry, OutboxMessage
from applications.states import State
from tests.at_once import at_once
from tests.fixtures_road import Road, work


def minutes_ago(application: Application, *, at_risk: int, due: int) -> None:
    """Move the promise of the case, as if it had been accepted earlier; negative minutes lie ahead."""
    now = timezone.now()
    Application.objects.filter(pk=application.pk).update(
        at_risk_at=now - timedelta(minutes=at_risk), due_at=now - timedelta(minutes=due)
    )


def warnings() -> list[str]:
    return list(
        JournalEntry.objects.filter(action__in=["at_risk", "overdue"]).order_by("id").values_list("action", flat=True)
    )


@pytest.mark.django_db
def test_nothing_is_said_before_its_time(road: Road):
    """VR.3a: the term is not yet three quarters gone."""
    minutes_ago(road.in_review(), at_risk=-1, due=-30)
    tasks.sweep()

    assert warnings() == []


@pytest.mark.django_db
def test_at_risk_and_overdue_are_said_once_each(road: Road):
    """VR.3a: 75 % of the 120 working minutes, then all of them."""
    application = road.in_review()
    minutes_ago(application, at_risk=1, due=-29)
    tasks.sweep()
    tasks.sweep()
    assert warnings() == ["at_risk"]
    minutes_ago(application, at_risk=30, due=0)
    tasks.sweep()
    tasks.sweep()

    assert warnings() == ["at_risk", "overdue"]
    assert road.fresh(application).overdue_fired_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_say_it_once(road: Road):
    """VR.3a: the conditional update decides who says it."""
    minutes_ago(road.in_review(), at_risk=31, due=1)
    results = at_once(*[tasks.sweep] * 4)

    assert results == [None] * 4
    assert sorted(warnings()) == ["at_risk", "overdue"]
    assert verify() is None


@pytest.mark.django_db
def test_a_finished_case_is_never_late(road: Road):
    """VR.3a: what was issued in time stays in time."""
    minutes_ago(road.issued(), at_risk=31, due=1)
    tasks.sweep()

    assert warnings() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "kind", "after"),
    [("accepted", "checks", State.REVIEW), ("approved", "issue", State.ISSUED)],
    ids=["checks", "issue"],
)
def test_a_step_whose_message_was_lost_is_begun_again(road: Road, state, kind, after):
    """The message was lost with the broker; the row is still there, and the sweep wakes a worker for it."""
    application = getattr(road, state)()
    OutboxMessage.objects.filter(done_at__isnull=True).update(not_before=timezone.now() - timedelta(minutes=2))
    road.woken.clear()
    tasks.sweep()
    lost = OutboxMessage.objects.get(application=application, kind=kind, done_at__isnull=True)
    assert lost.pk in road.woken
    for message_id in road.woken:
        if message_id == lost.pk:
            tasks.keep(message_id)
    work()

    assert road.fresh(application).state == after


@pytest.mark.django_db
def test_a_worker_that_died_in_the_checks_is_replaced(road: Road):
    """The case stands in its checks, the promise is open: the next sweep brings it to the decision."""
    application = road.checking()
    OutboxMessage.objects.filter(done_at__isnull=True).update(not_before=timezone.now() - timedelta(minutes=2))
    tasks.sweep()
    for message_id in OutboxMessage.objects.filter(pk__in=road.woken, kind="checks").values_list("pk", flat=True):
        tasks.keep(message_id)

    assert road.fresh(application).state == State.REVIEW
