"""Two acts on one temporary registration at the same instant, or an act and beat (VR-4; VR.5a, VR.8.1e)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from applications import intake, issuing
from applications.errors import DomainError
from applications.models import Application, JournalEntry
from applications.states import State
from registration.models import (
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    Vehicle,
)
from registration.tasks import watch_terms
from tests import fixtures_temporary as temporary
from tests.at_once import at_once, meeting_at
from tests.fixtures_road import Road
from tests.fixtures_updates import take_in

pytestmark = pytest.mark.django_db(transaction=True)


def days(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def held(road: Road, draft: Application) -> Application:
    """Past the door, as if it were about another car: only the register is left to keep two acts apart."""
    case = temporary.held(road, draft)
    Application.objects.filter(pk=case.pk).update(subject=f"VIN:OF {case.number}")
    return road.fresh(case)


def extension(road: Road, until: int) -> Application:
    return held(road, temporary.on_record(road, "extension", valid_until=days(until)))


def removal(road: Road) -> Application:
    draft = temporary.on_record(road, "deregistration", deregistration_reason="export")
    take_in(road, draft, "certificate")
    take_in(road, draft, "plates")
    return held(road, draft)


def issued_at_once(road: Road, *cases: Application) -> list[str]:
    """Approve them all, issue them at the same instant; the codes of those that were refused."""
    for case in cases:
        road.approve(case)
    rows = [Vehicle.objects.all(), Registration.objects.filter(ended_at=None)]
    answers = meeting_at(rows, *(partial(issuing.issue, case.number) for case in cases))
    unexpected = [answer for answer in answers if not isinstance(answer, Application | DomainError)]
    assert unexpected == []
    return [answer.code for answer in answers if isinstance(answer, DomainError)]


def whole(count: int) -> None:
    """So many active registrations, each with its one SRTS and its plates, and one owner whatever happened (VR.5a)."""
    active = list(Registration.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert len(active) == count
    valid = RegistrationCertificate.objects.filter(state="valid")
    assert list(valid.values_list("registration", flat=True)) == active
    on = PlateAssignment.objects.filter(ended_at=None)
    assert list(on.values_list("registration", flat=True)) == active
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1


def test_issued_by_two_workers_it_happens_once(road: Road):
    case = road.approve(temporary.held(road, temporary.drafted(road)))
    at_once(*[partial(issuing.issue, case.number)] * 2)

    assert road.fresh(case).state == State.ISSUED
    whole(1)


def test_one_vehicle_is_registered_temporarily_once(road: Road):
    """VR.5a: two cases about one car, both approved."""
    cases = [held(road, temporary.drafted(road)) for _turn in range(2)]
    for case in cases:
        road.approve(case)
    answers = at_once(*(partial(issuing.issue, case.number) for case in cases))

    assert [answer.code for answer in answers if isinstance(answer, DomainError)] == ["vehicle_registered"]
    whole(1)


def test_of_two_extensions_submitted_at_once_one_is_accepted(road: Road):
    """VR.9.2: one open application for one vehicle."""
    temporary.registered(road, valid_until=days(90))
    drafts = []
    for until in (150, 200):
        drafts.append(temporary.on_record(road, "extension", valid_until=days(until)))
        road.pay(drafts[-1])
    submit = partial(intake.submit, actor=road.desk, version=None, now=timezone.now())
    answers = at_once(*(partial(submit, number=draft.number) for draft in drafts))

    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [error.code for error in refused] == ["second_open"], [error.fields for error in refused]


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

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    marked = JournalEntry.objects.filter(action__startswith="term_").values_list("action", flat=True)
    assert list(marked) in ([], [action])
    second = Registration.objects.get(application=case)
    assert (second.ended_at, second.warned_at, second.expired_at) == (None, None, None)
    whole(1)
