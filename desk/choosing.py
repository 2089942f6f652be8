"""Choosing a number for a draft: the free ones with their prices; a click holds one while it is paid (VR.6a)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from desk.guards import StaffRequest, actor, staff_view
from desk.intake import BOTH, draft
from desk.intake_page import surroundings
from offices.models import Role
from plates.choosing import MOST_SHOWN, held
from registration import choosing

# Refusals after which other numbers are offered on the same page.
TRY_ANOTHER = frozenset({"plates.taken", "plates.other_kind"})


@staff_view(Role.FRONT_DESK, methods=BOTH)
def choose_plate(request: StaffRequest, number: str) -> HttpResponse:
    """Free numbers of the office's stock, searched by pattern; a POST holds one, or gives the choice up."""
    application = draft(request, number)
    if request.method != "POST":
        return _page(request, application)
    try:
        if "next" in request.POST:
            choosing.take_next(actor=actor(request), number=number, now=timezone.now())
            messages.success(request, _("The next plate of the stock will be issued."))
        else:
            plate = request.POST.get("plate", "")
            choosing.choose(actor=actor(request), number=number, plate=plate, now=timezone.now())
            messages.success(request, _("Number %(number)s is held while its duty is paid.") % {"number": plate})
    except DomainError as error:
        if error.code not in TRY_ANOTHER:
            raise
        return _page(request, application, error=error)
    return redirect("desk:intake_details", number=number)


def _page(request: StaffRequest, application: Application, error: DomainError | None = None) -> HttpResponse:
    now, pattern = timezone.now(), request.GET.get("pattern", "")
    try:
        offers, wrong = choosing.free_numbers(application, pattern, now), ""
    except InvalidInputError as refused:
        offers, wrong = [], str(refused.fields["pattern"])
    context = {
        **surroundings(application, "details", "", now),
        "pattern": pattern,
        "wrong": wrong,
        "offers": offers,
        "is_cut": len(offers) == MOST_SHOWN,
        "held": held(application),
        "error": error,
    }
    return render(request, "desk/details/choose_plate.html", context, status=error.status if error else 200)
