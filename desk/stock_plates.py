"""The plates of an office one by one: where each is, what happened to it, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.errors import InvalidInputError, NotFoundError
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.rows import address_of
from desk.stock import BOTH, colour_of, office_of
from offices.access import offices_visible_to
from people.identifiers import normalise_plate
from plates import storing
from plates.choosing import HOLD_GIVEN_UP, HOLD_OVER
from plates.models import Plate, PlateState
from plates.write_offs import FROM

SHOWN = 100
# Reasons that the portal itself writes, in words.
REASONS: dict[str, str | Promise] = {
    storing.TERM_OVER: gettext_lazy("the storage term is over"),
    HOLD_OVER: gettext_lazy("not paid in time, or the application ended"),
    HOLD_GIVEN_UP: gettext_lazy("the choice was given up"),
}
DEEDS: dict[str, Callable[..., Plate]] = {"release": storing.release, "found": storing.found}


@staff_view(*OFFICERS, methods=BOTH)
def plates(request: StaffRequest) -> HttpResponse:
    """Plates of one office by state, or those whose number has what was typed, which no address may tell."""
    office, offices = office_of(request)
    state, typed = request.POST.get("state", ""), request.POST.get("number", "")
    found = Plate.objects.filter(office=office).select_related("format", "set_aside_by__office").order_by("number")
    if state in PlateState.values:
        found = found.filter(state=state)
    if typed.strip():
        found = found.filter(number__contains=normalise_plate(typed))
    rows = list(found[: SHOWN + 1])
    context = {
        "office": office,
        "offices": offices,
        "plates": [(plate, colour_of(plate.format)) for plate in rows[:SHOWN]],
        "is_cut": len(rows) > SHOWN,
        "written_off_from": FROM,
        "states": PlateState.choices,
        "state": state,
        "number": typed,
    }
    return render(request, "desk/stock/plates.html", context)


@staff_view(*OFFICERS, methods=BOTH)
def plate(request: StaffRequest, pk: int) -> HttpResponse:
    """The history of one plate; a POST releases it to the stock, or says that it was found."""
    found = _plates(request).filter(pk=pk).first()
    if found is None:
        raise NotFoundError
    if request.method != "POST":
        return _page(request, found)
    deed, reason = DEEDS.get(request.POST.get("deed", "")), request.POST.get("reason", "")
    if deed is None:
        raise NotFoundError
    try:
        deed(actor=actor(request), number=found.number, reason=reason, now=timezone.now())
    except InvalidInputError as error:
        return _page(request, found, errors=error.fields, reason=reason, status=422)
    messages.success(request, _("Recorded for plate %(number)s.") % {"number": found.number})
    return redirect("desk:stock_plate", pk=pk)


def _plates(request: StaffRequest) -> QuerySet[Plate]:
    seen = offices_visible_to(request.user)
    return Plate.objects.filter(office__in=seen).select_related("format", "office", "receipt", "set_aside_by__office")


def _page(request: StaffRequest, found: Plate, *, status: int = 200, **typed: Any) -> HttpResponse:
    movements = found.movements.select_related("by", "application").order_by("-pk")
    rows = [
        {
            "movement": movement,
            "before": PlateState(movement.from_state).label,
            "after": PlateState(movement.to_state).label,
            "reason": REASONS.get(movement.reason, movement.reason),
            "address": address_of(movement.application) if movement.application else "",
        }
        for movement in movements
    ]
    today = timezone.localdate()
    is_over = found.stored_until is None or found.stored_until < today
    context = {
        "plate": found,
        "colour": colour_of(found.format),
        "rows": rows,
        "wanted": found.wanted.select_related("declared_by", "lifted_by").first(),
        "hold": found.holds.filter(ended_at__isnull=True).select_related("application").first(),
        "can_release": found.state == PlateState.TO_DESTROY or (found.state == PlateState.SURRENDERED and is_over),
        "can_be_found": found.state in {PlateState.LOST, PlateState.STOLEN},
        "act": found.set_aside_by,
        "can_write_off": found.set_aside_by is None and found.state in FROM,
        **typed,
    }
    return render(request, "desk/stock/plate.html", context, status=status)
