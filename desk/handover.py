"""Handing over: what is ready at this front desk, what comes in, what goes out, and the signature."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import handover
from applications.collecting import bring_to_desk
from applications.errors import DomainError, InvalidInputError
from applications.models import Application, SurrenderOutcome
from applications.papers import on_request
from applications.papers import request as request_of
from applications.services import service_of
from applications.states import State
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look, papers_of
from desk.giving import given
from desk.guards import StaffRequest, actor, staff_view
from desk.receiving import receiver_of, receivers
from desk.rows import rows
from desk.stock import colour_of
from desk.taking_in import things_of
from offices.models import Role
from plates.models import PlateFormat

SHOWN = 100


@staff_view(Role.FRONT_DESK)
def handover_list(request: StaffRequest) -> HttpResponse:
    """Issued and refused cases of this front desk that nobody has collected yet, oldest result first."""
    return listed(request)


def listed(request: StaffRequest, error: InvalidInputError | None = None) -> HttpResponse:
    """The list, with what is wrong with the number that was typed for an application filed online."""
    now = timezone.now()
    waiting = (
        Application.objects.visible_to(request.user)
        .filter(Q(state=State.ISSUED) | Q(state=State.REFUSED), handed_over_at__isnull=True)
        .select_related("applicant_person", "applicant_organisation", "holder")
        .order_by("decided_at", "id")
    )
    found = list(waiting[: SHOWN + 1])
    context = {"results": rows(found[:SHOWN], request.user, now), "has_more": len(found) > SHOWN, "error": error}
    context["typed"] = request.POST.get("number", "")
    return render(request, "desk/case/handover_list.html", context, status=error.status if error else 200)


@staff_view(Role.FRONT_DESK, methods=("POST",))
def bring(request: StaffRequest) -> HttpResponse:
    """Bring an application that was filed online to this desk, by the number that its applicant shows."""
    try:
        application = bring_to_desk(actor=actor(request), typed=request.POST.get("number", ""), now=timezone.now())
    except InvalidInputError as error:
        return listed(request, error)
    is_decided = application.state in {State.ISSUED, State.REFUSED}
    return redirect("desk:hand_over" if is_decided else "desk:case", number=application.number)


@staff_view(Role.FRONT_DESK, methods=BOTH)
def hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """Say back what changes hands and to whom, then record it, once."""
    if request.method != "POST":
        return page(request, number)
    try:
        given_to(request, number)
    except DomainError as error:
        if error.code not in {"not_surrendered", "stale", "invalid"}:
            raise
        return page(request, number, error)
    messages.success(request, _("%(number)s is handed over.") % {"number": number})
    return redirect("desk:handover_list")


def given_to(request: StaffRequest, number: str) -> None:
    """Record the hand-over to whoever was chosen; without a choice, to who applied."""
    value = request.POST.get("receiver", "")
    receiver, power = (receiver_of(case_of(request, number), value) if value else None) or (None, None)
    handover.hand_over(
        actor=actor(request),
        number=number,
        version=version_of(request),
        now=timezone.now(),
        receiver=receiver,
        power=power,
    )


def page(request: StaffRequest, number: str, error: DomainError | None = None) -> HttpResponse:
    """What is printed, handed in and handed out."""
    now = timezone.now()
    application = case_of(request, number)
    if application.state not in {State.ISSUED, State.REFUSED}:
        raise DomainError("illegal_move", _("There is no result to hand over yet."))
    look(request, application, "hand-over", now)
    chosen = request.POST.get("receiver", "") or request.GET.get("receiver", "")
    context = frame(request, application, now)
    results = service_of(application).results(application) if application.state == State.ISSUED else []
    needs = context["needs"] if application.state == State.ISSUED else []
    # Plates that stayed on their vehicle change no hands.
    plate = application.plate_number if application.plate_number in {item.number for item in results} else ""
    context |= given(application, papers_of(application)) | {
        "error": error,
        "things": things_of(application, {need.requirement.code for need in needs}),
        "outcomes": SurrenderOutcome.choices,
        "back": "hand_over",
        "results": results,
        "plate": plate,
        "plate_colour": plate_colour(plate),
        "on_request": on_request(application),
        "receivers": receivers(application, chosen, timezone.localdate(now)),
        "chosen": chosen,
    }
    return render(request, "desk/case/hand_over.html", context, status=error.status if error else 200)


def plate_colour(number: str) -> str:
    """The background of the plate as it lies on the counter; "" for a white one, and where there is none."""
    layout = PlateFormat.objects.filter(plates__number=number).first() if number else None
    return colour_of(layout) if layout is not None else ""


@staff_view(Role.FRONT_DESK, methods=("POST",))
def request_paper(request: StaffRequest, number: str) -> HttpResponse:
    """Have a paper made that the applicant asks for; the page it is printed from shows it as soon as it is there."""
    request_of(actor=actor(request), number=number, kind=request.POST.get("kind", ""), now=timezone.now())
    messages.success(request, _("Ordered. The paper is being made."))
    return redirect("desk:hand_over", number=number)
