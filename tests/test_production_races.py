"""Two people at the press's counter at the same instant: every piece is ordered once and arrives once."""

import pytest
from django.utils import timezone

from applications import deciding, revoking
from applications.states import State
from plates.models import ItemState, OrderState, PlateOrder, PlateOrderItem
from plates.production import ordering
from tests.at_once import at_once, codes, colliding
from tests.fixtures_plates import FADED_FRONT
from tests.fixtures_road import work

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_scans_of_one_piece_count_once(duplicates):
    application = duplicates.in_production(**FADED_FRONT)
    order = duplicates.sent(application)

    def scan(actor):
        return lambda: ordering.arrive_by_number(
            actor=actor, order_id=order.pk, number=duplicates.plate, now=timezone.now()
        )

    results = at_once(scan(duplicates.road.officer), scan(duplicates.road.colleague))
    assert codes(results) == ["plates.arrived_already"]
    assert application.journal.filter(action="production_finished").count() == 1
    assert duplicates.road.fresh(application).state == State.READY


def test_two_orders_of_the_same_pieces_order_them_once(duplicates):
    application = duplicates.in_production()
    items = list(application.plate_items.values_list("pk", flat=True))

    def make_up(actor):
        return lambda: ordering.make_up(actor=actor, items=items, now=timezone.now())

    results = at_once(make_up(duplicates.road.officer), make_up(duplicates.road.colleague))
    assert codes(results) == ["plates.order_changed"]
    assert PlateOrder.objects.get().items.count() == 2


def test_a_case_is_withdrawn_or_approved_and_only_the_approved_one_is_ordered(duplicates):
    application = duplicates.held(**FADED_FRONT)
    words = {"number": application.number, "version": None, "now": timezone.now()}
    results = colliding(
        [application],
        lambda: deciding.approve(actor=duplicates.road.officer, **words),
        lambda: deciding.withdraw(actor=duplicates.road.desk, reason="Нашёлся", **words),
    )
    assert codes(results) == ["illegal_move"]
    work()
    is_ordered = PlateOrderItem.objects.filter(state=ItemState.WAITING).exists()
    assert is_ordered is (duplicates.road.fresh(application).state == State.IN_PRODUCTION)


def test_a_piece_arrives_while_its_decision_is_withdrawn_and_is_counted_once(duplicates):
    """PD.5: whoever is second finds what the first one did; neither waits for the other without end."""
    application = duplicates.in_production(**FADED_FRONT)
    order = duplicates.sent(application)
    item, now = order.items.get(), timezone.now()
    words = {"number": application.number, "version": None, "now": now}
    revoking.ask(actor=duplicates.road.second, reason="Нашёлся", **words)
    results = at_once(
        lambda: revoking.confirm(actor=duplicates.road.colleague, **words),
        lambda: ordering.arrive(actor=duplicates.road.officer, order_id=order.pk, items=[item.pk], now=now),
    )
    assert codes(results) == []
    work()

    assert duplicates.road.fresh(application).state == State.REVOKED
    assert PlateOrderItem.objects.get(pk=item.pk).state == ItemState.DISCARDED
    assert PlateOrder.objects.get(pk=order.pk).state == OrderState.ARRIVED
