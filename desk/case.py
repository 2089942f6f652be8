"""The case: the one page an officer works on, renewed in place, and the small steps taken on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import deciding, holding
from applications.errors import DomainError, InvalidInputError
from applications.models import Application
from applications.numbers import row_key
from applications.states import State
from desk.case_page import case_of, frame, look, panels, token_of
from desk.giving import given
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK, OFFICERS
from offices.models import Role

BOTH = ("GET", "HEAD", "POST")


def version_of(request: StaffRequest) -> int | None:
    """The version of the case that the reader's page showed."""
    return row_key(request.POST.get("version", ""))


@staff_view(*DECIDERS_AND_DESK)
def case(request: StaffRequest, number: str) -> HttpResponse:
    """The case with its checks, documents, facts and course. A draft of the front desk opens at its intake."""
    now = timezone.now()
    application = case_of(request, number)
    if application.state == State.DRAFT and request.user.role == Role.FRONT_DESK:
        return redirect("desk:intake_details", number=number)
    look(request, application, "case", now)
    context = frame(request, application, now)
    context |= panels(application, context["needs"], context["lines"])
    chosen = request.GET.get("document", "")
    context["current"] = next((item for item in context["documents"] if str(item.document.pk) == chosen), None)
    context["current"] = context["current"] or next(iter(context["documents"]), None)
    return render(request, "desk/case/case.html", context)


@staff_view(*DECIDERS_AND_DESK)
def refreshed(request: StaffRequest, number: str) -> HttpResponse:
    """What an open page of a case asks every second: 204 unless something changed, then its panels anew."""
    now = timezone.now()
    if request.GET.get("token") == token_of(request, number, now):
        return HttpResponse(status=204)
    application = case_of(request, number)
    context = frame(request, application, now)
    context |= panels(application, context["needs"], context["lines"])
    return render(request, "desk/case/_refreshed.html", context | given(application, context["papers"]))


@staff_view(*DECIDERS_AND_DESK, methods=("POST",))
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    """The applicant's whole IIN or BIN; the look is journaled by its own name."""
    application = case_of(request, number)
    look(request, application, "identifier", timezone.now())
    return render(request, "desk/case/_identifier.html", {"identifier": application.applicant.identifier})


@staff_view(*OFFICERS, methods=("POST",))
def take(request: StaffRequest, number: str) -> HttpResponse:
    """Hold the case and stay on it."""
    holding.take(actor=actor(request), number=number, now=timezone.now())
    return redirect("desk:case", number=number)


@staff_view(*OFFICERS, methods=("POST",))
def release(request: StaffRequest, number: str) -> HttpResponse:
    """Put the case back and go on with the queue."""
    holding.release(actor=actor(request), number=number, version=version_of(request), now=timezone.now())
    messages.success(request, _("%(number)s is back in the queue.") % {"number": number})
    return redirect("desk:queue")


def with_reason(
    request: StaffRequest, application: Application, words: dict[str, Any], error: DomainError | None = None
) -> HttpResponse:
    """A page that asks for a reason before a step; what was typed stays."""
    shown = {**frame(request, application, timezone.now()), **words, "error": error}
    shown["reason"] = request.POST.get("reason", "")
    return render(request, "desk/case/reason.html", shown, status=error.status if error else 200)


@staff_view(*OFFICERS, methods=BOTH)
def take_over(request: StaffRequest, number: str) -> HttpResponse:
    """Take the case from the colleague who holds it; the reason is journaled."""
    application = case_of(request, number)
    holder = application.holder.short_name if application.holder else ""
    words = {
        "title": _("Take the application over?"),
        "text": _("%(who)s holds it and sees that you took it over, and why.") % {"who": holder},
        "label": _("Why you take it over"),
        "action": _("Take over"),
        "tone": "btn-primary",
    }
    if request.method != "POST":
        look(request, application, "case", timezone.now())
        return with_reason(request, application, words)
    try:
        holding.take_over(
            actor=actor(request),
            number=number,
            version=version_of(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except InvalidInputError as error:
        return with_reason(request, application, words, error)
    return redirect("desk:case", number=number)


@staff_view(Role.FRONT_DESK, Role.SUPERVISOR, methods=BOTH)
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Close the case at the applicant's wish, before a decision."""
    application = case_of(request, number)
    words = {
        "title": _("Withdraw the application?"),
        "text": _("It is closed without a decision and cannot be opened again; the applicant may apply anew."),
        "label": _("What the applicant said"),
        "action": _("Withdraw"),
        "tone": "btn-outline-danger",
    }
    if request.method != "POST":
        look(request, application, "case", timezone.now())
        return with_reason(request, application, words)
    try:
        deciding.withdraw(
            actor=actor(request),
            number=number,
            version=version_of(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except InvalidInputError as error:
        return with_reason(request, application, words, error)
    return redirect("desk:case", number=number)
