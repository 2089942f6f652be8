"""Promises to the outside: written with the change, kept once, found again when a message is lost."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from applications import outbox, tasks
from applications.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(monkeypatch):
    """What the handler of kind "test" was asked to do."""
    done: list[int] = []
    monkeypatch.setitem(outbox._handlers, "test", lambda message: done.append(message.pk))
    return done


@pytest.fixture
def woken():
    """The wake-ups that went to the broker, as (message id, countdown)."""
    with patch.object(current_app, "send_task") as send:
        yield send


def promised(**more) -> OutboxMessage:
    with transaction.atomic():
        return outbox.promise("test", application=None, now=timezone.now(), **more)


def test_a_promise_wakes_a_worker_only_once_it_is_real(woken):
    with transaction.atomic():
        message = outbox.promise("test", application=None, now=timezone.now())
        assert not woken.called
    assert woken.call_args.kwargs["args"] == [message.pk]


def test_a_promise_rolled_back_wakes_nobody(woken):
    with transaction.atomic():
        outbox.promise("test", application=None, now=timezone.now())
        transaction.set_rollback(True)
    assert not woken.called
    assert not OutboxMessage.objects.exists()


def test_kept_twice_it_happens_once(woken, kept):
    message = promised()
    outbox.keep(message.pk)
    outbox.keep(message.pk)

    assert kept == [message.pk]
    assert OutboxMessage.objects.get().done_at is not None


def test_a_failure_leaves_the_promise_with_its_reason_and_a_later_time(woken, monkeypatch):
    def fail(_message):
        raise ValueError("the printer burns")

    monkeypatch.setitem(outbox._handlers, "test", fail)
    message = promised()
    outbox.keep(message.pk)
    message.refresh_from_db()

    assert message.done_at is None
    assert "the printer burns" in message.last_error
    assert message.attempts == 1
    assert message.not_before > timezone.now()


def test_a_plea_for_later_is_granted(woken, monkeypatch):
    def plead(_message):
        raise outbox.Later(timedelta(seconds=20), "a register is away")

    monkeypatch.setitem(outbox._handlers, "test", plead)
    message = promised()
    outbox.keep(message.pk)
    message.refresh_from_db()

    assert message.last_error == "a register is away"
    assert woken.call_args.kwargs["countdown"] == 20


def test_a_broker_that_is_away_does_not_stop_the_change(woken):
    woken.side_effect = OperationalError
    message = promised()

    assert OutboxMessage.objects.get() == message


def test_the_sweep_finds_a_promise_whose_message_was_lost(woken, kept):
    message = promised()
    OutboxMessage.objects.update(not_before=timezone.now() - timedelta(minutes=2))
    woken.reset_mock()
    tasks.sweep()

    assert [call.kwargs["args"] for call in woken.call_args_list] == [[message.pk]]


def test_the_sweep_leaves_kept_and_future_promises_alone(woken, kept):
    outbox.keep(promised().pk)
    promised(delay=timedelta(minutes=5))
    woken.reset_mock()
    tasks.sweep()

    assert not woken.called
