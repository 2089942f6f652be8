"""With a real worker: the system hears of a change at once, whatever another system's target does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from django.utils import timezone

from applications import deciding
from applications.acting import Actor
from offices.models import SystemChannel
from tests.fixtures_api import connect
from tests.fixtures_desk import make_case
from tests.fixtures_webhooks import listen_at
from webhooks import tasks
from webhooks.delivering import HELD_FOR
from webhooks.models import DeliveryState

HEARD_WITHIN = 5.0


@pytest.fixture
def demo_hosts(monkeypatch):
    """For the worker, whose settings come from its environment."""
    monkeypatch.setitem(os.environ, "WEBHOOK_DEMO_HOSTS", "127.0.0.1")


def withdraw(application, system):
    deciding.withdraw(
        actor=Actor.through(system), number=application.number, version=None, reason="no", now=timezone.now()
    )


def test_a_system_hears_within_five_seconds_though_anothers_target_hangs(demo_hosts, running, target, other_target):
    office = running.people["officer"].office
    egov, bank = connect(), connect("bank", SystemChannel.PLATFORM)
    endpoint = listen_at(egov, target.url())
    listen_at(bank, other_target.url())
    other_target.hang_seconds = 30
    for _turn in range(5):
        withdraw(make_case(office, channel="platform", filed_by=bank), bank)
    other_target.wait_for(1)
    application = make_case(office, filed_by=egov)
    withdraw(application, egov)
    assert target.wait_for(1) < HEARD_WITHIN
    assert application.number in target.received[0][2].decode()
    assert len(other_target.received) == 1
    # A worker that died while sending would hold the endpoint for half a minute.
    assert swept_until(lambda: endpoint.deliveries.filter(state=DeliveryState.DELIVERED).exists())
    running.kill_worker()
    later = make_case(office, filed_by=egov)
    withdraw(later, egov)
    running.start_worker()
    # A message may have gone to the worker that died: beat's sweep finds the event and then its delivery.
    assert swept_until(lambda: len(target.received) == 2)
    assert later.number in target.received[1][2].decode()


def swept_until(is_done: Callable[[], bool]) -> bool:
    """Sweep as beat does, only faster, until it is done; False when it never is."""
    # A worker that was killed between the answer and its release of the endpoint holds it for so long.
    ends_at = time.monotonic() + HELD_FOR.total_seconds() + 20
    while time.monotonic() < ends_at:
        if is_done():
            return True
        tasks.sweep()
        time.sleep(0.5)
    return False
