"""Intake at the front desk, steps two to five, each saved as it is made; a closed browser loses nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import intake as verbs
from applications.checklist import checklist
from applications.errors import DomainError, InvalidInputError
from applications.models import Application, SurrenderOutcome
from applications.services import service_of
from applications.standards import DueAt, MetBy
from applications.states import State
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_page import PANELS, surroundings
from desk.pictures import keep_pictures
from desk.taking_in import things_of
from offices.models import Role

BOTH = ("GET", "HEAD", "POST")


def draft(request: StaffRequest, number: str) -> Application:
    """The draft, if it is one of this front desk's. Raises DomainError when it is not, or no longer a draft."""
    application = (
        Application.objects.visible_to(request.user)
        .select_related("office", "applicant_person", "applicant_organisation", "representative", "power_of_attorney")
        .prefetch_related("checks")
        .filter(number=number)
        .first()
    )
    if application is None:
        raise DomainError("not_found", _("There is no such draft at your desk."), status=404)
    return application


def page(request: StaffRequest, application: Application, step: str, **context: Any) -> HttpResponse:
    """One step with the steps on its left and what the law and the treasury ask on its right."""
    if application.state != State.DRAFT:
        return redirect("desk:intake_accepted", number=application.number)
    shown = surroundings(application, step, PANELS.get(step, ""), timezone.now())
    shown["subject_name"] = service_of(application).subject_name
    status = 422 if context.get("error") else 200
    return render(request, f"desk/intake/{step}.html", {**shown, **context}, status=status)


@staff_view(Role.FRONT_DESK, methods=BOTH)
def details(request: StaffRequest, number: str) -> HttpResponse:
    """Step two: the service's own details; saving asks the registers what the new data allow."""
    application = draft(request, number)
    service = service_of(application)
    template = service.details_template(application)
    if request.method != "POST":
        return page(request, application, "details", form=service.details_form(application), template=template)
    form = service.details_form(application, request.POST)
    chosen = service.details_template(application)
    try:
        verbs.save_details(actor=actor(request), number=number, version=None, data=request.POST, now=timezone.now())
        keep_pictures(request, number)
    except InvalidInputError as error:
        return page(request, application, "details", form=form, template=chosen, error=error)
    if "stay" in request.POST or chosen != template:
        return redirect("desk:intake_details", number=number)
    return redirect("desk:intake_documents", number=number)


@staff_view(Role.FRONT_DESK)
def documents(request: StaffRequest, number: str) -> HttpResponse:
    """Step three: a scan for each requirement that a scan can meet."""
    return documents_page(request, draft(request, number))


def documents_page(request: StaffRequest, application: Application, **context: Any) -> HttpResponse:
    """The scans, and the things that have to be in before the decision."""
    needs = checklist(application, timezone.now(), DueAt.SUBMISSION, DueAt.DECISION)
    wanted = {need.requirement.code for need in needs if MetBy.SURRENDER in need.requirement.met_by}
    things = things_of(application, wanted) if wanted else []
    return page(request, application, "documents", things=things, outcomes=SurrenderOutcome.choices, **context)


@staff_view(Role.FRONT_DESK, methods=("POST",))
def attach(request: StaffRequest, number: str) -> HttpResponse:
    """Attach one or several files to a requirement; a bad one is named, the good ones stay."""
    application = draft(request, number)
    requirement = request.POST.get("requirement", "")
    wrong: dict[str, Any] = {}
    for upload in request.FILES.getlist("upload"):
        try:
            verbs.attach(
                actor=actor(request), number=number, requirement=requirement, upload=upload, now=timezone.now()
            )
        except InvalidInputError as error:
            wrong[requirement] = f"{upload.name}: {next(iter(error.fields.values()))}"
    if not request.FILES:
        wrong[requirement] = _("Choose a file first.")
    if wrong:
        return documents_page(request, application, error=InvalidInputError(wrong))
    return redirect(reverse("desk:intake_documents", args=[number]) + f"#need-{requirement}")


@staff_view(Role.FRONT_DESK, methods=("POST",))
def remove(request: StaffRequest, number: str, document: int) -> HttpResponse:
    verbs.remove(actor=actor(request), number=number, document_id=document, now=timezone.now())
    return redirect("desk:intake_documents", number=number)


@staff_view(Role.FRONT_DESK)
def payment(request: StaffRequest, number: str) -> HttpResponse:
    """Step four: what is due and where it is paid. Nothing can be typed here: payments come from the gateway."""
    return page(request, draft(request, number), "payment")


@staff_view(Role.FRONT_DESK, methods=BOTH)
def review(request: StaffRequest, number: str) -> HttpResponse:
    """Step five: everything once more, then accept – and the clock starts."""
    application = draft(request, number)
    now = timezone.now()
    if request.method != "POST":
        return page(request, application, "review", problems=verbs.problems(application, now))
    try:
        verbs.submit(actor=actor(request), number=number, version=None, now=now)
    except DomainError as error:
        if error.code not in {"incomplete", "second_open"}:
            raise
        return page(request, draft(request, number), "review", problems=error.fields, error=error)
    messages.success(request, _("Accepted. The receipt is being made."))
    return redirect("desk:intake_accepted", number=number)


@staff_view(Role.FRONT_DESK)
def accepted(request: StaffRequest, number: str) -> HttpResponse:
    """After acceptance: the number, the due time and the receipt to hand out."""
    application = draft(request, number)
    if application.state == State.DRAFT:
        return redirect("desk:intake_details", number=number)
    receipt = application.papers.filter(kind="receipt", standing="valid").first()
    name = service_of(application).subject_name
    context = {"application": application, "receipt": receipt, "subject_name": name}
    return render(request, "desk/intake/accepted.html", context)


@staff_view(Role.FRONT_DESK)
def refreshed(request: StaffRequest, number: str) -> HttpResponse:
    """The right-hand panels again, only when the draft has changed since the page was made."""
    application = draft(request, number)
    if request.GET.get("version") == str(application.version):
        return HttpResponse(status=204)
    if application.state != State.DRAFT:
        return HttpResponse(headers={"HX-Redirect": reverse("desk:intake_accepted", args=[number])})
    now = timezone.now()
    panel = request.GET.get("panel", "")
    context = surroundings(application, request.GET.get("step", "details"), panel, now)
    if panel == PANELS["review"]:
        context["problems"] = verbs.problems(application, now)
    return render(request, "desk/intake/_refreshed.html", context)
