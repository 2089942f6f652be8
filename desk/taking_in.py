"""Taking in what must be surrendered: each plate and certificate is handed in, or declared lost or stolen."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import surrendering
from applications.errors import InvalidInputError
from applications.models import Application, Surrender, SurrenderOutcome
from applications.services import Surrenderable, service_of
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role

# Where the step was taken from, by the word that the form carries.
BACK = {"intake": "desk:intake_documents", "case": "desk:case", "hand_over": "desk:hand_over"}


@dataclass(frozen=True)
class Thing:
    """One thing to take in: what it is, its number, and what is recorded of it so far (None: nothing)."""

    item: Surrenderable
    record: Surrender | None

    @property
    def key(self) -> str:
        return f"{self.item.requirement}:{self.item.code}"

    @property
    def is_fixed(self) -> bool:
        """Whether the record has changed the register and stands."""
        return self.record is not None and self.record.effective_at is not None


def things_of(application: Application, requirements: set[str]) -> list[Thing]:
    """The things of these requirements: what the register knows of, and what is recorded already."""
    records = {(item.requirement, item.thing): item for item in application.surrenders.all()}
    return [
        Thing(item, records.get((item.requirement, item.code)))
        for item in service_of(application).surrenders(application)
        if item.requirement in requirements
    ]


@staff_view(Role.FRONT_DESK, methods=BOTH)
def take_in(request: StaffRequest, number: str) -> HttpResponse:
    """The things to take in; each is recorded by itself, and what is wrong is said beside it."""
    if request.method != "POST":
        return page(request, number)
    requirement, _colon, thing = request.POST.get("thing", "").partition(":")
    try:
        surrendering.take_in(
            actor=actor(request),
            number=number,
            version=version_of(request),
            requirement=requirement,
            thing=thing,
            outcome=request.POST.get("outcome", ""),
            explanation=request.POST.get("explanation", ""),
            now=timezone.now(),
        )
    except InvalidInputError as error:
        return page(request, number, error)
    messages.success(request, _("Recorded."))
    return redirect(BACK.get(request.POST.get("back", ""), "desk:take_in"), number=number)


def page(request: StaffRequest, number: str, error: InvalidInputError | None = None) -> HttpResponse:
    """Everything that the standard wants handed in."""
    now = timezone.now()
    application = case_of(request, number)
    look(request, application, "taking in", now)
    context = frame(request, application, now)
    wanted = {need.requirement.code for need in context["needs"]}
    context |= {
        "error": error,
        "things": things_of(application, wanted),
        "outcomes": SurrenderOutcome.choices,
        "back": request.POST.get("back", "case"),
        "typed": request.POST,
    }
    return render(request, "desk/case/take_in.html", context, status=error.status if error else 200)
