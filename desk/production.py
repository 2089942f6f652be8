"""Orders to the plate press: what waits, batches under way, one batch with its sheet, and what has arrived."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.errors import DomainError, InvalidInputError
from applications.numbers import row_key
from desk.clocks import Face, face
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.stock import colour_of
from offices.calendar import WorkingCalendar, working_calendar
from plates.models import TO_BE_DESTROYED, OrderState, PlateOrder, PlateOrderItem, PlatePlace
from plates.production import ordering, reading, stopping

# What the verbs refuse about what was ticked, typed or scanned; it stands on the page it was sent from.
SAID_ON_THE_PAGE = frozenset(
    {
        "invalid",
        "plates.order_changed",
        "plates.not_in_order",
        "plates.arrived_already",
        "plates.order_empty",
        "plates.not_needed",
        "plates.still_needed",
        "plates.not_put_aside",
        "office",
    }
)
TONES = {OrderState.OPEN: "line", OrderState.SENT: "", OrderState.PARTLY_ARRIVED: "risk", OrderState.ARRIVED: "calm"}


@dataclass(frozen=True)
class Piece:
    """A piece as a line of a list."""

    item: PlateOrderItem
    place: str
    colour: str
    clock: Face


@dataclass(frozen=True)
class Batch:
    """An order as a line of a list, or the head of its page."""

    order: PlateOrder
    tone: str
    is_overdue: bool


class SendForm(forms.Form):
    """The day the press promised."""

    expected_on = forms.DateField(
        label=gettext_lazy("Promised by the press for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@staff_view(*OFFICERS)
def production(request: StaffRequest) -> HttpResponse:
    """What waits for an order in the region, and the orders under way."""
    return _list_page(request)


@staff_view(*OFFICERS, methods=("POST",))
def make_up(request: StaffRequest) -> HttpResponseBase:
    """Put the ticked pieces into the order that the office is making up."""
    try:
        chosen = _ticked(request)
        order = ordering.make_up(actor=actor(request), items=chosen, now=timezone.now())
    except DomainError as error:
        return _list_page(request, _said(error))
    count = len(chosen)
    done = ngettext("%(n)d piece is in order %(order)s.", "%(n)d pieces are in order %(order)s.", count)
    messages.success(request, done % {"n": count, "order": order.number})
    return redirect("desk:plate_order", order_id=order.pk)


@staff_view(*OFFICERS)
def plate_order(request: StaffRequest, order_id: int) -> HttpResponse:
    """One order: its pieces, and the next step of it."""
    return _order_page(request, order_id)


@staff_view(*OFFICERS, methods=("POST",))
def send(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The order goes to the press."""
    form = SendForm(request.POST)
    day = form.cleaned_data["expected_on"] if form.is_valid() else None

    def deed() -> str:
        order = ordering.send(actor=actor(request), order_id=order_id, expected_on=day, now=timezone.now())
        return _("Order %(order)s is sent. Print the order sheet or take it as a file.") % {"order": order.number}

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def take_out(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """A piece leaves an order that is not sent yet."""

    def deed() -> str:
        item = ordering.take_out(actor=actor(request), order_id=order_id, item_id=_item(request), now=timezone.now())
        return _("%(number)s waits for an order again.") % {"number": item.plate.number}

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def scan(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """One piece by the number on it; the field stays ready for the next one."""

    def deed() -> str:
        number = request.POST.get("number", "")[:40]
        item = ordering.arrive_by_number(actor=actor(request), order_id=order_id, number=number, now=timezone.now())
        told = {"number": item.plate.number, "piece": PlatePlace(item.place).label}
        return _("%(number)s, %(piece)s: arrived.") % told

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def arrive(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The ticked pieces have arrived."""

    def deed() -> str:
        found = ordering.arrive(actor=actor(request), order_id=order_id, items=_ticked(request), now=timezone.now())
        count = len(found)
        return ngettext("%(n)d piece has arrived.", "%(n)d pieces have arrived.", count) % {"n": count}

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def reject(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """A piece arrived faulty and is ordered again."""

    def deed() -> str:
        again = ordering.reject(
            actor=actor(request),
            order_id=order_id,
            item_id=_item(request),
            fault=request.POST.get("fault", ""),
            now=timezone.now(),
        )
        return _("%(number)s is recorded as faulty and waits for the next order.") % {"number": again.plate.number}

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def not_made(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The press has not made a piece that nobody needs any more."""

    def deed() -> str:
        item = stopping.not_made(actor=actor(request), order_id=order_id, item_id=_item(request), now=timezone.now())
        return _("%(number)s is not made and will not arrive.") % {"number": item.plate.number}

    return _step(request, order_id, deed)


@staff_view(*OFFICERS, methods=("POST",))
def destruction(request: StaffRequest) -> HttpResponseBase:
    """Draw up the act by which the ticked pieces are destroyed; a second person confirms it on its own page."""
    try:
        drawn_up = stopping.ask_destruction(actor=actor(request), items=_ticked(request), now=timezone.now())
    except DomainError as error:
        return _list_page(request, _said(error))
    for act in drawn_up:
        messages.success(request, _("Act %(number)s is drawn up. A second person confirms it.") % {"number": act})
    return redirect("desk:production")


@staff_view(*OFFICERS)
def order_sheet(request: StaffRequest, order_id: int) -> HttpResponse:
    """The order as a sheet of paper for the press."""
    order = _order(request, order_id)
    return render(
        request,
        "desk/production/sheet.html",
        {"order": order, "pieces": _pieces(reading.items_of(order), working_calendar())},
    )


@staff_view(*OFFICERS)
def order_file(request: StaffRequest, order_id: int) -> HttpResponse:
    """The order as a table for the press: one line for each piece."""
    order = _order(request, order_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="order-{order.number}.csv"'
    # The mark tells spreadsheets of the encoding.
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["order", "number", "piece", "format", "background", "text_colour", "application"])
    for item in reading.items_of(order):
        layout = item.plate.format
        row = [item.plate.number, item.place, layout.code, layout.background, layout.text_colour]
        table.writerow([order.number, *row, item.application.number])
    return response


def _region(request: StaffRequest) -> str:
    office = request.user.office
    if office is None:
        raise ValueError("The database keeps officers and supervisors in an office.")
    return office.region_id


def _order(request: StaffRequest, order_id: int) -> PlateOrder:
    order = reading.orders().filter(pk=order_id, region=_region(request)).first()
    if order is None:
        raise ordering.not_found()
    return order


def _list_page(request: StaffRequest, error: DomainError | None = None) -> HttpResponse:
    region = _region(request)
    unwanted = reading.unwanted(region)
    under_way = [_batch(order) for order in reading.under_way(region)]
    calendar = working_calendar()
    context = {
        "error": error,
        "unwanted": _pieces(unwanted, calendar),
        "may_ask": any(item.state in TO_BE_DESTROYED and item.destruction_asked_by_id is None for item in unwanted),
        "waiting": _pieces(reading.waiting(region), calendar),
        "chosen": set(request.POST.getlist("items")),
        "under_way": under_way,
        "overdue": sum(batch.is_overdue for batch in under_way),
        "arrived": [_batch(order) for order in reading.arrived(region)],
    }
    return render(request, "desk/production/production.html", context, status=error.status if error else 200)


def _order_page(request: StaffRequest, order_id: int, error: DomainError | None = None) -> HttpResponse:
    order = _order(request, order_id)
    context = {
        "error": error,
        "batch": _batch(order),
        "order": order,
        "pieces": _pieces(reading.items_of(order), working_calendar()),
        "form": SendForm(initial={"expected_on": request.POST.get("expected_on", "")}),
        "typed": request.POST,
    }
    return render(request, "desk/production/order.html", context, status=error.status if error else 200)


def _step(request: StaffRequest, order_id: int, deed: Callable[[], str]) -> HttpResponseBase:
    """Do it and say so, or show the order again with what was refused."""
    try:
        done = deed()
    except DomainError as error:
        return _order_page(request, order_id, _said(error))
    messages.success(request, done)
    return redirect("desk:plate_order", order_id=order_id)


def _said(error: DomainError) -> DomainError:
    """The refusal, if it belongs on the page; raises any other on."""
    if error.code not in SAID_ON_THE_PAGE:
        raise error
    return error


def _ticked(request: StaffRequest) -> list[int]:
    ticked = {row_key(text) for text in request.POST.getlist("items")}
    keys = {key for key in ticked if key is not None}
    if keys != ticked:
        raise InvalidInputError({"pieces": _("Tick plates of the list.")})
    return sorted(keys)


def _item(request: StaffRequest) -> int:
    return row_key(request.POST.get("item", "")) or 0


def _pieces(items: list[PlateOrderItem], calendar: WorkingCalendar) -> list[Piece]:
    now = timezone.now()
    return [
        Piece(item, _place_of(item), colour_of(item.plate.format), face(item.application, now, calendar))
        for item in items
    ]


def _place_of(item: PlateOrderItem) -> str:
    return _("the only one") if item.plate.format.pieces == 1 else str(PlatePlace(item.place).label)


def _batch(order: PlateOrder) -> Batch:
    is_overdue = order.is_overdue_on(timezone.localdate())
    tone = "late" if is_overdue else TONES[OrderState(order.state)]
    return Batch(order, tone, is_overdue)
