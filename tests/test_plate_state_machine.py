"""Ten thousand random steps over the verbs of a stock: what came is always all there, and no rule breaks on the way."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from applications.acting import Actor
from applications.errors import DomainError
from applications.states import State
from plates import choosing, movements, storing
from plates.models import HolderKind, Plate, PlateState, VehicleKind
from plates.stock import allocate, enter
from tests.fixtures_registration import make_applicant, make_case
from tests.machines import run_steadily
from write_offs import acts as write_offs

EXAMPLES, STEPS = 100, 100
PORTAL = Actor.automatic()
NUMBERS = tuple(f"{digits}KZN02" for digits in range(417, 429))
GONE = {PlateState.LOST, PlateState.STOLEN}
NEVER_AGAIN = {*GONE, PlateState.TO_DESTROY, PlateState.DESTROYED}
IN_A_STORE = {PlateState.SURRENDERED, PlateState.TO_DESTROY, PlateState.IN_STOCK}
# Everything that an invariant looks at, in one question.
SEEN = """
SELECT id, number, state,
  ARRAY(SELECT ARRAY[from_state, to_state] FROM plates_platemovement WHERE plate_id = plate.id ORDER BY id),
  ARRAY(SELECT application_id FROM plates_platehold WHERE plate_id = plate.id AND ended_at IS NULL),
  (SELECT count(*) FROM plates_wantedplate WHERE plate_id = plate.id AND lifted_at IS NULL)
FROM plates_plate AS plate WHERE number = ANY(%s) ORDER BY number
"""
# Which plate a rule takes: one that the step is possible for or, one time in four, whichever comes.
picks = st.integers(0, 19)
cases = st.sampled_from([0, 1])
signers = st.sampled_from(["first", "second"])
closings = st.sampled_from([write_offs.confirm, write_offs.drop])
VERBS = {
    *("hold", "assign_held", "allocate", "surrendered", "given_back", "lost", "found"),
    *("release", "expire", "release_expired", "draw_up", "confirm", "drop"),
}
MANY_TIMES = 10
done: Counter[str] = Counter()


class Stock(RuleBasedStateMachine):
    """Twelve plates, two drafts that choose numbers, two people that sign; the clock only runs forward."""

    world: dict[str, Any]

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now: datetime = timezone.now()
        self.acts: list[int] = []
        self.look()

    def look(self):
        with connection.cursor() as cursor:
            cursor.execute(SEEN, [list(NUMBERS)])
            self.seen = cursor.fetchall()
        self.plates = [Plate(pk=pk, number=number, state=state) for pk, number, state, *_rest in self.seen]

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def plate(self, pick: int, *states: str) -> Plate:
        fitting = [plate for plate in self.plates if plate.state in states] if pick % 4 else []
        return (fitting or self.plates)[pick % len(fitting or self.plates)]

    def attempt(self, verb, *args, **more):
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                result = verb(*args, **more, now=self.now)
        except DomainError:
            return None
        done[verb.__name__] += 1
        return result

    @rule(pick=picks, case=cases)
    def choose(self, pick, case):
        number = self.plate(pick, PlateState.IN_STOCK).number
        chosen = (self.world["cases"][case], number, HolderKind.PERSON, VehicleKind.CAR)
        self.attempt(choosing.hold, *chosen, actor=PORTAL)

    @rule(case=cases)
    def issue_chosen(self, case):
        self.attempt(choosing.assign_held, self.world["cases"][case])

    @rule()
    def issue_next(self):
        self.attempt(allocate, office=self.world["office"], holder=HolderKind.PERSON, vehicle=VehicleKind.CAR)

    @rule(pick=picks)
    def come_off(self, pick):
        self.attempt(movements.surrendered, self.plate(pick, PlateState.ASSIGNED), actor=PORTAL)

    @rule(pick=picks)
    def go_back_on(self, pick):
        self.attempt(movements.given_back, self.plate(pick, PlateState.SURRENDERED), actor=PORTAL)

    # What takes a number out of the world for good is rare: an example would soon have none left.

    @rule(pick=picks, is_stolen=st.booleans(), happens=st.integers(0, 5))
    def lose(self, pick, is_stolen, happens):
        if happens == 0:
            plate = self.plate(pick, PlateState.ASSIGNED)
            self.attempt(movements.lost, plate, actor=PORTAL, is_stolen=is_stolen, explanation="gone")

    @rule(pick=picks)
    def release(self, pick):
        number = self.plate(pick, PlateState.SURRENDERED, PlateState.TO_DESTROY).number
        self.attempt(storing.release, actor=self.world["first"], number=number, reason="in good order")

    @rule(pick=picks)
    def find(self, pick):
        number = self.plate(pick, *GONE).number
        self.attempt(storing.found, actor=self.world["first"], number=number, reason="brought in")

    @rule(
        pick=picks,
        kind=st.sampled_from(["destroyed", "lost", "stolen"]),
        happens=st.integers(0, 5),
        closing=st.fixed_dictionaries({"who": signers, "verb": closings}),
    )
    def draw_up(self, pick, kind, happens, closing):
        if happens == 0:
            written = {"kind": kind, "numbers": [self.plate(pick, *IN_A_STORE).number], "explanation": "bent"}
            written["stock"] = "plates"
            act = self.attempt(write_offs.draw_up, actor=self.world["first"], office=self.world["office"], **written)
            if act:
                self.acts.append(act.pk)
                self.close(**closing)

    @rule(who=signers, verb=closings)
    def close(self, who, verb):
        if self.acts:
            self.attempt(verb, actor=self.world[who], act_id=self.acts[-1])

    @rule(pick=st.integers(0, len(NUMBERS) - 1), way=st.integers(0, 4), case=cases)
    def go_on(self, pick, way, case):
        """The next step in the life of a plate, so that an example gets far; the other rules are careless."""
        state = self.plates[pick].state
        if state == PlateState.IN_STOCK:
            self.choose(pick | 1, case)
        elif state == PlateState.RESERVED:
            self.issue_chosen(case)
        elif state == PlateState.ASSIGNED:
            self.come_off(pick | 1) if way else self.lose(pick | 1, bool(case), 0)
        elif state == PlateState.SURRENDERED:
            self.go_back_on(pick | 1) if way == 0 else self.time_passes(31)
        elif state in GONE:
            self.find(pick | 1)
        elif state == PlateState.TO_DESTROY:
            closing = {"who": "second", "verb": write_offs.drop if case else write_offs.confirm}
            self.release(pick | 1) if way else self.draw_up(pick | 1, PlateState.DESTROYED, 0, closing)

    @rule(days=st.sampled_from([0, 1, 31, 31]))
    def time_passes(self, days):
        self.now += timedelta(days=days, minutes=1)
        done["expire"] += storing.expire(self.now)
        done["release_expired"] += choosing.release_expired(self.now)

    @invariant()
    def all_of_them_are_somewhere(self):
        if not hasattr(self, "now"):
            return
        self.look()
        assert tuple(number for _pk, number, *_rest in self.seen) == NUMBERS
        holders = [holder for *_rest, holding, _wanted in self.seen for holder in holding]
        assert len(holders) == len(set(holders)), "two numbers held for one application"
        for _pk, _number, state, moves, holding, wanted in self.seen:
            way = [PlateState.IN_STOCK, *(after for _before, after in moves)]
            assert way[:-1] == [before for before, _after in moves], "a gap in what was written"
            assert way[-1] == state, "moved without a word"
            assert not GONE & set(way) or state in NEVER_AGAIN, "lost or stolen, and out again"
            assert len(holding) == (state == PlateState.RESERVED)
            assert wanted == (state == PlateState.STOLEN)


@pytest.mark.django_db
def test_no_step_breaks_the_stock(almaty_stock, plate_formats, front_desk, officer, supervisor):
    """Conservation: received = sum by state, after each of 10,000 steps; and every verb was done many times."""
    more, layout = NUMBERS[5:], plate_formats["person_car_2012"]
    enter(almaty_stock, layout, more, reference="more", received_by=None, now=timezone.now())
    first = make_case(front_desk, state=State.DRAFT)
    second = make_case(front_desk, number=2, state=State.DRAFT, applicant=make_applicant(2))
    Stock.world = {
        "cases": [first, second],
        "office": almaty_stock,
        "first": Actor.of(officer),
        "second": Actor.of(supervisor),
    }
    done.clear()
    run_steadily(Stock, examples=EXAMPLES, steps=STEPS)

    assert {verb for verb, times in done.items() if times >= MANY_TIMES} == VERBS
