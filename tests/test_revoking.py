"""Withdrawing a decision: asked with a reason, confirmed by a second person, undone once, told at /verify/."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from applications import issuing, outbox, revoking
from applications.errors import DomainError
from applications.handover import hand_over
from applications.journal import verify
from applications.models import OutboxMessage, Paper, Revocation
from applications.states import State
from plates.models import Plate
from registration.models import Ownership, PlateAssignment, Registration, RegistrationCertificate
from tests.fixtures_registration import guarded, refuse_on, refused_by
from tests.fixtures_road import Road, work
from tests.test_state_machine import BAD_PAPERS

pytestmark = pytest.mark.django_db

WHY = "Реестр прислал неверные данные."


def ask(road: Road, application, who="supervisor", reason=WHY):
    return revoking.ask(actor=road.who(who), number=application.number, version=None, reason=reason, now=timezone.now())


def confirm(road: Road, application, who="officer2"):
    return revoking.confirm(actor=road.who(who), number=application.number, version=None, now=timezone.now())


def reject(road: Road, application, who="officer2", reason="Ошибки нет."):
    return revoking.reject(
        actor=road.who(who), number=application.number, version=None, reason=reason, now=timezone.now()
    )


def revoke(road: Road, application):
    ask(road, application)
    confirm(road, application)
    return road.fresh(application)


def code_of(step, *args, **more) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        step(*args, **more)
    return refused.value.code


def test_a_registration_is_taken_back_whole(road: Road):
    """VR.5a undone: registration, ownership, SRTS and plates end; the case is closed as withdrawn."""
    application = revoke(road, road.issued())

    registration = Registration.objects.get(application=application)
    assert (application.state, registration.ended_at is None) == (State.REVOKED, False)
    assert Ownership.objects.get(application=application).period.upper == registration.ended_at
    assert RegistrationCertificate.objects.get().state == "revoked"
    assert PlateAssignment.objects.get().ended_at == registration.ended_at


def test_plates_that_never_left_the_desk_are_handed_in_others_stay_out(road: Road):
    """What was handed over has to come back first; the request says which things."""
    application = road.issued()
    work(papers=True)
    hand_over(actor=road.desk, number=application.number, version=None, now=timezone.now())
    revoke(road, application)

    revocation = Revocation.objects.get()
    assert Plate.objects.get(number=application.plate_number).state == "assigned"
    assert [item["number"] for item in revocation.given] == [
        application.plate_number,
        RegistrationCertificate.objects.get().number,
    ]
    assert len(revocation.undone) == 4


def test_every_paper_is_void_at_the_public_page(road: Road, client):
    application = road.issued()
    work(papers=True)
    revoke(road, application)

    papers = Paper.objects.filter(application=application)
    assert {paper.standing for paper in papers} == {"revoked"}
    page = client.get(f"/verify/{papers[0].verification_code}/", secure=True)
    assert "Документ отозван" in page.content.decode()


def test_the_journal_tells_who_asked_who_confirmed_and_what_was_undone(road: Road):
    application = revoke(road, road.issued())

    entries = application.journal.filter(action__startswith="revo").order_by("id")
    assert [(entry.action, entry.actor.username) for entry in entries] == [
        ("revocation_asked", "supervisor"),
        ("revoked", "officer2"),
    ]
    assert application.journal.filter(action="undone").count() == 4
    assert verify() is None


def test_the_vehicle_can_be_registered_anew(road: Road):
    """The subject is free, and the previous end does not bar a new beginning."""
    revoke(road, road.issued())
    again = road.issued()

    assert again.state == State.ISSUED
    assert Registration.objects.filter(ended_at__isnull=True).get().application == again


def test_a_withdrawn_refusal_voids_its_letter_and_closes_the_case(road: Road):
    """VR.5c undone: the letter is void, the applicant may apply anew."""
    application = road.held()
    refuse_on(road, application, *BAD_PAPERS)
    application = revoke(road, application)

    assert application.state == State.REVOKED
    assert Paper.objects.get(kind="refusal_letter").standing == "revoked"
    assert Revocation.objects.get().undone == []


def test_an_approval_withdrawn_before_its_issue_is_never_issued(road: Road):
    application = revoke(road, road.approved())
    issuing.issue(application.number)
    work()

    assert road.fresh(application).state == State.REVOKED
    assert not Registration.objects.exists()


@pytest.mark.parametrize("who", ["front_desk", "officer", "officer2", "administrator", "front_desk_astana"])
def test_only_a_supervisor_asks(road: Road, who):
    assert code_of(ask, road, road.issued(), who) == "role"


@pytest.mark.parametrize(
    ("who", "code"),
    [("supervisor", "four_eyes"), ("officer", "four_eyes"), ("front_desk", "role"), ("officer_astana", "not_found")],
)
def test_neither_who_asked_nor_who_decided_nor_a_stranger_confirms(road: Road, who, code):
    application = road.issued()
    ask(road, application)

    assert code_of(confirm, road, application, who) == code
    assert road.fresh(application).state == State.ISSUED


@pytest.mark.parametrize("state", ["accepted", "in_review", "held"])
def test_without_a_decision_there_is_nothing_to_withdraw(road: Road, state):
    assert code_of(ask, road, getattr(road, state)()) == "illegal_move"


def test_a_request_needs_a_reason_and_is_made_once(road: Road):
    application = road.issued()
    assert code_of(ask, road, application, reason=" ") == "invalid"
    ask(road, application)

    assert code_of(ask, road, application) == "revocation_open"
    assert code_of(revoke, road, road.fresh(application)) == "revocation_open"


def test_a_rejected_request_leaves_the_decision_and_can_be_asked_again(road: Road):
    application = road.issued()
    ask(road, application)
    assert code_of(reject, road, application, reason="") == "invalid"
    assert code_of(reject, road, application, "officer") == "four_eyes"
    reject(road, application)

    assert road.fresh(application).state == State.ISSUED
    assert code_of(confirm, road, application) == "no_revocation"
    assert revoke(road, application).state == State.REVOKED


def test_whoever_asked_can_think_again(road: Road):
    application = road.issued()
    ask(road, application)

    assert reject(road, application, "supervisor").rejected_by.username == "supervisor"


def test_later_decisions_that_rest_on_it_are_named(road: Road):
    """Cannot be undone: another decision about the same vehicle was made after it and stands."""
    first = road.issued()
    later = road.held(vehicle="V-02")
    later.subject = first.subject
    later.save(update_fields=["subject"])
    road.approve(later)
    ask(road, first)

    with pytest.raises(DomainError) as refused, transaction.atomic():
        confirm(road, first)
    assert (refused.value.code, later.number in str(refused.value)) == ("cannot_be_undone", True)
    assert road.fresh(first).state == State.ISSUED
    assert revoking.forecast(first.number).obstacle.code == "cannot_be_undone"


def test_a_forecast_leaves_everything_as_it_was(road: Road):
    application = road.issued()
    seen = revoking.forecast(application.number)

    assert (len(seen.undoes), seen.obstacle, len(seen.given)) == (4, None, 2)
    assert road.fresh(application).version == application.version
    assert RegistrationCertificate.objects.get().state == "valid"


def test_papers_ordered_late_are_not_made_for_a_withdrawn_case(road: Road):
    """The promise of papers outlives the decision and then promises nothing."""
    application = road.approved()
    issuing.issue(application.number)
    revoke(road, application)
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        outbox.keep(message.pk)

    assert not Paper.objects.filter(standing="valid").exists()


# What the database refuses whatever the code does.


@pytest.fixture
def request_of(road: Road):
    return ask(road, road.issued())


def test_the_database_keeps_four_eyes(road: Road, request_of):
    now, people = timezone.now(), road.people
    with refused_by("revocation_four_eyes"):
        Revocation.objects.filter(pk=request_of.pk).update(confirmed_by=people["supervisor"], confirmed_at=now)
    with refused_by("revocation_confirmed_by_another_than_the_decider"):
        Revocation.objects.filter(pk=request_of.pk).update(confirmed_by=people["officer"], confirmed_at=now)


def test_the_database_keeps_one_withdrawal_per_decision(road: Road, request_of):
    with refused_by("revocation_one_per_decision"):
        Revocation.objects.create(
            application=request_of.application,
            reason=WHY,
            asked_by=road.people["supervisor"],
            asked_at=timezone.now(),
        )


def test_the_database_wants_it_said_who_when_and_why(road: Road, request_of):
    now, second = timezone.now(), road.people["officer2"]
    ours = Revocation.objects.filter(pk=request_of.pk)
    with refused_by("revocation_confirmed_by_somebody"):
        ours.update(confirmed_at=now)
    with refused_by("revocation_rejected_by_whom_and_why"):
        ours.update(rejected_by=second, rejected_at=now)
    with refused_by("revocation_confirmed_or_rejected"):
        ours.update(confirmed_by=second, confirmed_at=now, rejected_by=second, rejected_at=now, rejection_reason="Нет")
    with guarded("Cannot update rows"):
        ours.update(reason="Другое")
    with guarded("Cannot delete rows"):
        ours.delete()


def test_the_database_wants_a_reason(road: Road):
    with refused_by("revocation_has_a_reason"):
        Revocation.objects.create(
            application=road.issued(), reason="", asked_by=road.people["supervisor"], asked_at=timezone.now()
        )
