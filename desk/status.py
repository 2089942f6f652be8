"""The contact centre's page: where an application stands and when it is due, and nothing about anybody."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import following, journal
from applications.errors import InvalidInputError
from desk.clocks import face
from desk.guards import StaffRequest, actor, staff_view
from offices.calendar import working_calendar
from offices.models import Role

ASKED = "status"
LONGEST = 40


@staff_view(Role.CONTACT_CENTRE, methods=("GET", "POST"))
def status(request: StaffRequest) -> HttpResponseBase:
    """State and due time of the application of that number."""
    if request.method == "POST":
        request.session[ASKED] = request.POST.get("number", "")[:LONGEST]
        return redirect("desk:status")
    typed = request.session.get(ASKED, "")
    context: dict[str, object] = {"typed": typed}
    if typed:
        try:
            context["found"] = _found(request, typed)
        except InvalidInputError as error:
            context["error"] = error.fields["number"]
    return render(request, "desk/status.html", context)


def _found(request: StaffRequest, typed: str) -> dict[str, object]:
    now = timezone.now()
    application = following.find(following.number_of(typed))
    if application is None:
        raise InvalidInputError({"number": _("There is no accepted application with this number.")})
    changes = {"number": application.number}
    chain = f"staff:{request.user.username}"
    journal.noted(chain=chain, actor=actor(request), action="status_told", now=now, changes=changes)
    return {
        "standing": following.standing(application),
        "clock": face(application, now, working_calendar()),
    }
