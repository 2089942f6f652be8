"""Fifty repeats of one key at the same instant, on connections of their own: one application, one answer."""

from __future__ import annotations

import pytest

from applications.models import Application
from tests.at_once import at_once
from tests.fixtures_api import Caller, opened
from tests.fixtures_registers import demo_person

pytestmark = pytest.mark.django_db(transaction=True)

REPEATS = 50


def test_fifty_parallel_repeats_make_one_application(portal):
    portal.client.system.burst = 1000
    portal.client.system.save()

    def repeat():
        caller = Caller(portal.client, portal.secret, token=portal.token)
        answers = []
        for _attempt in range(200):
            answers.append(opened(caller, demo_person("P-02")["iin"], key="fifty-at-once"))
            if answers[-1].status_code != 409:
                break
        return answers

    rounds = at_once(*[repeat] * REPEATS)
    statuses = {answer.status_code for answers in rounds for answer in answers}
    assert statuses <= {201, 409}
    assert len({answers[-1].content for answers in rounds if answers[-1].status_code == 201}) == 1
    assert Application.objects.filter(filed_by=portal.client.system).count() == 1
