"""Thousands of random steps on the road by random people, real verbs on a real database: no invariant breaks.

The service is the toy of the tests, so what is proven is the road's own. Its answers stand already; every verb runs
as it does for the desk and the workers, from the version that a page showed, now and then an old one.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from applications import checking, deciding, handover, holding, intake, issuing, producing, revoking, surrendering
from applications.acting import Actor
from applications.errors import DomainError
from applications.journal import verify
from applications.models import Application, Check, Document
from applications.services import service_of
from applications.standards import Channel
from applications.states import DECIDED_STATES, State
from refusals.refusing import Chosen, refuse
from tests.fixtures_road import Road
from tests.machines import run_steadily

pytestmark = pytest.mark.django_db

EXAMPLES, STEPS = 100, 100
GROUNDS = (Chosen("PP.9.1", "План не читается.", "Жоспар оқылмайды."),)
# Every edge of docs/architecture.md; whatever else is seen is a fault.
EDGES = {
    (State.DRAFT, State.SUBMITTED),
    (State.SUBMITTED, State.CHECKING),
    (State.CHECKING, State.REVIEW),
    (State.REVIEW, State.APPROVED),
    (State.REVIEW, State.REFUSED),
    (State.APPROVED, State.IN_PRODUCTION),
    (State.IN_PRODUCTION, State.READY),
    (State.APPROVED, State.ISSUED),
    (State.READY, State.ISSUED),
    *((state, State.WITHDRAWN) for state in (State.DRAFT, State.SUBMITTED, State.CHECKING, State.REVIEW)),
    *((state, State.REVOKED) for state in DECIDED_STATES if state != State.REVOKED),
}
DESK = st.sampled_from(["front_desk", "front_desk", "front_desk2", "officer"])
OFFICERS = st.sampled_from(["officer", "officer", "officer2", "supervisor", "front_desk", "officer_astana"])
ASKERS = st.sampled_from(["supervisor", "supervisor", "officer2"])
SECONDS = st.sampled_from(["officer2", "officer2", "supervisor", "officer"])
PLACES = st.sampled_from(["A-1", "VIP-1", "OLD-1"])
# The version that the page of whoever acts showed: that of the case (mostly), or an older one.
PAGES = st.sampled_from([0, 0, 0, 0, 1])
# Everything that a step can change and an invariant looks at, in one question.
FOOTPRINT = """
SELECT application::text AS whole, id, state, version, decided_by_id, accepted_by_id,
  (SELECT count(*) FROM applications_journalentry WHERE application_id = application.id) AS entries,
  ARRAY(SELECT ended_at IS NULL FROM toy_parkingpermit WHERE application_id = application.id) AS permits,
  ARRAY(SELECT DISTINCT standing FROM applications_paper WHERE application_id = application.id) AS standings,
  ARRAY(SELECT ARRAY[asked_by_id, confirmed_by_id] FROM applications_revocation
    WHERE application_id = application.id AND confirmed_at IS NOT NULL) AS confirmed
FROM applications_application AS application WHERE number = %s
"""
seen: dict[str, int] = {}
serials = count(1)


class RoadMachine(RuleBasedStateMachine):
    """One application of the toy service; the transaction around an example is taken back at its end."""

    road: Road
    applicant: Any

    @initialize(place=PLACES, ahead=st.integers(0, 8))
    def begin(self, place, ahead):
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.number = self.draft(place).number
        self.before = self.footprint()
        path = [
            *(self.submit, self.start_checks, self.finish_checks, self.take, self.approve, self.issue),
            *(self.finish_production, self.issue),
        ]
        for step in path[:ahead]:
            people = {"submit": "front_desk", "take": "officer", "approve": "officer"}
            who = people.get(step.__name__)
            step(**({"who": who, "back": 0} if who else {}))

    def draft(self, place: str) -> Application:
        """A draft with its place and plan, and every answer of the registers."""
        now, desk = timezone.now(), self.road.desk
        application = intake.open_draft(
            actor=desk,
            service_code="PP",
            subservice="PP-1",
            channel=Channel.FRONT_DESK,
            applicant=self.applicant,
            now=now,
        )
        intake.save_details(actor=desk, number=application.number, version=None, data={"place": place}, now=now)
        Document.objects.create(
            application=application,
            requirement="plan",
            name="plan.jpg",
            content_type="image/jpeg",
            size=1,
            pages=1,
            sha256=f"{next(serials):064x}",
            uploaded_at=now,
        )
        Check.objects.filter(application=application).update(
            outcome="clear", asked_at=now, answered_at=now, valid_until=now + timedelta(hours=2)
        )
        return application

    def teardown(self):
        if not hasattr(self, "whole"):
            return
        broken = verify(f"application:{self.number}")
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        assert broken is None

    def footprint(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(FOOTPRINT, [self.number])
            return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))

    def attempt(self, verb, who="", back=None, **more) -> None:
        """Try it. A refusal changes nothing; a change counts the version by one and leaves rows in the journal."""
        actor = self.road.who(who) if who else Actor.automatic()
        before = self.before
        versions = {} if back is None else {"version": before["version"] - back}
        try:
            with transaction.atomic():
                verb(actor=actor, number=self.number, now=timezone.now(), **versions, **more)
            code = ""
        except DomainError as error:
            code = error.code
        self.judge(before, code, is_stale=bool(back))

    def worker(self, verb) -> None:
        before = self.before
        verb()
        self.judge(before, "")

    def judge(self, before, code, *, is_stale=False):
        after = self.before = self.footprint()
        edge = (before["state"], after["state"])
        seen[edge[1]] = seen.get(edge[1], 0) + 1
        assert edge[0] == edge[1] or edge in EDGES, edge
        if code or is_stale:
            assert code, "a page of an older version changed the case"
            assert after == before
        elif after["entries"] == before["entries"]:
            assert after["version"] == before["version"], "changed without a word in the journal"
        else:
            assert after["version"] == before["version"] + 1

    # The front desk

    @rule(who=DESK, back=PAGES)
    def submit(self, who, back):
        self.attempt(intake.submit, who, back)

    @rule(who=DESK, back=PAGES)
    def withdraw(self, who, back):
        # Rare: what is withdrawn goes nowhere any more.
        if self.before["version"] % 5 == 0:
            self.attempt(deciding.withdraw, who, back, reason="Передумал")

    @rule(who=DESK, back=PAGES, outcome=st.sampled_from(["returned", "lost", "stolen"]))
    def take_in(self, who, back, outcome):
        thing = {"requirement": "old_permit", "thing": "permit", "outcome": outcome}
        self.attempt(surrendering.take_in, who, back, **thing, explanation="Утерян")

    @rule(who=DESK, back=PAGES)
    def hand_over(self, who, back):
        self.attempt(handover.hand_over, who, back)

    # Officers and supervisors

    @rule(who=OFFICERS)
    def take(self, who, back=None):
        self.attempt(holding.take, who)

    @rule(who=OFFICERS, back=PAGES)
    def take_over(self, who, back):
        self.attempt(holding.take_over, who, back, reason="Отпуск")

    @rule(who=OFFICERS, back=PAGES)
    def release(self, who, back):
        self.attempt(holding.release, who, back)

    @rule(who=OFFICERS, back=PAGES)
    def approve(self, who, back):
        self.attempt(deciding.approve, who, back)

    @rule(who=OFFICERS, back=PAGES)
    def refuse(self, who, back):
        self.attempt(refuse, who, back, chosen=GROUNDS)

    @rule(who=ASKERS, back=PAGES)
    def ask_revocation(self, who, back):
        self.attempt(revoking.ask, who, back, reason="Ошибка реестра")

    @rule(who=SECONDS, back=PAGES)
    def confirm_revocation(self, who, back):
        self.attempt(revoking.confirm, who, back)

    @rule(who=SECONDS, back=PAGES)
    def reject_revocation(self, who, back):
        self.attempt(revoking.reject, who, back, reason="Ошибки нет")

    # Workers

    @rule()
    def start_checks(self):
        self.worker(lambda: checking.begin(self.number, timezone.now()))

    @rule()
    def finish_checks(self):
        self.worker(lambda: checking.finish(self.number, {}))

    @rule()
    def issue(self):
        self.worker(lambda: issuing.issue(self.number))

    @rule()
    def finish_production(self):
        self.attempt(producing.finish)

    @rule()
    def order_papers(self):
        issuing.order_papers(self.number)
        self.before = self.footprint()

    @invariant()
    def nothing_is_broken(self):
        if not hasattr(self, "before"):
            return
        row, state = self.before, State(self.before["state"])
        assert row["permits"] in ([], [True], [False])
        assert any(row["permits"]) == (state == State.ISSUED)
        if state in DECIDED_STATES:
            assert row["decided_by_id"], "decided by nobody"
            assert row["decided_by_id"] != row["accepted_by_id"]
        assert ("revoked" in row["standings"]) <= (state == State.REVOKED)
        assert not (state == State.REVOKED and "valid" in row["standings"])
        assert len(row["confirmed"]) == (state == State.REVOKED)
        for asked_by, confirmed_by in row["confirmed"]:
            assert confirmed_by not in {asked_by, row["decided_by_id"]}


def test_ten_thousand_steps_break_nothing(road: Road, toy, monkeypatch):
    """100 applications, 100 steps each; and the steps reach every state, or the test proves little."""
    monkeypatch.setattr(type(toy), "assess", lambda *_: None)
    RoadMachine.road, RoadMachine.applicant = road, road.applicant("P-01")
    seen.clear()
    run_steadily(RoadMachine, examples=EXAMPLES, steps=STEPS)

    assert set(seen) == set(State.values)
    assert sum(seen.values()) >= EXAMPLES * STEPS * 0.8
    assert service_of(Application(service="PP")) is toy
