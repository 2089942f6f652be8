"""The auditor's page: the journal, row by row, and whether its chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import journal as chains
from applications.models import JournalEntry
from applications.numbers import normalise_number, row_key
from desk.changed import changed
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the auditor asked the journal for; an empty word asks for everything."""

    number: str = ""
    username: str = ""
    day: str = ""
    before: str = ""

    @property
    def chain(self) -> str:
        """The chain these rows belong to, where they all belong to one."""
        if self.number:
            return f"application:{self.number}"
        return ""

    def address(self, **changes: str) -> str:
        """The page's address with `changes`."""
        values = {"number": self.number, "username": self.username, "day": self.day, **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{reverse('desk:journal')}?{query}"


@staff_view(Role.AUDITOR)
def journal(request: StaffRequest) -> HttpResponseBase:
    """Fifty rows, newest first, of an application, an account or a day."""
    wanted = read(request.GET.dict())
    found = list(_rows(wanted)[: PAGE + 1])
    context = {
        "wanted": wanted,
        "rows": [(entry, changed(entry)) for entry in found[:PAGE]],
        "next_address": wanted.address(before=str(found[PAGE - 1].pk)) if len(found) > PAGE else "",
        "first_address": wanted.address() if wanted.before else "",
    }
    return render(request, "desk/journal.html", context)


@staff_view(Role.AUDITOR, methods=("POST",))
def verify(request: StaffRequest) -> HttpResponseBase:
    """Recompute one application's chain and say what came of it; the asking is journaled too."""
    now = timezone.now()
    wanted = read(request.POST.dict())
    broken = chains.verify(wanted.chain) if wanted.chain else None
    changes = {"chain": wanted.chain, "broken": broken.sequence if broken else None}
    chain = f"staff:{request.user.username}"
    chains.noted(chain=chain, actor=actor(request), action="chain_verified", now=now, changes=changes)
    if broken is None:
        messages.success(request, _("The chain is whole: no row was changed, removed or inserted."))
    else:
        place = {"chain": broken.chain, "row": broken.sequence}
        messages.error(request, _("The chain %(chain)s is broken at row %(row)s.") % place)
    return redirect(wanted.address())


def read(query: dict[str, str]) -> Wanted:
    """From the address or the form; what cannot be read is left out."""
    try:
        number = normalise_number(query.get("number", ""))
    except ValueError:
        number = ""
    try:
        day = date.fromisoformat(query.get("day", "")).isoformat()
    except ValueError:
        day = ""
    before = query.get("before", "")
    return Wanted(number, query.get("username", "").strip()[:60], day, before if row_key(before) is not None else "")


def _rows(wanted: Wanted) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.select_related("actor").order_by("-pk")
    if wanted.number:
        found = found.filter(application__number=wanted.number)
    if wanted.username:
        found = found.filter(actor__username=wanted.username)
    if wanted.day:
        first, last = (
            datetime.combine(date.fromisoformat(wanted.day), at, timezone.get_default_timezone())
            for at in (time.min, time.max)
        )
        found = found.filter(at__range=(first, last))
    return found.filter(pk__lt=int(wanted.before)) if wanted.before else found
