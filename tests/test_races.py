"""Two people, or two workers, do the same thing at the same instant: one wins, the other is told so, never both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from applications import checking, deciding, handover, holding, intake, outbox
from applications.acting import Actor
from applications.errors import DomainError
from applications.journal import verify
from applications.models import Application, OutboxMessage
from applications.states import OPEN_STATES, State
from plates.models import Plate
from refusals.models import Refusal
from refusals.refusing import Chosen, refuse
from registration.inspecting import record_inspection
from registration.models import Registration, RegistrationCertificate
from tests.at_once import at_once, codes, colliding, refused
from tests.fixtures_road import INSPECTED, Road

pytestmark = pytest.mark.django_db(transaction=True)

BAD_PAPERS = (Chosen("VR.9.1", "Документ не читается.", "Құжат оқылмайды."),)


@dataclass(frozen=True)
class Step:
    """A verb of the road as an account calls it; `version` is given to those that take one."""

    verb: Callable[..., Any]
    username: str
    more: dict[str, Any]
    takes_version: bool = True

    def of(self, road: Road, application: Application, version: int | None) -> Callable[[], Any]:
        actor: Actor = road.who(self.username)
        now: datetime = timezone.now()
        versions = {"version": version} if self.takes_version else {}
        return lambda: self.verb(actor=actor, number=application.number, now=now, **versions, **self.more)


SUBMIT = Step(intake.submit, "front_desk", {})
TAKE = Step(holding.take, "officer", {}, takes_version=False)
COLLEAGUE_TAKES = Step(holding.take, "officer2", {}, takes_version=False)
TAKE_OVER = Step(holding.take_over, "officer2", {"reason": "Отпуск коллеги"})
SUPERVISOR_TAKES_OVER = Step(holding.take_over, "supervisor", {"reason": "Срок истекает"})
RELEASE = Step(holding.release, "officer", {})
APPROVE = Step(deciding.approve, "officer", {})
REFUSE = Step(refuse, "officer", {"chosen": BAD_PAPERS})
WITHDRAW = Step(deciding.withdraw, "front_desk", {"reason": "Заявитель передумал"})
HAND_OVER = Step(handover.hand_over, "front_desk", {})

# Name, the state both begin in, the two steps, the journal's actions of which exactly one row may be there afterwards.
RACES = [
    ("submit twice", "paid", SUBMIT, SUBMIT, {"accepted"}),
    ("submit or withdraw", "paid", SUBMIT, WITHDRAW, {"accepted", "withdrawn"}),
    ("take over twice", "held", TAKE_OVER, SUPERVISOR_TAKES_OVER, {"taken_over"}),
    ("release or be taken over", "held", RELEASE, TAKE_OVER, {"released", "taken_over"}),
    ("release twice", "held", RELEASE, RELEASE, {"released"}),
    ("approve twice", "held", APPROVE, APPROVE, {"approved"}),
    ("refuse twice", "held", REFUSE, REFUSE, {"refused"}),
    ("approve or refuse", "held", APPROVE, REFUSE, {"approved", "refused"}),
    ("approve or be taken over", "held", APPROVE, TAKE_OVER, {"approved", "taken_over"}),
    ("approve or withdraw", "held", APPROVE, WITHDRAW, {"approved", "withdrawn"}),
    ("refuse or withdraw", "held", REFUSE, WITHDRAW, {"refused", "withdrawn"}),
    ("withdraw twice", "held", WITHDRAW, WITHDRAW, {"withdrawn"}),
    ("hand over twice", "issued", HAND_OVER, HAND_OVER, {"handed_over"}),
]
# Without a version, as an integration may call, the machine alone keeps the second one out.
FINAL = {
    "submit twice": "illegal_move",
    "approve twice": "illegal_move",
    "refuse twice": "illegal_move",
    "approve or refuse": "illegal_move",
    "approve or withdraw": "illegal_move",
    "refuse or withdraw": "illegal_move",
    "withdraw twice": "illegal_move",
    "hand over twice": "handed_over",
}
CASES = [pytest.param(*race[1:], "stale", True, id=f"{race[0]}, from two pages") for race in RACES]
CASES += [pytest.param(*race[1:], FINAL[race[0]], False, id=race[0]) for race in RACES if race[0] in FINAL]


@pytest.mark.parametrize(("state", "first", "second", "actions", "code", "has_page"), CASES)
def test_one_wins_and_the_other_is_told(road: Road, state, first, second, actions, code, has_page):
    application = getattr(road, state)()
    version = application.version if has_page else None
    results = colliding([application], first.of(road, application, version), second.of(road, application, version))

    lost = loser(results)
    assert (lost.code, lost.status) == (code, 409)
    assert application.journal.filter(action__in=actions).count() == 1
    assert verify() is None


def loser(results: list[Any]) -> DomainError:
    """The one that lost, told so by the portal."""
    (lost,) = refused(results)
    return lost


def test_two_officers_take_one_case(road: Road):
    """The second reads who was first; nothing of theirs is lost."""
    application = road.in_review()
    results = colliding([application], TAKE.of(road, application, None), COLLEAGUE_TAKES.of(road, application, None))

    lost = loser(results)
    assert (lost.code, lost.status) == ("held", 409)
    assert road.fresh(application).holder.short_name in str(lost)
    assert application.journal.filter(action="taken").count() == 1


def test_two_officers_ask_for_the_next_case(road: Road):
    """One gets it, the other finds the queue empty: nobody waits, nobody gets the same."""
    application = road.in_review()
    now = timezone.now()
    results = at_once(
        *(lambda actor=actor: holding.take_next(actor=actor, now=now) for actor in (road.officer, road.colleague))
    )

    assert sorted(result is None for result in results) == [False, True], results
    assert application.journal.filter(action="taken").count() == 1


def test_a_refusal_raced_leaves_one_letter(road: Road):
    """VR.5c: two clicks, one refusal."""
    application = road.held()
    loser(colliding([application], REFUSE.of(road, application, None), REFUSE.of(road, application, None)))

    assert Refusal.objects.get().reasons.count() == 1
    assert application.papers.filter(kind="refusal_letter").count() == 1


def test_two_workers_start_the_checks_once(road: Road):
    """VR.9: a message delivered twice plans every question once and moves the case once."""
    application = road.accepted()
    now = timezone.now()
    begin = partial(checking.begin, application.number, now)
    planned = colliding([application], begin, begin)

    assert [check.pk for check in planned[0]] == [check.pk for check in planned[1]]
    assert application.journal.filter(action="checks_started").count() == 1
    assert road.fresh(application).state == State.CHECKING


def test_two_workers_finish_the_checks_once(road: Road):
    """Both ask, both keep their evidence, one of them brings the case to the decision."""
    application = road.accepted()
    run = partial(checking.run, application.number)
    results = at_once(run, run)

    assert results == [None, None]
    assert road.fresh(application).state == State.REVIEW
    assert set(application.checks.values_list("outcome", flat=True)) == {"clear"}
    assert application.journal.filter(action="checks_started").count() == 1


def test_an_answer_that_arrives_during_the_approval_is_not_lost(road: Road):
    """VR.9.4: either the approval came first, or the new answer stands and the approval is refused as stale."""
    application = road.held()
    results = colliding(
        [application],
        APPROVE.of(road, application, application.version),
        partial(checking.run, application.number, ["fines"]),
    )

    lost = codes(results)
    assert lost in ([], ["stale"])
    assert road.fresh(application).state == (State.REVIEW if lost else State.APPROVED)


@pytest.mark.parametrize("number", range(3))
def test_two_workers_issue_once(road: Road, number):
    """VR.5a: one registration, one plate, one SRTS."""
    application = road.approved()
    message = OutboxMessage.objects.get(kind="issue")
    keep = partial(outbox.keep, message.pk)
    results = colliding([application], keep, keep) if number else at_once(keep, keep)

    assert results == [None, None]
    assert Registration.objects.count() == RegistrationCertificate.objects.count() == 1
    assert Plate.objects.filter(state="assigned").count() == 1
    assert application.journal.filter(action="issued").count() == 1


def test_two_drafts_for_one_vin_give_one_open_application(road: Road):
    """The database refuses the second open application of a vehicle; the front desk reads a sentence."""
    first = road.paid()
    second = road.draft("P-02", "V-01")
    road.pay(second)
    results = colliding([first, second], SUBMIT.of(road, first, None), SUBMIT.of(road, second, None))

    lost = loser(results)
    assert (lost.code, lost.status) == ("second_open", 409)
    assert Application.objects.filter(state__in=OPEN_STATES).count() == 1
    assert Application.objects.filter(state=State.DRAFT).count() == 1


@pytest.mark.parametrize("ruling", ["clear", "hit"])
def test_two_people_confirm_a_ruling(road: Road, ruling):
    """VR.9.6: one of them is the second pair of eyes, the other reads that the page is old."""
    application = road.in_review("P-20")
    holding.take(actor=road.officer, number=application.number, now=timezone.now())
    check = application.checks.get(code="terrorism_list")
    rule = {"check_id": check.pk, "ruling": ruling, "reason": "Иной ИИН, иное место рождения"}
    deciding.rule(actor=road.officer, number=application.number, version=None, now=timezone.now(), **rule)
    application = road.fresh(application)
    more = {"check_id": check.pk}
    steps = [Step(deciding.confirm_ruling, username, more) for username in ("officer2", "supervisor")]
    results = colliding([application], *(step.of(road, application, application.version) for step in steps))

    assert loser(results).code == "stale"
    assert application.journal.filter(action="ruling_confirmed").count() == 1
    assert application.checks.get(pk=check.pk).conclusion == ruling


def test_two_inspections_at_once_leave_one_act(road: Road):
    """VR.8.1j: the second page is old."""
    application = road.in_review()
    more = {"data": INSPECTED}
    steps = [Step(record_inspection, username, more) for username in ("officer", "officer2")]
    results = colliding([application], *(step.of(road, application, application.version) for step in steps))

    assert loser(results).code == "stale"
    assert application.journal.filter(action="inspected").count() == 1
