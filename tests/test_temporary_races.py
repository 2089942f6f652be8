"""Two acts on one temporary registration at the same instant, or an act and beat (VR-4; VR.5a, VR.8.1e)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from applications import issuing
from applications.models import Application, JournalEntry
from applications.states import State
from registration.models import Registration
from registration.tasks import watch_terms
from tests import fixtures_temporary as temporary
from tests.acts_at_once import issued_at_once, past_the_door, submitted_at_once, whole
from tests.at_once import at_once, codes, colliding
from tests.fixtures_road import Road
from tests.fixtures_updates import take_in

pytestmark = pytest.mark.django_db(transaction=True)


def days(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def held(road: Road, draft: Application) -> Application:
    return past_the_door(temporary.held(road, draft))


def extension(road: Road, until: int) -> Application:
    return held(road, temporary.on_record(road, "extension", valid_until=days(until)))


def removal(road: Road) -> Application:
    draft = temporary.on_record(road, "deregistration", deregistration_reason="export")
    take_in(road, draft, "certificate")
    take_in(road, draft, "plates")
    return held(road, draft)


def test_issued_by_two_workers_it_happens_once(road: Road):
    case = road.approve(temporary.held(road, temporary.drafted(road)))

    assert codes(at_once(*[partial(issuing.issue, case.number)] * 2)) == []
    assert road.fresh(case).state == State.ISSUED
    whole(1)


def test_one_vehicle_is_registered_temporarily_once(road: Road):
    """VR.5a: two cases about one car, both approved."""
    cases = [held(road, temporary.drafted(road)) for _turn in range(2)]
    for case in cases:
        road.approve(case)
    answers = colliding(cases, *(partial(issuing.issue, case.number) for case in cases))

    assert codes(answers) == ["vehicle_registered"]
    whole(1)


def test_of_two_extensions_submitted_at_once_one_is_accepted(road: Road):
    """VR.9.2: one open application for one vehicle."""
    temporary.registered(road, valid_until=days(90))
    drafts = []
    for until in (150, 200):
        drafts.append(temporary.on_record(road, "extension", valid_until=days(until)))
        road.pay(drafts[-1])

    assert submitted_at_once(road, *drafts) == ["second_open"]


def test_two_extensions_end_the_term_once(road: Road):
    """VR.8.1e: the second finds the registration ended that it was to extend."""
    temporary.registered(road, valid_until=days(90))

    assert issued_at_once(road, extension(road, 150), extension(road, 200)) == ["registration_ended"]
    assert Registration.objects.count() == 2
    whole(1)


def test_an_extension_and_a_removal_are_not_both_done(road: Road):
    """VR.5b, VR.8.1e"""
    temporary.registered(road, valid_until=days(90))
    longer, leaves = extension(road, 200), removal(road)

    assert issued_at_once(road, longer, leaves) == ["registration_ended"]
    whole(1 if road.fresh(longer).state == State.ISSUED else 0)


@pytest.mark.parametrize(("ahead", "action"), [(75, "term_ends_soon"), (91, "term_expired")])
def test_beat_and_an_extension_do_not_wait_for_each_other(road: Road, ahead: int, action: str):
    """VR.8.1e: beat passes over what an act holds, or marks it first; the longer term bears no mark of the old one."""
    first = temporary.registered(road, valid_until=days(90))
    case = road.approve(extension(road, 200))
    with time_machine.travel(first.registered_at + timedelta(days=ahead)):
        answers = at_once(partial(issuing.issue, case.number), watch_terms, watch_terms)

    assert codes(answers) == []
    marked = JournalEntry.objects.filter(action__startswith="term_").values_list("action", flat=True)
    assert list(marked) in ([], [action])
    second = Registration.objects.get(application=case)
    assert (second.ended_at, second.warned_at, second.expired_at) == (None, None, None)
    whole(1)
