"""A bulk reversal: chosen by answers or by a list, looked at, confirmed by a second person, carried out once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import revocation_work, revoking, revoking_in_bulk
from applications.errors import DomainError
from applications.journal import verify
from applications.models import Application, JournalEntry, OutboxMessage, Revocation, RevocationBatch
from applications.states import State
from registration.models import Registration
from tests.fixtures_registration import guarded, refused_by
from tests.fixtures_revoking import WHY, asked, choose, confirm, listed
from tests.fixtures_road import Road, work
from tests.test_query_counts import BRACKETS

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def window(now=None):
    now = now or timezone.now()
    return {"answered_from": now - HOUR, "answered_until": now + HOUR}


def code_of(step, *args, **more) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        step(*args, **more)
    return refused.value.code


def outcomes(batch) -> dict[str, str]:
    return dict(batch.rows.values_list("application__number", "outcome"))


def test_decisions_are_chosen_by_the_answers_they_rest_on(road: Road, issued):
    """Register and hours; what rests on another register or another day stays out of it."""
    wrong = issued(2)
    issued(1, first=3, register="restrictions")
    issued(1, first=4, at=timezone.now() - 3 * HOUR)
    batch = choose(road, register="fines", **window())

    assert set(outcomes(batch)) == {application.number for application in wrong}
    assert {row.foreseen for row in batch.rows.all()} == {"revocable"}
    assert Application.objects.filter(state=State.ISSUED).count() == 4


def test_what_is_undecided_or_of_another_region_is_not_chosen(road: Road, issued):
    (application,) = issued(1)
    road.held()
    elsewhere = road.people["officer_astana"].office
    Application.objects.filter(pk=application.pk).update(office=elsewhere)

    assert choose(road, register="fines", **window()).rows.count() == 0


def test_a_list_tells_its_bad_lines(road: Road, issued):
    first, second = issued(2)
    batch = choose(
        road, numbers=listed("Номер;Примечание", first.number, "0201-26-999999-9", "abc1", second.number, first.number)
    )

    assert set(outcomes(batch)) == {first.number, second.number}
    assert [(line["line"], line["problem"]) for line in batch.bad_lines] == [
        (3, "no_number"),
        (4, "no_number"),
        (6, "twice"),
    ]


@pytest.mark.parametrize("content", [b"", b"\xcd\xee\xec\xe5\xf0", b"number\n0201-26-000001-0"])
def test_a_list_that_names_no_decision_is_refused(road: Road, content):
    upload = listed()
    upload.file.write(content)
    upload.seek(0)

    assert code_of(choose, road, numbers=upload) == "invalid"
    assert not RevocationBatch.objects.exists()


@pytest.mark.parametrize(
    "choice",
    [
        {"reason": " ", "register": "fines", **window()},
        {**window()},
        {"register": "fines"},
        {"register": "fines", "answered_from": timezone.now(), "answered_until": timezone.now() - HOUR},
    ],
)
def test_a_choice_says_why_what_and_when(road: Road, choice):
    assert code_of(choose, road, **choice) == "invalid"


def test_it_is_carried_out_once_and_told(road: Road, issued):
    wrong = issued(3)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    work()

    batch = RevocationBatch.objects.get()
    assert (batch.state, set(outcomes(batch).values())) == ("finished", {"revoked"})
    assert {road.fresh(application).state for application in wrong} == {State.REVOKED}
    assert not Registration.objects.filter(ended_at__isnull=True).exists()
    assert verify() is None


def test_each_withdrawal_bears_the_names_of_both_people(road: Road, issued):
    (application,) = issued(1)
    confirm(road, asked(road, register="fines", **window()))
    work()

    revocation = Revocation.objects.get(application=application)
    assert (revocation.asked_by.username, revocation.confirmed_by.username) == ("supervisor", "officer2")
    assert (revocation.reason, revocation.batch_row.outcome) == (WHY, "revoked")
    told = JournalEntry.objects.filter(chain__startswith="revocations:").order_by("id")
    assert [entry.action for entry in told] == [
        "batch_chosen",
        "batch_previewed",
        "batch_asked",
        "batch_confirmed",
        "batch_finished",
    ]


def test_what_cannot_be_undone_is_foreseen_and_left_with_its_reason(road: Road, issued):
    """The registration was ended by somebody else; the others go on."""
    first, second = issued(2)
    Registration.objects.filter(application=first).update(ended_at=timezone.now())
    batch = asked(road, register="fines", **window())
    row = batch.rows.get(application=first)
    assert (row.foreseen, "прекращена" in row.says[0]["ru"], "ended" in row.says[0]["en"]) == ("barred", True, True)
    confirm(road, batch)
    work()

    assert outcomes(batch) == {first.number: "left", second.number: "revoked"}
    assert batch.rows.get(application=first).code == "cannot_be_undone"


def test_what_rests_on_another_decision_of_the_batch_goes_first(road: Road, issued):
    """Foreseen as barred, because the later one stands; in the run the later one is withdrawn before it."""
    first, later = issued(2)
    Application.objects.filter(pk=later.pk).update(subject=first.subject)
    batch = asked(road, register="fines", **window())
    assert batch.rows.get(application=first).foreseen == "barred"
    confirm(road, batch)
    work()

    assert set(outcomes(batch).values()) == {"revoked"}


def test_whoever_decided_is_no_second_person_of_that_row(road: Road, issued):
    first, second = issued(2)
    Application.objects.filter(pk=second.pk).update(decided_by=road.people["officer2"])
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    work()

    assert outcomes(batch) == {first.number: "revoked", second.number: "left"}
    assert batch.rows.get(application=second).code == "four_eyes"


def test_a_request_of_its_own_that_is_open_is_left_alone(road: Road, issued):
    (application,) = issued(1)
    revoking.ask(actor=road.second, number=application.number, version=None, reason=WHY, now=timezone.now())
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    work()

    assert (outcomes(batch)[application.number], batch.rows.get().code) == ("left", "revocation_open")


def test_a_fault_at_one_case_does_not_stop_the_others(road: Road, issued, monkeypatch):
    first, second = issued(2)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    real = revoking.revoke

    def faulty(application, *rest):
        if application.pk == first.pk:
            raise RuntimeError("no")
        return real(application, *rest)

    monkeypatch.setattr(revoking, "revoke", faulty)
    work()

    assert outcomes(batch) == {first.number: "failed", second.number: "revoked"}
    assert road.fresh(first).state == State.ISSUED


def test_it_rests_when_paused_and_goes_on_where_it_was(road: Road, issued):
    issued(3)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    assert revocation_work.withdraw_next(batch.pk)
    who = {"actor": road.second, "batch_id": batch.pk, "now": timezone.now()}
    revoking_in_bulk.pause(**who)
    work()
    assert sorted(outcomes(batch).values()) == ["", "", "revoked"]
    revoking_in_bulk.resume(**who)
    work()

    assert sorted(outcomes(batch).values()) == ["revoked", "revoked", "revoked"]
    assert Revocation.objects.count() == 3


def test_a_stop_is_for_good_and_keeps_what_is_done(road: Road, issued):
    issued(2)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    revocation_work.withdraw_next(batch.pk)
    who = {"actor": road.colleague, "batch_id": batch.pk, "now": timezone.now()}
    assert code_of(revoking_in_bulk.stop, **who, reason=" ") == "invalid"
    revoking_in_bulk.stop(**who, reason="Данные всё же верны.")
    work()

    assert sorted(outcomes(batch).values()) == ["", "revoked"]
    assert code_of(revoking_in_bulk.resume, **who) == "illegal_move"


def test_a_message_delivered_again_does_nothing_twice(road: Road, issued):
    issued(2)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    work()
    OutboxMessage.objects.filter(kind__startswith="revocation").update(done_at=None)
    rows = JournalEntry.objects.count()
    work()

    assert JournalEntry.objects.count() == rows
    assert Revocation.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "code"),
    [("supervisor", "four_eyes"), ("front_desk", "role"), ("administrator", "role"), ("officer_astana", "not_found")],
)
def test_who_asked_and_strangers_do_not_confirm(road: Road, issued, who, code):
    issued(1)
    assert code_of(confirm, road, asked(road, register="fines", **window()), who) == code


def test_whoever_does_not_see_each_case_does_not_confirm(road: Road, issued):
    (application,) = issued(1)
    batch = asked(road, register="fines", **window())
    sister = type(application.office).objects.filter(kind="police", region=application.office.region)
    other = sister.exclude(pk=application.office_id).first() or road.people["officer_astana"].office
    Application.objects.filter(pk=application.pk).update(office=other)

    assert code_of(confirm, road, batch) == "office"


def test_an_empty_choice_is_not_asked_for(road: Road):
    batch = choose(road, register="fines", **window())

    assert batch.state == "previewed"
    assert code_of(revoking_in_bulk.ask, actor=road.second, batch_id=batch.pk, now=timezone.now()) == (
        "nothing_to_withdraw"
    )


def test_a_row_costs_few_queries(road: Road, issued):
    issued(2)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    with CaptureQueriesContext(connection) as captured:
        revocation_work.withdraw_next(batch.pk)

    # As everywhere, what only brackets statements is not counted.
    counted = [query["sql"] for query in captured if not query["sql"].startswith(BRACKETS)]
    assert len(counted) <= 25, "\n".join(sql[:120] for sql in counted)


# What the database refuses whatever the code does.


@pytest.fixture
def ready(road: Road, issued):
    issued(1)
    return asked(road, register="fines", **window())


def test_the_database_keeps_four_eyes_and_lets_nothing_run_unconfirmed(road: Road, ready):
    ours = RevocationBatch.objects.filter(pk=ready.pk)
    with refused_by("batch_four_eyes"):
        ours.update(confirmed_by=ready.asked_by, confirmed_at=timezone.now())
    with refused_by("batch_runs_only_confirmed"):
        ours.update(state="running")
    with refused_by("batch_stopped_with_a_reason"):
        ours.update(state="stopped")
    with guarded("Cannot update rows"):
        ours.update(reason="Другое")


def test_the_database_lets_an_outcome_stand(road: Road, ready):
    confirm(road, ready)
    work()
    with guarded("Cannot update rows"):
        ready.rows.update(outcome="", done_at=None, revocation=None)


def test_the_database_wants_each_outcome_whole(road: Road, ready):
    with refused_by("batch_row_done_once"):
        ready.rows.update(outcome="revoked", done_at=timezone.now())
    with refused_by("batch_row_once"):
        ready.rows.create(application=ready.rows.get().application, position=9)


def test_the_database_wants_a_choice(road: Road):
    with refused_by("batch_chosen_by_answers_or_list"):
        RevocationBatch.objects.create(
            region=road.people["supervisor"].office.region,
            reason=WHY,
            asked_by=road.people["supervisor"],
            created_at=timezone.now(),
            **window(),
        )
