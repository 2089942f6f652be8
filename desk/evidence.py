"""One answer of a register in full: raw as it came, earlier answers, asking again, and judging a doubtful match."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import checking, deciding
from applications.errors import DomainError, InvalidInputError
from applications.models import Application, Check
from applications.states import UNDECIDED_STATES
from desk.case import version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.verdict import Card, may_see


def check_of(request: StaffRequest, application: Application, check: int) -> Check:
    """The check, if it is one of this case and the reader may see it. Raises DomainError 404."""
    found = next((item for item in application.checks.all() if item.pk == check), None)
    if found is None or not may_see(application, found, request.user):
        raise DomainError("no_check", _("This application has no such check among those you can see."), status=404)
    return found


def readable(raw: str) -> str:
    """The raw answer, indented where it is JSON; anything else exactly as it came."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
    except ValueError:
        return raw


def shown(request: StaffRequest, number: str, check: int, error: DomainError | None = None) -> HttpResponse:
    """The evidence, as a page or as what opens inside its card; opening it is a look."""
    now = timezone.now()
    application = case_of(request, number)
    found = check_of(request, application, check)
    look(request, application, f"check {found}", now)
    context = {
        "check": found,
        "answers": [{"row": row, "raw": readable(row.raw)} for row in found.answers.order_by("-id")],
        "error": error,
        "typed": request.POST,
        "application": application,
    }
    if request.htmx:
        return render(request, "desk/case/_evidence.html", context)
    framed = frame(request, application, now)
    shown_as = card(framed["verdict"].cards, found)
    context |= {**framed, "card": shown_as}
    is_undecided = application.state in UNDECIDED_STATES
    context["may_rule"] = is_undecided and application.holder_id == request.user.pk and shown_as.is_doubtful
    context["may_confirm"] = (
        is_undecided and found.ruled_by_id not in {None, request.user.pk} and not found.confirmed_by
    )
    return render(request, "desk/case/check.html", context, status=error.status if error else 200)


def card(cards: tuple[Card, ...], check: Check) -> Card:
    return next(item for item in cards if item.check is not None and item.check.pk == check.pk)


@staff_view(*OFFICERS)
def check(request: StaffRequest, number: str, check: int) -> HttpResponse:
    """What the register answered, now and before."""
    return shown(request, number, check)


@staff_view(*OFFICERS, methods=("POST",))
def ask_again(request: StaffRequest, number: str) -> HttpResponse:
    """Put one question to its register once more; the answer appears on the page by itself."""
    codes = [code for code in request.POST.getlist("code") if code]
    checking.ask_again(actor=actor(request), number=number, codes=codes, now=timezone.now())
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("desk:case", number=number)


@staff_view(*OFFICERS, methods=("POST",))
def rule(request: StaffRequest, number: str, check: int) -> HttpResponse:
    """Say whether a doubtful match is this person; what was typed stays when something is missing."""
    try:
        deciding.rule(
            actor=actor(request),
            number=number,
            version=version_of(request),
            check_id=check,
            ruling=request.POST.get("ruling", ""),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except InvalidInputError as error:
        return shown(request, number, check, error)
    messages.success(request, _("Written down. A second person must confirm it."))
    return redirect("desk:case", number=number)


@staff_view(*OFFICERS, methods=("POST",))
def confirm_ruling(request: StaffRequest, number: str, check: int) -> HttpResponse:
    """The second pair of eyes on a ruling."""
    deciding.confirm_ruling(
        actor=actor(request), number=number, version=version_of(request), check_id=check, now=timezone.now()
    )
    return redirect("desk:case", number=number)
