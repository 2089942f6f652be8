"""A slip in typed particulars put right: the front desk types what the document says, a second person compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications import correcting
from applications.errors import DomainError, InvalidInputError
from applications.foreigners import IDENTITY, Particulars, may_be_corrected
from applications.models import Application, Correction
from applications.states import State
from desk.case import BOTH
from desk.case_page import Shown, case_of, documents_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_forms import CorrectionForm
from desk.navigation import DECIDERS_AND_DESK
from offices.models import Role
from people.countries import country_name
from people.models import Person, SexChoice

# Refusals after which the reader goes on on the same page.
STAYS = frozenset({"correction_open", "particulars_printed"})


@staff_view(Role.FRONT_DESK, methods=BOTH)
def particulars(request: StaffRequest, number: str, who: str) -> HttpResponse:
    """What is on record, to be typed over with what the document says; done at once, or put before a second person."""
    application = case_of(request, number)
    person = correcting.party_of(application, who)
    known = {field: getattr(person, field) for field in Particulars.__dataclass_fields__}
    form = CorrectionForm(request.POST or None, initial=known)
    if request.method != "POST":
        look(request, application, "particulars", timezone.now())
        return page(request, application, person, form)
    if not form.is_valid():
        return page(request, application, person, form)
    try:
        waits = correcting.correct(
            actor=actor(request),
            number=number,
            who=who,
            said=form.particulars(),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except InvalidInputError as refused:
        for field, message in refused.fields.items():
            form.add_error(field, str(message))
        return page(request, application, person, form)
    except DomainError as refused:
        if refused.code not in STAYS:
            raise
        return page(request, application, person, form, refused)
    messages.success(request, _("The correction waits for a second person.") if waits else _("Corrected."))
    return redirect(_home(application), number=number)


def _home(application: Application) -> str:
    return "desk:intake_details" if application.state == State.DRAFT else "desk:case"


def page(
    request: StaffRequest,
    application: Application,
    person: Person,
    form: CorrectionForm,
    error: DomainError | None = None,
) -> HttpResponse:
    context = frame(request, application, timezone.now()) | {
        "form": form,
        "person": person,
        "needs_second": not may_be_corrected(person),
        "back": _home(application),
        "error": error,
    }
    status = error.status if error else 422 if form.errors else 200
    return render(request, "desk/case/particulars.html", context, status=status)


@dataclass(frozen=True)
class Line:
    """One field of a correction: its name, as on record, as the document says."""

    name: str
    before: str
    after: str


@staff_view(*DECIDERS_AND_DESK, methods=BOTH)
def judge(request: StaffRequest, number: str) -> HttpResponse:
    """The second person compares before and after with the scan; `step` is confirm or reject."""
    application = case_of(request, number)
    correction = correcting.waiting(application)
    if correction is None:
        return redirect(_home(application), number=number)
    if request.method != "POST":
        look(request, application, "particulars", timezone.now())
        return judging_page(request, application, correction)
    verb = correcting.reject if request.POST.get("step") == "reject" else correcting.confirm
    try:
        verb(actor=actor(request), number=number, correction_id=correction.pk, now=timezone.now())
    except DomainError as refused:
        if refused.code not in {*STAYS, "invalid"}:
            raise
        return judging_page(request, application, correction, refused)
    return redirect(_home(application), number=number)


def judging_page(
    request: StaffRequest, application: Application, correction: Correction, error: DomainError | None = None
) -> HttpResponse:
    context: dict[str, Any] = frame(request, application, timezone.now())
    documents = documents_of(application, context["needs"])
    context |= {
        "lines": lines(correction),
        "documents": documents,
        "current": proof(documents),
        "is_asker": request.user.pk == correction.asked_by_id,
        "error": error,
    }
    return render(request, "desk/case/judge_correction.html", context, status=error.status if error else 200)


def proof(documents: list[Shown]) -> Shown | None:
    """The scan to compare with: the identity document that was attached last, else any document, else None."""
    scans = [item for item in documents if item.document.requirement == IDENTITY]
    return next(iter([*reversed(scans), *documents]), None)


def lines(correction: Correction) -> list[Line]:
    """Before and after of each field, in the words of the form."""
    labels = {name: str(field.label) for name, field in CorrectionForm().fields.items()}
    return [
        Line(labels[name], _shown(name, before), _shown(name, after))
        for name, (before, after) in correction.changes.items()
    ]


def _shown(name: str, value: str) -> str:
    if name == "birth_date":
        return date_format(date.fromisoformat(value), "d.m.Y")
    if name == "citizenship":
        return country_name(value)
    if name == "sex":
        return str(SexChoice(value).label)
    return value or "—"
