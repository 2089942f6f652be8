"""Withdrawing decisions: a supervisor asks on the case, a second person judges, and a list shows what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import revoking
from applications.errors import DomainError
from applications.models import Revocation
from applications.services import service_name
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from offices.models import Role

# Refusals of the verbs after which the reader goes on on the same page.
STAYS = frozenset({"invalid", "stale", "cannot_be_undone"})
SHOWN = 100


@staff_view(Role.SUPERVISOR, methods=BOTH)
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """Ask for the withdrawal of the decision, having read what it would take back."""
    if request.method != "POST":
        return asking_page(request, number)
    try:
        revoking.ask(
            actor=actor(request),
            number=number,
            version=version_of(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except DomainError as error:
        if error.code not in STAYS:
            raise
        return asking_page(request, number, error)
    messages.success(request, _("The withdrawal waits for a second person."))
    return redirect("desk:case", number=number)


def asking_page(request: StaffRequest, number: str, error: DomainError | None = None) -> HttpResponse:
    """The reason, and what would be undone; elsewhere than after a decision the case itself."""
    application = case_of(request, number)
    context = frame(request, application, timezone.now())
    if not context["steps"].revoke:
        return back_to_case(number, error)
    return page(request, number, "desk/case/revoke.html", context, error)


@staff_view(*OFFICERS, methods=BOTH)
def judge(request: StaffRequest, number: str) -> HttpResponse:
    """Confirm the withdrawal, or leave the decision standing with a reason. `step` is confirm or reject."""
    if request.method != "POST":
        return judging_page(request, number)
    who: dict[str, Any] = {
        "actor": actor(request),
        "number": number,
        "version": version_of(request),
        "now": timezone.now(),
    }
    try:
        if request.POST.get("step") == "reject":
            revoking.reject(**who, reason=request.POST.get("reason", ""))
        else:
            revoking.confirm(**who)
    except DomainError as error:
        if error.code not in STAYS:
            raise
        return judging_page(request, number, error)
    return redirect("desk:case", number=number)


def judging_page(request: StaffRequest, number: str, error: DomainError | None = None) -> HttpResponse:
    """Who asks, why, and what the confirmation does."""
    application = case_of(request, number)
    context = frame(request, application, timezone.now())
    if not context["steps"].judge_revocation:
        return back_to_case(number, error)
    context["is_second"] = request.user.pk not in {context["revocation"].asked_by_id, application.decided_by_id}
    context["is_asker"] = request.user.pk == context["revocation"].asked_by_id
    return page(request, number, "desk/case/revocation.html", context, error)


def back_to_case(number: str, error: DomainError | None) -> HttpResponse:
    """The case says where it stands; a step that was really tried is refused in words."""
    if error is not None:
        raise error
    return redirect("desk:case", number=number)


def page(
    request: StaffRequest, number: str, template: str, context: dict[str, Any], error: DomainError | None
) -> HttpResponse:
    look(request, context["application"], "revocation", timezone.now())
    context |= {"error": error, "reason": request.POST.get("reason", ""), "forecast": revoking.forecast(number)}
    return render(request, template, context, status=error.status if error else 200)


@dataclass(frozen=True)
class Waiting:
    """A line of the list: the request, the service in words, and whether the reader can be the second person."""

    revocation: Revocation
    service: str
    is_mine_to_judge: bool


@staff_view(*OFFICERS)
def revocations(request: StaffRequest) -> HttpResponse:
    """Withdrawals that wait for a second person in the reader's offices, the oldest first."""
    found = (
        Revocation.objects.open()
        .visible_to(request.user)
        .select_related(
            "application__applicant_person",
            "application__applicant_organisation",
            "application__decided_by",
            "application__office",
            "asked_by",
        )
        .order_by("asked_at", "id")[: SHOWN + 1]
    )
    lines = [
        Waiting(
            item,
            service_name(item.application),
            request.user.pk not in {item.asked_by_id, item.application.decided_by_id},
        )
        for item in found
    ]
    context = {"lines": lines[:SHOWN], "has_more": len(lines) > SHOWN}
    return render(request, "desk/revoking/revocations.html", context)
