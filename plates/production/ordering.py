"""Having plates made: pieces wait, a batch is made up and sent, pieces arrive, and a faulty one is ordered again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import producing
from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, written
from applications.journal import noted
from applications.models import Application
from offices.models import Office, Role, Staff
from people.identifiers import normalise_plate
from plates.models import TO_COME, ItemState, OrderState, Plate, PlateOrder, PlateOrderItem, PlatePlace

MOST_IN_AN_ORDER = 500


def want(application: Application, plate: Plate, pieces: Iterable[PlatePlace], now: datetime) -> None:
    """Let pieces of `plate` wait for the next order of the region, inside the caller's transaction."""
    PlateOrderItem.objects.bulk_create(
        PlateOrderItem(
            application=application, plate=plate, place=place, region_id=application.office.region_id, wanted_at=now
        )
        for place in pieces
    )


@transaction.atomic
def make_up(*, actor: Actor, items: Collection[int], now: datetime) -> PlateOrder:
    """Put waiting pieces of the actor's region into the open order of their office, making one where none is.

    Raises InvalidInputError when nothing is chosen, DomainError "plates.order_changed" when a chosen piece no longer
    waits: nothing is ordered then.
    """
    staff = orderer(actor)
    if not 0 < len(items) <= MOST_IN_AN_ORDER:
        message = _("Choose at least one plate and at most %(most)d.") % {"most": MOST_IN_AN_ORDER}
        raise InvalidInputError({"pieces": message})
    waiting = PlateOrderItem.objects.select_for_update(of=("self",)).select_related("plate").order_by("pk")
    found = list(waiting.filter(pk__in=items, region=office_of(staff).region_id, state=ItemState.WAITING))
    if len(found) != len(set(items)):
        raise _changed()
    order = _open_order(staff, now)
    for item in found:
        item.put_into(order)
    PlateOrderItem.objects.bulk_update(found, ["state", "order"])
    note(order, actor, "plate_order_made_up", now, numbers=numbers_of(found))
    return order


def _open_order(staff: Staff, now: datetime) -> PlateOrder:
    """The order that the office is making up, locked."""
    office = office_of(staff)
    order = PlateOrder.objects.select_for_update().filter(office=office, state=OrderState.OPEN).first()
    if order is not None:
        return order
    try:
        with transaction.atomic():
            return PlateOrder.objects.create(office=office, region_id=office.region_id, made_by=staff, made_at=now)
    except IntegrityError as error:
        raise _changed() from error


@transaction.atomic
def take_out(*, actor: Actor, order_id: int, item_id: int, now: datetime) -> PlateOrderItem:
    """Take a piece out of an order that is not sent yet; it waits again."""
    order = lock(actor, order_id)
    if order.state != OrderState.OPEN:
        raise DomainError("plates.order_sent", _("The order is sent; nothing can be taken out of it."))
    item = item_of(order, item_id)
    item.take_out()
    item.save(update_fields=["state", "order"])
    note(order, actor, "plate_order_item_taken_out", now, numbers=numbers_of([item]))
    return item


@transaction.atomic
def send(*, actor: Actor, order_id: int, expected_on: date | None, now: datetime) -> PlateOrder:
    """Send the order to the press, which promised the plates for the day `expected_on` (Asia/Almaty)."""
    order = lock(actor, order_id)
    if order.state != OrderState.OPEN:
        raise DomainError("plates.order_sent", _("The order is sent already."))
    if expected_on is None or expected_on < timezone.localdate(now):
        raise InvalidInputError({"expected_on": _("Enter the day the press promised; it cannot lie in the past.")})
    items = list(order.items.select_related("plate"))
    if not items:
        raise DomainError("plates.order_empty", _("There is nothing in the order."))
    order.send()
    order.sent_by, order.sent_at, order.expected_on = actor.staff, now, expected_on
    order.save(update_fields=["state", "sent_by", "sent_at", "expected_on"])
    note(order, actor, "plate_order_sent", now, numbers=numbers_of(items), expected_on=expected_on.isoformat())
    return order


@transaction.atomic
def arrive(*, actor: Actor, order_id: int, items: Collection[int], now: datetime) -> list[PlateOrderItem]:
    """Record that pieces have arrived; a case whose last piece is there goes on to its issue.

    Raises InvalidInputError when nothing is ticked, DomainError "plates.not_sent", "plates.not_in_order", or
    "plates.arrived_already" when one of them was recorded before: nothing is recorded then.
    """
    order = lock_sent(actor, order_id)
    if not items:
        raise InvalidInputError({"pieces": _("Tick the plates that have arrived.")})
    found = [item_of(order, pk) for pk in sorted(set(items))]
    return _arrived(order, found, actor, now)


@transaction.atomic
def arrive_by_number(*, actor: Actor, order_id: int, number: str, now: datetime) -> PlateOrderItem:
    """Record one piece by the number on it, as a scanner reads it; a set of two is read twice, front first.

    Raises as `arrive` does; a number that is in no order, or in another one, is said so.
    """
    order = lock_sent(actor, order_id)
    typed = normalise_plate(number)
    if not typed:
        raise InvalidInputError({"number": _("Scan or type the number on the plate.")})
    mine = list(order.items.filter(plate__number=typed).order_by("place"))
    coming = [item for item in mine if item.state in TO_COME]
    if not coming:
        raise arrived_already(typed) if mine else _not_in_order(order, typed)
    return _arrived(order, [item_of(order, coming[0].pk)], actor, now)[0]


@transaction.atomic
def reject(*, actor: Actor, order_id: int, item_id: int, fault: str, now: datetime) -> PlateOrderItem:
    """Record that a piece arrived faulty; it is ordered again as a new piece, which is returned."""
    order = lock_sent(actor, order_id)
    fault = written("fault", fault, _("Say what is wrong with the plate."), longest=300)
    item = item_of(order, item_id)
    if item.state == ItemState.STOPPED:
        message = _("Nobody needs this piece any more: record that it has arrived, or that it is not made.")
        raise DomainError("plates.not_needed", message)
    if item.state != ItemState.ORDERED:
        raise arrived_already(item.plate.number)
    item.reject(fault)
    item.settled_at, item.settled_by = now, actor.staff
    item.save(update_fields=["state", "fault", "settled_at", "settled_by"])
    again = PlateOrderItem.objects.create(
        application=item.application, plate=item.plate, place=item.place, region_id=item.region_id, wanted_at=now
    )
    go_on(order, now)
    note(order, actor, "plate_faulty", now, numbers=numbers_of([item]), fault=item.fault)
    return again


def lock(actor: Actor, order_id: int) -> PlateOrder:
    """The order of the actor's region, locked until the transaction ends."""
    staff = orderer(actor)
    order = PlateOrder.objects.select_for_update().filter(pk=order_id, region=office_of(staff).region_id).first()
    if order is None:
        raise not_found()
    return order


def not_found() -> DomainError:
    return DomainError("not_found", _("There is no such order in your region."), status=404)


def lock_sent(actor: Actor, order_id: int) -> PlateOrder:
    """The order, after its cases: a withdrawal locks its case first and then the orders of its pieces."""
    cases = Application.objects.filter(plate_items__order=order_id).order_by("pk")
    list(Application.objects.select_for_update(no_key=True).filter(pk__in=cases).order_by("pk").values_list("pk"))
    order = lock(actor, order_id)
    if order.state == OrderState.OPEN:
        raise DomainError("plates.not_sent", _("The order is not sent yet; nothing can have arrived."))
    return order


def orderer(actor: Actor) -> Staff:
    return require_role(actor, Role.OFFICER, Role.SUPERVISOR)


def office_of(staff: Staff) -> Office:
    if staff.office is None:
        raise ValueError("The database keeps officers and supervisors in an office.")
    return staff.office


def item_of(order: PlateOrder, item_id: int) -> PlateOrderItem:
    items = PlateOrderItem.objects.select_related("plate", "application")
    item = items.filter(pk=item_id, order=order).first()
    if item is None:
        raise DomainError("plates.not_in_order", _("This piece is not in the order. Open the order again."))
    return item


def _arrived(order: PlateOrder, items: Sequence[PlateOrderItem], actor: Actor, now: datetime) -> list[PlateOrderItem]:
    """Settle the pieces of a locked order and finish the cases that have all of theirs; unneeded ones are put aside."""
    for item in items:
        if item.state not in TO_COME:
            raise arrived_already(item.plate.number)
        if item.state == ItemState.STOPPED:
            item.discard()
        else:
            item.arrive()
        item.settled_at, item.settled_by = now, actor.staff
        item.save(update_fields=["state", "settled_at", "settled_by"])
    go_on(order, now)
    note(order, actor, "plates_arrived", now, numbers=numbers_of(items))
    wanted = [item for item in items if item.state == ItemState.ARRIVED]
    _finish({item.application.pk: item.application.number for item in wanted}, actor, now)
    return list(items)


def _finish(cases: dict[int, str], actor: Actor, now: datetime) -> None:
    outstanding = PlateOrderItem.objects.filter(application__in=cases, state__in=[ItemState.WAITING, ItemState.ORDERED])
    lacking = set(outstanding.values_list("application_id", flat=True))
    # A region's batch holds cases of offices that the receiver may not open; their journal names the receiver too.
    receiver = Actor(staff=None, label=actor.label, address=actor.address)
    for pk, number in sorted(cases.items()):
        if pk not in lacking:
            producing.finish(actor=receiver, number=number, now=now)


def go_on(order: PlateOrder, now: datetime) -> None:
    """Move the order to where its pieces are."""
    if order.items.filter(state__in=TO_COME).exists():
        if order.state == OrderState.SENT:
            order.begin_to_arrive()
            order.save(update_fields=["state"])
        return
    if order.state != OrderState.ARRIVED:
        order.complete()
        order.arrived_at = now
        order.save(update_fields=["state", "arrived_at"])


def _changed() -> DomainError:
    message = _("Somebody ordered some of these a moment ago. Nothing was changed; look at what waits now.")
    return DomainError("plates.order_changed", message)


def arrived_already(number: str) -> DomainError:
    message = _("%(number)s was recorded already: every piece of it in this order has been received.")
    return DomainError("plates.arrived_already", message % {"number": number})


def _not_in_order(order: PlateOrder, number: str) -> DomainError:
    elsewhere = PlateOrderItem.objects.filter(plate__number=number, state__in=TO_COME, region=order.region_id)
    other = elsewhere.select_related("order").first()
    if other is not None:
        message = _("%(number)s is not in this order; it belongs to order %(order)s.")
        return DomainError("plates.not_in_order", message % {"number": number, "order": other.order})
    message = _("%(number)s was not ordered. Compare the number with the plate; put a wrong plate aside.")
    return DomainError("plates.not_in_order", message % {"number": number})


def numbers_of(items: Iterable[PlateOrderItem]) -> list[str]:
    return [f"{item.plate.number} {item.place}" for item in items]


def note(order: PlateOrder, actor: Actor, action: str, now: datetime, **changes: object) -> None:
    chain = f"office:{actor.staff.office.code}" if actor.staff and actor.staff.office else "plates"
    noted(chain=chain, actor=actor, action=action, now=now, changes={"order": order.number, **changes})
