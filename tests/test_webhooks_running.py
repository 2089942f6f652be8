"""With a real worker: the system hears of a change at once, whatever another system's target does."""

from __future__ import annotations

import os

import pytest
from django.utils import timezone

from applications import deciding
from applications.acting import Actor
from offices.models import SystemChannel
from tests.fixtures_api import connect
from tests.fixtures_desk import make_case
from tests.fixtures_webhooks import listen_at
from tests.fixtures_worker import working

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
    listen_at(egov, target.url())
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
    running.kill_worker()
    later = make_case(office, filed_by=egov)
    withdraw(later, egov)
    with working(running.environment, url=running.url, simulator=running.simulator, people=running.people):
        assert target.wait_for(2) < HEARD_WITHIN
    assert later.number in target.received[1][2].decode()
