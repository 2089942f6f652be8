"""The stock of a police office: plates and SRTS blanks that came, what waits for them, and how more is entered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from desk.blank_kinds import KINDS, blank_shelves, level
from desk.clocks import Face, face
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.rows import address_of
from desk.stock_forms import PlatesForm
from offices.access import offices_visible_to
from offices.calendar import working_calendar
from offices.models import Office, OfficeKind
from plates import stock as plates
from plates.high_demand import is_high_demand
from plates.models import PlateFormat

BOTH = ("GET", "POST")
# What is left is called low below these: a supply takes days, and some numbers are of higher demand.
LOW_PLATES = 10
SHOWN = 50
# Where a refusal of the verbs belongs in the form.
FIELD_OF = {
    "numbers": "first",
    "plates.already_known": "first",
    "blanks.already_known": "first",
}


@dataclass(frozen=True)
class Waiting:
    """An approved application that the stock holds up."""

    number: str
    address: str
    headline: str
    reason: str
    clock: Face


@dataclass(frozen=True)
class Confirmation:
    """What is said before a deed is done, and after: `first` and `last` are numbers of `kind` plate or blank."""

    question: str | Promise
    sentence: str
    button: str
    done: str
    kind: str
    first: str
    last: str = ""
    colour: str = ""
    notes: Sequence[str] = ()
    is_final: bool = False


@staff_view(*OFFICERS)
def stock(request: StaffRequest) -> HttpResponse:
    """Plates and blanks of one office, and the applications that wait for either."""
    now = timezone.now()
    office, offices = office_of(request)
    rows, count = _waiting(request, office, now)
    shelves = [(shelf, level(shelf.free, LOW_PLATES), colour_of(shelf.format)) for shelf in plates.shelves(office)]
    context = {
        "office": office,
        "offices": offices,
        "shelves": shelves,
        "blank_shelves": blank_shelves(office),
        "waiting": rows,
        "waiting_count": count,
    }
    return render(request, "desk/stock/stock.html", context)


@staff_view(*OFFICERS, methods=BOTH)
def receive_plates(request: StaffRequest) -> HttpResponseBase:
    """Enter a series of plates; what will be entered is said back before it is done."""
    office, _offices = office_of(request)
    form = PlatesForm(request.POST or None, office=office)

    def receive() -> Confirmation:
        cleaned = form.cleaned_data
        plates.receive(
            actor=actor(request),
            office=office,
            plate_format=cleaned["format"],
            numbers=cleaned["numbers"],
            reference=cleaned["reference"],
            now=timezone.now(),
        )
        return _plates_said(office, cleaned["format"], cleaned["numbers"])

    return asked_twice(request, office, form, gettext_lazy("Which plates have come?"), receive)


def office_of(request: StaffRequest) -> tuple[Office, list[Office]]:
    """The office whose stock is meant, and all the reader may choose from: the own, or a supervisor's region."""
    found = offices_visible_to(request.user).filter(kind=OfficeKind.POLICE).select_related("region").order_by("code")
    offices = list(found)
    wanted = request.GET.get("office", "")
    for office in offices:
        if (office.code == wanted) if wanted else (office.pk == request.user.office_id):
            return office, offices
    raise DomainError("not_found", gettext_lazy("There is no such office among those you can see."), status=404)


def _waiting(request: StaffRequest, office: Office, now: datetime) -> tuple[list[Waiting], int]:
    reasons = {plates.STOCK_EMPTY: _("waits for a plate"), **{kind.stock.empty: kind.waits for kind in KINDS.values()}}
    held_up = Application.objects.visible_to(request.user).open().filter(office=office, held_up_by__in=reasons)
    calendar = working_calendar()
    found = list(held_up.order_by("due_at", "id")[:SHOWN])
    rows = [
        Waiting(
            number=application.number,
            address=address_of(application),
            headline=application.headline,
            reason=str(reasons[application.held_up_by]),
            clock=face(application, now, calendar),
        )
        for application in found
    ]
    return rows, len(found) if len(found) < SHOWN else held_up.count()


def colour_of(plate_format: PlateFormat) -> str:
    """The background as templates/desk/_plate.html knows it; white has no name there."""
    return plate_format.background if plate_format.background in {"red", "yellow", "blue"} else ""


def asked_twice(
    request: StaffRequest, office: Office, form: forms.Form, title: str | Promise, deed: Callable[[], Confirmation]
) -> HttpResponseBase:
    """The form, then its deed said back, then the deed itself. The verb judges both times; only the last is kept."""
    step = request.POST.get("step", "")
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "office": office,
        "back": address_of_stock(request, office),
    }
    if request.method == "POST" and step != "correct" and form.is_valid():
        is_confirmed = step == "confirm"
        confirmation = _tried(form, deed, is_kept=is_confirmed)
        if confirmation and is_confirmed:
            messages.success(request, confirmation.done)
            return redirect(address_of_stock(request, office))
        if confirmation:
            return render(request, "desk/stock/confirm.html", {**context, "confirmation": confirmation})
    return render(request, "desk/stock/form.html", context, status=422 if form.errors else 200)


def _tried(form: forms.Form, deed: Callable[[], Confirmation], *, is_kept: bool) -> Confirmation | None:
    """What the deed says of itself, or nothing when it was refused: the reasons then stand beside the fields."""
    try:
        with transaction.atomic():
            confirmation = deed()
            transaction.set_rollback(not is_kept)
    except InvalidInputError as error:
        for field, message in error.fields.items():
            form.add_error(FIELD_OF.get(field, field), str(message))
        return None
    except DomainError as error:
        if error.code not in FIELD_OF:
            raise
        form.add_error(FIELD_OF[error.code], str(error.message))
        return None
    return confirmation


def address_of_stock(request: StaffRequest, office: Office) -> str:
    query = "" if office.pk == request.user.office_id else "?" + urlencode({"office": office.code})
    return reverse("desk:stock") + query


def _plates_said(office: Office, plate_format: PlateFormat, numbers: list[str]) -> Confirmation:
    count, today = len(numbers), timezone.localdate()
    dear = sum(is_high_demand(plate_format.split(number)[0], today) for number in numbers)
    notes = [plate_format.title]
    if dear:
        says = ngettext(
            "%(n)d of them is of higher demand and goes only to those who choose it.",
            "%(n)d of them are of higher demand and go only to those who choose them.",
            dear,
        )
        notes.append(says % {"n": dear})
    return Confirmation(
        question=gettext_lazy("Is this what has come?"),
        sentence=ngettext(
            "%(n)d number enters the stock: %(office)s.", "%(n)d numbers enter the stock: %(office)s.", count
        )
        % {"n": count, "office": office.name},
        button=_("Enter into the stock"),
        done=ngettext("%(n)d plate is in the stock now.", "%(n)d plates are in the stock now.", count) % {"n": count},
        kind="plate",
        first=numbers[0],
        last=numbers[-1] if count > 1 else "",
        colour=colour_of(plate_format),
        notes=notes,
    )
