"""Where the pieces of a case are, in words: waiting, ordered and for when, arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import DetailsView
from plates.models import ItemState, PlateOrderItem, PlatePlace


def whereabouts(application: Application) -> Sequence[DetailsView]:
    """One line for each piece of the case, a faulty one before the one made instead; one query."""
    items = PlateOrderItem.objects.filter(application=application).select_related("order").order_by("place", "pk")
    return [DetailsView(_label(item), _standing(item)) for item in items]


def _label(item: PlateOrderItem) -> str:
    return gettext("Plate, %(piece)s") % {"piece": PlatePlace(item.place).label}


# Where a piece is once it is no longer on its way, by its state.
STANDING = {
    ItemState.ARRIVED: _("arrived on %(day)s with order %(order)s"),
    ItemState.FAULTY: _("arrived faulty on %(day)s: %(fault)s"),
    ItemState.STOPPED: _("no longer needed, at the press: order %(order)s"),
    ItemState.DISCARDED: _("arrived on %(day)s, is not needed and waits for its destruction"),
    ItemState.DESTROYED: _("destroyed on %(destroyed)s"),
}


def _standing(item: PlateOrderItem) -> str:
    order = item.order
    if item.state == ItemState.ORDERED and order is not None:
        if order.expected_on is None:
            return gettext("in order %(order)s, which is being made up") % {"order": order.number}
        parts = {"order": order.number, "day": date_format(order.expected_on, "d.m.Y")}
        if order.is_overdue_on(timezone.localdate()):
            return gettext("OVERDUE: order %(order)s was promised for %(day)s") % parts
        return gettext("at the press: order %(order)s, promised for %(day)s") % parts
    if item.state not in STANDING:
        return str(ItemState(item.state).label)
    said = {
        "order": order.number if order else "",
        "day": _day(item.settled_at),
        "fault": item.fault,
        "destroyed": _day(item.destroyed_at),
    }
    return str(STANDING[ItemState(item.state)] % said)


def _day(instant: datetime | None) -> str:
    return date_format(timezone.localtime(instant), "d.m.Y") if instant is not None else ""
