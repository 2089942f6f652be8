"""Pieces that nobody needs any more: of a case whose decision was withdrawn while the press made them.

What the press has not begun is not made. What is made goes to its destruction by an act of two people: its number lives
on in the plate on the vehicle, and a second set of it must not lie about.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from offices.models import Office
from plates.models import DESTROYED_AS, ItemState, OrderState, PlateOrder, PlateOrderItem
from plates.production.destroying import not_put_aside
from plates.production.ordering import go_on, item_of, lock_sent, note, numbers_of, office_of, orderer
from write_offs import acts
from write_offs.models import WriteOffAct, WriteOffKind

# Printed on the act, in both languages like the rest of it.
EXPLANATIONS: dict[str, str] = {
    ItemState.DISCARDED: (
        "Шешім қайтарып алынды, дайындалған белгі ешкімге керек емес. "
        "Решение отозвано, изготовленный знак никому не нужен."
    ),
    ItemState.FAULTY: (
        "Белгі ақаулы келді, оның орнына басқасына тапсырыс берілді. "
        "Знак поступил с браком, вместо него заказан другой."
    ),
}


@dataclass(frozen=True)
class Stopped:
    """How many pieces of a case are not ordered at all, are at the press, and lie in the office."""

    cancelled: int = 0
    at_press: int = 0
    in_office: int = 0


def stop(application: Application) -> Stopped:
    """Stop what is made for the locked application, inside the caller's transaction.

    What was handed over stays as it is: it is for the applicant to bring back.
    """
    items = PlateOrderItem.objects.select_for_update().filter(application=application)
    cancelled = list(items.filter(state=ItemState.WAITING))
    ordered_in = PlateOrderItem.objects.filter(application=application, order__isnull=False).values("order")
    orders = PlateOrder.objects.select_for_update().filter(pk__in=ordered_in).order_by("pk")
    states = {order.pk: order.state for order in orders}
    at_press = 0
    for item in items.filter(state=ItemState.ORDERED):
        if states.get(item.order_id or 0) == OrderState.OPEN:
            item.take_out()
            item.save(update_fields=["state", "order"])
            cancelled.append(item)
        else:
            item.stop()
            item.save(update_fields=["state"])
            at_press += 1
    for item in cancelled:
        item.cancel()
        item.save(update_fields=["state"])
    arrived = list(items.filter(state=ItemState.ARRIVED)) if application.handed_over_at is None else []
    for item in arrived:
        item.discard()
        item.save(update_fields=["state"])
    return Stopped(len(cancelled), at_press, len(arrived))


@transaction.atomic
def not_made(*, actor: Actor, order_id: int, item_id: int, now: datetime) -> PlateOrderItem:
    """Record that the press has not made a piece that nobody needs any more: it will not arrive.

    Raises DomainError "plates.still_needed" for any other piece, and as ordering.arrive does.
    """
    order = lock_sent(actor, order_id)
    item = item_of(order, item_id)
    if item.state != ItemState.STOPPED:
        raise DomainError("plates.still_needed", _("This piece is needed, or settled already."))
    item.cancel()
    item.settled_at, item.settled_by = now, actor.staff
    item.save(update_fields=["state", "settled_at", "settled_by"])
    go_on(order, now)
    note(order, actor, "plate_piece_not_made", now, numbers=numbers_of([item]))
    return item


@transaction.atomic
def ask_destruction(*, actor: Actor, items: Collection[int], now: datetime) -> list[WriteOffAct]:
    """The first of two people draws up the acts by which these pieces are destroyed.

    One act for each office they lie in and each reason: nobody needs them, or they came faulty.

    Raises InvalidInputError when nothing is ticked, DomainError "plates.not_put_aside", NotAllowedError "office".
    """
    if not items:
        raise InvalidInputError({"unwanted": _("Tick the pieces.")})
    region = office_of(orderer(actor)).region_id
    pieces = PlateOrderItem.objects.filter(pk__in=items, region=region).select_related("order__office")
    groups: dict[tuple[Office, str], list[str]] = {}
    for item in pieces.order_by("order__office", "state", "pk"):
        if item.order is not None and item.state in EXPLANATIONS:
            groups.setdefault((item.order.office, item.state), []).append(str(item.pk))
    if sum(len(keys) for keys in groups.values()) != len(set(items)):
        raise not_put_aside()
    written = {"stock": DESTROYED_AS, "kind": WriteOffKind.DESTROYED}
    return [
        acts.draw_up(actor=actor, office=office, numbers=keys, explanation=EXPLANATIONS[state], now=now, **written)
        for (office, state), keys in groups.items()
    ]
