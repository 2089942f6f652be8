"""Whatever officers do with orders in whatever sequence: no piece is lost, doubled, or finished too early (PD.5)."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import revoking
from applications.errors import DomainError
from applications.models import Application
from applications.states import State
from plates.models import ItemState, OrderState, PlateOrder, PlateOrderItem
from plates.production import ordering, reading, stopping
from tests.fixtures_plates import car_of
from write_offs import acts
from write_offs.models import WriteOffAct

STEPS = ("make_up", "send", "scan", "arrive", "reject", "take_out", "withdraw", "not_made", "ask", "destroy")


class Counter:
    """An officer at the counter who does what they are told, however little sense it makes."""

    def __init__(self, road) -> None:
        self.road, self.officer = road, road.officer

    def take(self, step: str, pick: int) -> None:
        order, item = of(PlateOrder.objects.order_by("pk"), pick), of(PlateOrderItem.objects.order_by("pk"), pick)
        words = {"actor": self.officer, "now": timezone.now()}
        if step in {"ask", "destroy"}:
            self.destroy(step, item, pick)
        elif step == "withdraw":
            self.withdraw(item.application.number)
        elif step == "make_up":
            ordering.make_up(items=[item.pk], **words)
        elif order is None:
            return
        elif step == "send":
            ordering.send(order_id=order.pk, expected_on=timezone.localdate(), **words)
        elif step == "scan":
            ordering.arrive_by_number(order_id=order.pk, number=item.plate.number, **words)
        elif step == "arrive":
            ordering.arrive(order_id=order.pk, items=[item.pk], **words)
        elif step == "not_made":
            stopping.not_made(order_id=order.pk, item_id=item.pk, **words)
        elif step == "reject":
            ordering.reject(order_id=order.pk, item_id=item.pk, fault="Погнут", **words)
        else:
            ordering.take_out(order_id=order.pk, item_id=item.pk, **words)

    def destroy(self, step: str, item: PlateOrderItem, pick: int) -> None:
        """Draw an act up, or confirm one of those there are, as one of two people."""
        words = {"actor": self.officer if pick % 2 else self.road.second, "now": timezone.now()}
        act = of(WriteOffAct.objects.order_by("pk"), pick // 2)
        if step == "ask":
            stopping.ask_destruction(items=[item.pk], **words)
        elif act is not None:
            acts.confirm(act_id=act.pk, **words)

    def withdraw(self, number: str) -> None:
        words = {"number": number, "version": None, "now": timezone.now()}
        revoking.ask(actor=self.road.second, reason="Нашёлся", **words)
        revoking.confirm(actor=self.road.colleague, **words)


def of(rows, pick):
    found = list(rows)
    return found[pick % len(found)] if found else None


def assert_sound(cases) -> None:
    for application in Application.objects.filter(pk__in=cases):
        items = list(application.plate_items.filter(fault=""))
        assert sorted(item.place for item in items) == ["front", "rear"]
        if application.state == State.REVOKED:
            assert FOR_NOBODY.issuperset(item.state for item in items)
            continue
        is_there = all(item.state == ItemState.ARRIVED for item in items)
        assert (application.state == State.READY) is is_there
    for order in reading.orders():
        states = list(order.items.values_list("state", flat=True))
        to_come = states.count(ItemState.ORDERED) + states.count(ItemState.STOPPED)
        assert (order.state == OrderState.ARRIVED) is (to_come == 0 and order.sent_at is not None)
        assert order.pieces == order.arrived + order.faulty + order.dropped + states.count(ItemState.ORDERED)


FOR_NOBODY = {ItemState.CANCELLED, ItemState.STOPPED, ItemState.DISCARDED, ItemState.DESTROYED}


@pytest.fixture
def prepared(duplicates):
    """Two cases whose four pieces wait for an order."""
    owner = duplicates.road.applicant("P-02")
    other = type(duplicates)(duplicates.road, owner, car_of(owner, "V-01"))
    return Counter(duplicates.road), [duplicates.in_production().pk, other.in_production().pk]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), min_size=5, max_size=25))
def test_no_sequence_of_steps_breaks_an_invariant(prepared, steps):
    counter, cases = prepared
    with transaction.atomic():
        for step, pick in steps:
            with suppress(DomainError):
                counter.take(step, pick)
            assert_sound(cases)
        transaction.set_rollback(True)
