"""Decisions for bulk reversals: issued without the road before them, each resting on an answer of a register."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications import issuing, revoking_in_bulk
from applications.models import Application, Evidence, RevocationBatch
from applications.numbers import next_number
from applications.states import State
from offices.models import Staff
from tests.fixtures_registration import add_check, make_case
from tests.fixtures_road import Road, work

WHY = "Реестр штрафов 24.11.2026 отвечал чужими данными."


def answered(application: Application, register: str = "fines", at: datetime | None = None) -> Evidence:
    """The decision rests on an answer of `register` that came at `at`."""
    at = at or timezone.now()
    check = add_check(application, register, row="VR.9.4", outcome="clear", answered_at=at)
    evidence = Evidence.objects.create(
        request_id=str(uuid4()),
        check_of=check,
        register=register,
        question={},
        outcome="clear",
        findings=[],
        facts={},
        raw="{}",
        asked_at=at,
        answered_at=at,
    )
    check.evidence = evidence
    check.save(update_fields=["evidence"])
    return evidence


def issue_at(
    people: dict[str, Staff], count: int, *, first: int = 1, register: str = "fines", at: datetime | None = None
) -> list[Application]:
    """That many issued registrations of the officer's, each resting on an answer of `register`; papers are ordered."""
    made = []
    for number in range(first, first + count):
        application = make_case(people["front_desk"], number=number, state=State.APPROVED, holder=people["officer"])
        application.number = next_number(application.office, timezone.localdate().year)
        application.save(update_fields=["number"])
        answered(application, register, at)
        issuing.issue(application.number)
        made.append(application)
    return [Application.objects.get(pk=application.pk) for application in made]


@pytest.fixture
def issued(road: Road):
    """A function: count → issued registrations as `issue_at` makes them, with their papers ordered."""

    def issue(count: int, **choice: Any) -> list[Application]:
        made = issue_at(road.people, count, **choice)
        work()
        return [road.fresh(application) for application in made]

    return issue


def listed(*numbers: str) -> SimpleUploadedFile:
    """A list as a supervisor uploads it."""
    return SimpleUploadedFile("list.csv", "\r\n".join(numbers).encode(), content_type="text/csv")


def choose(road: Road, **choice):
    """A batch chosen by the supervisor, with its preview made."""
    batch = revoking_in_bulk.choose(actor=road.second, now=timezone.now(), **{"reason": WHY, **choice})
    work()
    return RevocationBatch.objects.get(pk=batch.pk)


def asked(road: Road, **choice):
    """A batch that waits for its second person."""
    return revoking_in_bulk.ask(actor=road.second, batch_id=choose(road, **choice).pk, now=timezone.now())


def confirm(road: Road, batch, who: str = "officer2"):
    return revoking_in_bulk.confirm(actor=road.who(who), batch_id=batch.pk, now=timezone.now())
