"""What waits for an order and which orders are under way, for one region; each list is one query."""

from __future__ import annotations

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from plates.models import UNWANTED, ItemState, OrderState, PieceLine, PlateOrder, PlateOrderItem
from plates.production.ordering import MOST_IN_AN_ORDER

ARRIVED_SHOWN = 10
# Pieces that came as ordered, whatever became of them since; a faulty one keeps its fault when it is destroyed.
HERE = Q(items__state__in=[ItemState.ARRIVED, ItemState.DISCARDED, ItemState.DESTROYED], items__fault="")


def waiting(region: str) -> list[PlateOrderItem]:
    """The pieces that nobody has ordered yet, the soonest due first; as many as one order takes."""
    items = PlateOrderItem.objects.filter(region=region, state=ItemState.WAITING)
    found = items.select_related("plate__format", "application").order_by("application__due_at", "pk")
    return list(found[:MOST_IN_AN_ORDER])


def unwanted(region: str) -> list[PlateOrderItem]:
    """The pieces that nobody needs, at the press or put aside to be destroyed, and faulty ones; as many as in an order.

    `act` is the key of the act that waits for its second person, if a piece stands on one.
    """
    items = PlateOrderItem.objects.filter(region=region, state__in=UNWANTED)
    related = ("plate__format", "application", "order", "destruction_asked_by")
    lines = PieceLine.objects.filter(item=OuterRef("pk"), act__confirmed_at=None, act__dropped_at=None)
    found = items.select_related(*related).annotate(act=Subquery(lines.values("act")[:1]))
    return list(found.order_by("-state", "pk")[:MOST_IN_AN_ORDER])


def orders() -> QuerySet[PlateOrder]:
    """Orders with what they hold, and `due_at`, when the first of their cases is due.

    Of `pieces` some have `arrived`, came `faulty`, or are `dropped` (nobody needs them, and they have not arrived); the
    others are still to come.
    """
    return PlateOrder.objects.select_related("office").annotate(
        pieces=Count("items"),
        arrived=Count("items", filter=HERE),
        faulty=Count("items", filter=Q(items__fault__gt="")),
        dropped=Count("items", filter=Q(items__state__in=[ItemState.STOPPED, ItemState.CANCELLED])),
        due_at=Min("items__application__due_at"),
    )


def under_way(region: str) -> list[PlateOrder]:
    """The orders of the region that have not arrived whole, the one being made up first, then by the promised day."""
    return list(
        orders()
        .filter(region=region)
        .exclude(state=OrderState.ARRIVED)
        .order_by(F("expected_on").asc(nulls_first=True), "pk")
    )


def arrived(region: str) -> list[PlateOrder]:
    """The newest orders of the region that arrived whole."""
    found = orders().filter(region=region, state=OrderState.ARRIVED).order_by("-arrived_at")
    return list(found[:ARRIVED_SHOWN])


def items_of(order: PlateOrder) -> list[PlateOrderItem]:
    """Every piece of the order by number and place, with its case."""
    items = PlateOrderItem.objects.filter(order=order).select_related("plate__format", "application", "settled_by")
    return list(items.order_by("plate__number", "place", "pk"))
