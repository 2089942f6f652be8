"""Intake at the front desk: five steps, each saved as it is made; a closed browser loses nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import intake as verbs
from applications import lookup
from applications.checklist import checklist
from applications.errors import DomainError, InvalidInputError
from applications.models import Application, SurrenderOutcome
from applications.representation import keep_power_of_attorney
from applications.services import all_services, in_force_today, service_of
from applications.standards import Channel, DueAt, MetBy
from applications.states import State
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_forms import OpenForm
from desk.intake_page import aside, steps
from desk.pictures import keep_pictures
from desk.taking_in import things_of
from offices.models import Role
from people.identifiers import IdentifierError
from people.models import Organisation, Person
from registers.contract import Finding
from registers.findings import describe

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
    now = timezone.now()
    shown = {"application": application, "step": step, "steps": steps(application, step), **aside(application, now)}
    shown["subject_name"] = service_of(application).subject_name
    status = 422 if context.get("error") else 200
    return render(request, f"desk/intake/{step}.html", {**shown, **context}, status=status)


@staff_view(Role.FRONT_DESK)
def start(request: StaffRequest) -> HttpResponse:
    """Step one: which service, for whom."""
    drafts = (
        Application.objects.visible_to(request.user)
        .filter(state=State.DRAFT)
        .select_related("applicant_person", "applicant_organisation")
        .order_by("-created_at")[:12]
    )
    return first_step(request, OpenForm(), drafts=drafts)


def first_step(request: StaffRequest, form: OpenForm, **context: Any) -> HttpResponse:
    power = [form[name] for name in ("number", "issued_on", "expires_on")]
    shown = {"form": form, "power_fields": power, "steps": steps(None, "start")}
    return render(request, "desk/intake/start.html", {**shown, **context}, status=422 if "error" in context else 200)


@staff_view(Role.FRONT_DESK, methods=("POST",))
def look_up(request: StaffRequest) -> HttpResponse:
    """Ask the register who has this IIN or BIN; the answer arrives in the same place."""
    who = "representative" if request.POST.get("who") == "representative" else "applicant"
    typed = request.POST.get(f"{who}_identifier", "")
    try:
        token = lookup.start(actor=actor(request), identifier=typed, now=timezone.now())
    except IdentifierError as error:
        return render(request, "desk/intake/_found.html", {"who": who, "error": error.message})
    return render(request, "desk/intake/_found.html", {"who": who, "token": token, "found": lookup.follow(token)})


@staff_view(Role.FRONT_DESK)
def found(request: StaffRequest, who: str, token: str) -> HttpResponse:
    """Where a look-up stands: htmx asks until the register has answered."""
    result = lookup.follow(token)
    says = [describe_json(item) for item in result.says] if result else []
    context = {"who": who, "token": token, "found": result, "party": party_of(token), "says": says}
    return render(request, "desk/intake/_found.html", context)


def describe_json(finding: dict[str, Any]) -> str:
    return describe(Finding(finding["code"], finding["params"]))


def party_of(token: str) -> Person | Organisation | None:
    """The person or organisation that a look-up found."""
    result = lookup.follow(token)
    if result is None or result.state != "found":
        return None
    model: type[Person | Organisation] = Person if result.kind == "iin" else Organisation
    return model._default_manager.filter(pk=result.pk).first()


@staff_view(Role.FRONT_DESK, methods=("POST",))
def open_draft(request: StaffRequest) -> HttpResponse:
    """Open the draft, or show step one again with what is wrong and everything that was typed."""
    form = OpenForm(request.POST)
    try:
        application = opened(request, form)
    except InvalidInputError as error:
        return first_step(request, form, error=error, **parties(form))
    return redirect("desk:intake_details", number=application.number)


def parties(form: OpenForm) -> dict[str, Any]:
    """The found parties of a form that is shown again, so that nobody is looked up twice."""
    tokens = {who: form.data[who] for who in ("applicant", "representative") if form.data.get(who)}
    return {
        f"{who}_found": {"who": who, "token": token, "found": lookup.follow(token), "party": party_of(token)}
        for who, token in tokens.items()
    }


def opened(request: StaffRequest, form: OpenForm) -> Application:
    """The draft the form asks for. Raises InvalidInputError."""
    if not form.is_valid():
        raise InvalidInputError({name: str(errors[0]) for name, errors in form.errors.items()})
    data, now = form.cleaned_data, timezone.now()
    applicant = party_of(data["applicant"])
    if applicant is None:
        raise InvalidInputError({"applicant": _("Find the applicant by IIN or BIN first.")})
    representative, power = representation(data, applicant, now)
    return verbs.open_draft(
        actor=actor(request),
        service_code=service_with(data["subservice"]),
        subservice=data["subservice"],
        channel=Channel.FRONT_DESK,
        applicant=applicant,
        representative=representative,
        power_of_attorney=power,
        now=now,
    )


def representation(data: dict[str, Any], applicant: Person | Organisation, now: Any) -> tuple[Any, Any]:
    """The representative and their paper, or neither. An organisation always acts through somebody."""
    if not data["representative"]:
        if isinstance(applicant, Organisation):
            raise InvalidInputError({"representative": _("An organisation acts through a representative: find them.")})
        return None, None
    representative = party_of(data["representative"])
    if not isinstance(representative, Person):
        raise InvalidInputError({"representative": _("A representative is a person: find them by IIN.")})
    power = keep_power_of_attorney(
        grantor=applicant,
        representative=representative,
        number=data["number"],
        scope=data["scope"],
        issued_on=data["issued_on"],
        expires_on=data["expires_on"],
        now=now,
    )
    return representative, power


def service_with(subservice: str) -> str:
    """The code of the service a sub-service belongs to."""
    for service in all_services():
        if any(item.code == subservice for item in in_force_today(service).subservices):
            return service.code
    raise InvalidInputError({"subservice": _("There is no such service.")})


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
    step = request.GET.get("step", "details")
    context = {"application": application, "step": step, "steps": steps(application, step), **aside(application, now)}
    context["subject_name"] = service_of(application).subject_name
    if step == "review":
        context["problems"] = verbs.problems(application, now)
    return render(request, "desk/intake/_refreshed.html", context)
