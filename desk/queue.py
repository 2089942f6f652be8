"""The queue: the page the day starts on, kept up to date in place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import holding
from applications.models.application import CHANNELS
from desk import worklist
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK, OFFICERS
from desk.rows import address_of
from desk.worklist import Chosen
from offices.models import Role


@staff_view(*DECIDERS_AND_DESK)
def queue(request: StaffRequest) -> HttpResponse:
    """The queue of the reader's office, or of the front desk's own cases."""
    chosen = Chosen.read(request.GET.dict(), request.user.role)
    return render(request, "desk/queue.html", _context(request, chosen, timezone.now()))


@staff_view(*DECIDERS_AND_DESK)
def refresh(request: StaffRequest) -> HttpResponse:
    """What an open queue asks every second: 204 unless something changed, then the list anew."""
    now = timezone.now()
    if request.GET.get("token") == worklist.token(request.user, now):
        return HttpResponse(status=204)
    chosen = Chosen.read(request.GET.dict(), request.user.role)
    return render(request, "desk/_queue.html", _context(request, chosen, now))


@staff_view(*OFFICERS, methods=("POST",))
def take(request: StaffRequest, number: str) -> HttpResponseBase:
    """Hold the case for the reader; the list shows it at once."""
    now = timezone.now()
    holding.take(actor=actor(request), number=number, now=now)
    if not request.htmx:
        return redirect("desk:queue")
    chosen = Chosen.read(request.POST.dict(), request.user.role)
    return render(request, "desk/_queue.html", _context(request, chosen, now))


@staff_view(*OFFICERS, methods=("POST",))
def take_next(request: StaffRequest) -> HttpResponseBase:
    """Hold the soonest due free case and open it; say so when there is none."""
    application = holding.take_next(actor=actor(request), now=timezone.now())
    if application is None:
        messages.info(request, _("Nothing waits for a decision that you could take now."))
        return redirect("desk:queue")
    return redirect(address_of(application))


def _context(request: StaffRequest, chosen: Chosen, now: datetime) -> dict[str, Any]:
    staff, is_desk = request.user, request.user.role == Role.FRONT_DESK
    # Taken before the rows are read: a change in between shows with the next refresh instead of never.
    token = worklist.token(staff, now)
    numbers = worklist.counts(staff, chosen, now)
    page = worklist.page(staff, chosen, now)
    return {
        "chosen": chosen,
        "token": token,
        "now": now,
        "page": page,
        "total": numbers[chosen.view],
        "everything": numbers["all"],
        "decided_today": None if is_desk else worklist.decided_today(staff, now),
        "is_desk": is_desk,
        "chips": [
            {
                "word": view.word,
                "tone": view.tone,
                "count": numbers[view.code],
                "is_on": view.code == chosen.view,
                "address": chosen.address(show=view.code),
                "code": view.code,
            }
            for view in worklist.views_of(staff.role)
        ],
        "services": worklist.services(),
        "channels": [(code, str(word)) for code, word in CHANNELS],
        "filters": _filters(chosen),
        "next_address": chosen.address(after=page.next) if page.next else "",
        "first_address": chosen.address() if chosen.after else "",
    }


def _filters(chosen: Chosen) -> list[dict[str, str]]:
    """The filters that are on, each with the address that takes it off."""
    active = []
    if chosen.service:
        active.append({"word": dict(worklist.services())[chosen.service], "without": chosen.address(service="")})
    if chosen.channel:
        active.append({"word": str(dict(CHANNELS)[chosen.channel]), "without": chosen.address(channel="")})
    return active
