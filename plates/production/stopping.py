"""Pieces that nobody needs any more: of a case whose decision was withdrawn while the press made them.

What the press has not begun is not made. What is made goes to its destruction by two people: its number lives on in the
plate on the vehicle, and a second set of it must not lie about.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import Application
from plates.models import ItemState, OrderState, PlateOrder, PlateOrderItem
from plates.production.ordering import go_on, item_of, lock_sent, note, numbers_of, office_of, orderer


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
def ask_destruction(*, actor: Actor, items: Collection[int], now: datetime) -> list[PlateOrderItem]:
    """The first of two people says that these pieces are put aside to be destroyed.

    Raises InvalidInputError when nothing is ticked, DomainError "plates.not_put_aside".
    """
    staff = orderer(actor)
    found = _put_aside(actor, items)
    for item in found:
        item.destruction_asked_by = staff
        item.save(update_fields=["destruction_asked_by"])
    _noted(found, actor, "plate_pieces_to_destroy", now)
    return found


@transaction.atomic
def destroy(*, actor: Actor, items: Collection[int], now: datetime) -> list[PlateOrderItem]:
    """The second person has seen the pieces destroyed.

    Raises as ask_destruction does; DomainError "plates.destruction_not_asked", NotAllowedError "four_eyes".
    """
    staff = orderer(actor)
    found = _put_aside(actor, items)
    if any(item.destruction_asked_by_id is None for item in found):
        message = _("Nobody has put these pieces before a second person yet.")
        raise DomainError("plates.destruction_not_asked", message)
    if any(item.destruction_asked_by_id == staff.pk for item in found):
        raise NotAllowedError("four_eyes", _("A second person must confirm the destruction."))
    for item in found:
        item.destroy()
        item.destroyed_by, item.destroyed_at = staff, now
        item.save(update_fields=["state", "destroyed_by", "destroyed_at"])
    _noted(found, actor, "plate_pieces_destroyed", now)
    return found


def _put_aside(actor: Actor, items: Collection[int]) -> list[PlateOrderItem]:
    """The pieces that lie in the actor's region to be destroyed, locked."""
    if not items:
        raise InvalidInputError({"unwanted": _("Tick the pieces.")})
    region = office_of(orderer(actor)).region_id
    pieces = PlateOrderItem.objects.select_for_update(of=("self",)).select_related("plate", "order").order_by("pk")
    found = list(pieces.filter(pk__in=items, region=region, state=ItemState.DISCARDED))
    if len(found) != len(set(items)):
        message = _("Some of these are no longer put aside. Look at what is there now.")
        raise DomainError("plates.not_put_aside", message)
    return found


def _noted(items: list[PlateOrderItem], actor: Actor, action: str, now: datetime) -> None:
    for order in {item.order for item in items if item.order is not None}:
        note(order, actor, action, now, numbers=numbers_of([item for item in items if item.order_id == order.pk]))
