"""Where the pieces of a case are, in words: waiting, ordered and for when, arrived."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.models import Application
from applications.services import DetailsView
from plates.models import ItemState, PlateOrderItem, PlatePlace


def whereabouts(application: Application) -> Sequence[DetailsView]:
    """One line for each piece of the case, a faulty one before the one made instead; one query."""
    items = PlateOrderItem.objects.filter(application=application).select_related("order").order_by("place", "pk")
    return [DetailsView(_label(item), _standing(item)) for item in items]


def _label(item: PlateOrderItem) -> str:
    return _("Plate, %(piece)s") % {"piece": PlatePlace(item.place).label}


def _standing(item: PlateOrderItem) -> str:
    order, day = item.order, ""
    if item.settled_at is not None:
        day = date_format(timezone.localtime(item.settled_at), "d.m.Y")
    if item.state == ItemState.ORDERED and order is not None:
        if order.expected_on is None:
            return _("in order %(order)s, which is being made up") % {"order": order.number}
        parts = {"order": order.number, "day": date_format(order.expected_on, "d.m.Y")}
        if order.is_overdue_on(timezone.localdate()):
            return _("OVERDUE: order %(order)s was promised for %(day)s") % parts
        return _("at the press: order %(order)s, promised for %(day)s") % parts
    if item.state == ItemState.ARRIVED and order is not None:
        return _("arrived on %(day)s with order %(order)s") % {"day": day, "order": order.number}
    if item.state == ItemState.FAULTY:
        return _("arrived faulty on %(day)s: %(fault)s") % {"day": day, "fault": item.fault}
    return str(ItemState(item.state).label)
