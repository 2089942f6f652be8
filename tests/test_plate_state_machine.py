"""Random steps over the verbs of a stock: what came is always all there, and no rule breaks on the way."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from applications.acting import Actor
from applications.errors import DomainError
from applications.states import State
from plates import choosing, movements, storing, write_offs
from plates.models import HolderKind, Plate, PlateHold, PlateMovement, PlateState, VehicleKind, WantedPlate
from plates.stock import allocate
from tests.fixtures_registration import make_applicant, make_case

PORTAL = Actor.automatic()
NUMBERS = tuple(f"{digits}KZN02" for digits in range(417, 422))
GONE = {PlateState.LOST, PlateState.STOLEN}


class Stock(RuleBasedStateMachine):
    """Five plates, two drafts that choose numbers, two people that sign; the clock only runs forward."""

    world: dict

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = timezone.now()
        self.acts = []

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def attempt(self, verb, *args, **more):
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                return verb(*args, **more, now=self.now)
        except DomainError:
            return None

    @rule(number=st.sampled_from(NUMBERS), case=st.sampled_from([0, 1]))
    def choose(self, number, case):
        chosen = (self.world["cases"][case], number, HolderKind.PERSON, VehicleKind.CAR)
        self.attempt(choosing.hold, *chosen, actor=PORTAL)

    @rule(case=st.sampled_from([0, 1]))
    def issue_chosen(self, case):
        self.attempt(choosing.assign_held, self.world["cases"][case])

    @rule()
    def issue_next(self):
        self.attempt(allocate, office=self.world["office"], holder=HolderKind.PERSON, vehicle=VehicleKind.CAR)

    @rule(number=st.sampled_from(NUMBERS), verb=st.sampled_from([movements.surrendered, movements.given_back]))
    def come_and_go(self, number, verb):
        self.attempt(verb, Plate.objects.get(number=number), actor=PORTAL)

    @rule(number=st.sampled_from(NUMBERS), is_stolen=st.booleans(), happens=st.integers(0, 9))
    def lose(self, number, is_stolen, happens):
        if happens == 0:
            plate = Plate.objects.get(number=number)
            self.attempt(movements.lost, plate, actor=PORTAL, is_stolen=is_stolen, explanation="gone")

    @rule(number=st.sampled_from(NUMBERS), verb=st.sampled_from([storing.release, storing.found]))
    def bring_back(self, number, verb):
        self.attempt(verb, actor=self.world["first"], number=number, reason="in good order")

    @rule(number=st.sampled_from(NUMBERS), kind=st.sampled_from(["destroyed", "lost"]), happens=st.integers(0, 9))
    def draw_up(self, number, kind, happens):
        if happens == 0:
            written = {"kind": kind, "numbers": [number], "explanation": "bent"}
            act = self.attempt(write_offs.draw_up, actor=self.world["first"], office=self.world["office"], **written)
            self.acts += [act] if act else []

    @rule(who=st.sampled_from(["first", "second"]), verb=st.sampled_from([write_offs.confirm, write_offs.drop]))
    def close(self, who, verb):
        if self.acts:
            self.attempt(verb, actor=self.world[who], act_id=self.acts[-1].pk)

    @rule(days=st.sampled_from([0, 0, 1, 31]))
    def time_passes(self, days):
        self.now += timedelta(days=days, minutes=1)
        storing.expire(self.now)
        choosing.release_expired(self.now)

    @invariant()
    def all_of_them_are_somewhere(self):
        if not hasattr(self, "now"):
            return
        states = dict(Plate.objects.filter(number__in=NUMBERS).values_list("number", "state"))
        assert sum(Counter(states.values()).values()) == len(NUMBERS)
        written = {}
        ever_gone = set()
        moved = PlateMovement.objects.order_by("pk").values_list("plate__number", "from_state", "to_state")
        for number, before, after in moved:
            assert written.get(number, PlateState.IN_STOCK) == before
            written[number] = after
            ever_gone |= {number} if after in GONE else set()
        assert {**dict.fromkeys(NUMBERS, PlateState.IN_STOCK), **written} == states
        assert all(states[number] in {*GONE, PlateState.TO_DESTROY, PlateState.DESTROYED} for number in ever_gone)
        held = PlateHold.objects.filter(ended_at__isnull=True).values_list("plate__number", flat=True)
        assert sorted(held) == sorted(number for number, state in states.items() if state == PlateState.RESERVED)
        wanted = set(WantedPlate.objects.filter(lifted_at=None).values_list("plate__number", flat=True))
        assert wanted == {number for number, state in states.items() if state == PlateState.STOLEN}


def test_no_step_breaks_the_stock(almaty_stock, front_desk, officer, supervisor):
    """Conservation: received = sum by state, after each of 2,500 steps."""
    first = make_case(front_desk, state=State.DRAFT)
    second = make_case(front_desk, number=2, state=State.DRAFT, applicant=make_applicant(2))
    Stock.world = {
        "cases": [first, second],
        "office": almaty_stock,
        "first": Actor.of(officer),
        "second": Actor.of(supervisor),
    }
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=25,
            stateful_step_count=100,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
