"""Step one of intake: which service, for whom, and who acts for them by which paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import intake as verbs
from applications import lookup
from applications.errors import InvalidInputError
from applications.foreigners import keep_foreigner
from applications.models import Application
from applications.powers import keep_power_of_attorney
from applications.representation import is_child
from applications.services import all_services, in_force_today, service_of
from applications.standards import Channel
from applications.states import State
from desk.form_page import beside_fields
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_forms import LACKING, DocumentForm, OpenForm
from desk.intake_page import steps
from offices.models import Role
from people.identifiers import IdentifierError
from people.models import Capacity, Organisation, Person, PowerOfAttorney
from registers.contract import Finding
from registers.findings import describe

PARTIES = ("applicant", "representative")
# Whom the pages look up: the two parties at intake, and whoever receives the result.
LOOKED_UP = (*PARTIES, "receiver")


@staff_view(Role.FRONT_DESK)
def start(request: StaffRequest) -> HttpResponse:
    """Step one, with the drafts of this desk beside it."""
    drafts = (
        Application.objects.visible_to(request.user)
        .filter(state=State.DRAFT)
        .select_related("applicant_person", "applicant_organisation")
        .order_by("-created_at")[:12]
    )
    return first_step(request, OpenForm(), drafts=drafts)


def first_step(request: StaffRequest, form: OpenForm, **context: Any) -> HttpResponse:
    tokens = {who: form.data[who] for who in PARTIES if form.data.get(who)}
    shown = {
        "form": form,
        "steps": steps(None, "start"),
        "document_forms": {who: DocumentForm(prefix=who) for who in PARTIES},
        **{f"{who}_found": found_context(who, token) for who, token in tokens.items()},
        **acting_context(form, tokens),
    }
    return render(request, "desk/intake/start.html", {**shown, **context}, status=422 if "error" in context else 200)


@staff_view(Role.FRONT_DESK, methods=("POST",))
def look_up(request: StaffRequest) -> HttpResponse:
    """Ask the register who has this IIN or BIN; the answer arrives in the same place."""
    who = party_asked(request.POST.get("who", ""))
    typed = request.POST.get(f"{who}_identifier", "")
    try:
        token = lookup.start(actor=actor(request), identifier=typed, now=timezone.now())
    except IdentifierError as error:
        return render(request, "desk/intake/_found.html", {"who": who, "error": error.message})
    return render(request, "desk/intake/_found.html", {"who": who, "token": token, "found": lookup.follow(token)})


def party_asked(who: str) -> str:
    return who if who in LOOKED_UP else PARTIES[0]


@staff_view(Role.FRONT_DESK)
def found(request: StaffRequest, who: str, token: str) -> HttpResponse:
    """Where a look-up stands: htmx asks until the register has answered."""
    return told(render(request, "desk/intake/_found.html", found_context(party_asked(who), token)), token)


def told(answer: HttpResponse, token: str) -> HttpResponse:
    """The answer; once somebody is found, the page asks anew which paper is needed."""
    if party_of(token) is not None:
        answer.headers["HX-Trigger-After-Settle"] = "party-found"
    return answer


def found_context(who: str, token: str) -> dict[str, Any]:
    result, party, today = lookup.follow(token), party_of(token), timezone.localdate()
    says = [describe(Finding(item["code"], item["params"])) for item in result.says] if result else []
    context: dict[str, Any] = {"who": who, "token": token, "found": result, "party": party, "says": says}
    if who == "applicant" and isinstance(party, Person) and is_child(party, today):
        context |= {"age": party.age_on(today), "needs_consent": not is_child(party, today, Capacity.WITH_CONSENT)}
    return context


def party_of(token: str) -> Person | Organisation | None:
    """The person or organisation that a look-up found."""
    result = lookup.follow(token)
    if result is None or result.state != "found":
        return None
    model: type[Person | Organisation] = Organisation if result.kind == "bin" else Person
    return model._default_manager.filter(pk=result.pk).first()


@staff_view(Role.FRONT_DESK, methods=("POST",))
def by_document(request: StaffRequest, who: str) -> HttpResponse:
    """Keep somebody without an IIN as the document shown describes them; a mistake is named in its field."""
    who = party_asked(who)
    form = DocumentForm(request.POST, prefix=who)
    context: dict[str, Any] = {"who": who, "form": form}
    if form.is_valid():
        with beside_fields(form):
            person = keep_foreigner(actor=actor(request), particulars=form.particulars(), now=timezone.now())
            token = lookup.hold(person)
            context = {"who": who, "form": DocumentForm(prefix=who), "kept": found_context(who, token)}
            return told(render(request, "desk/intake/_by_document.html", context), token)
    form.fields[next(iter(form.errors))].widget.attrs["autofocus"] = True
    return render(request, "desk/intake/_by_document.html", context)


@staff_view(Role.FRONT_DESK, methods=("POST",))
def acting(request: StaffRequest) -> HttpResponse:
    """Which paper the representative needs, and those on record, once both parties are found.

    Changes nothing; what is typed so far travels in the body, because an address is written to logs.
    """
    form = OpenForm(initial={**request.POST.dict(), "scope": request.POST.getlist("scope")})
    tokens = {who: request.POST.get(who, "") for who in PARTIES}
    return render(request, "desk/intake/_acting.html", {"form": form, **acting_context(form, tokens)})


def acting_context(form: OpenForm, tokens: dict[str, str]) -> dict[str, Any]:
    """What _acting.html shows: whether the representative is the head, else the papers on record."""
    applicant, representative = (party_of(tokens.get(who, "")) for who in PARTIES)
    context: dict[str, Any] = {
        "power_fields": [form[name] for name in ("number", "issued_on", "expires_on")],
        "acting": None,
        "powers": [],
    }
    if applicant is None or not isinstance(representative, Person):
        return context
    context["acting"] = acts_as(applicant, representative, tokens.get("applicant", ""))
    context["powers"] = PowerOfAttorney.objects.between(applicant, representative).valid_on(timezone.localdate())
    context["representative_party"] = representative
    return context


def acts_as(applicant: Person | Organisation, representative: Person, applicant_token: str) -> str:
    """By which right somebody represents: "head" of the organisation, "legal" for a child, else by "power"."""
    if isinstance(applicant, Person) and is_child(applicant, timezone.localdate()):
        return "legal"
    return "head" if is_head(applicant_token, representative) else "power"


def is_head(applicant_token: str, representative: Person) -> bool:
    """Whether the register of legal entities just named the representative as the head of the organisation."""
    result = lookup.follow(applicant_token)
    return bool(result and result.head) and representative.iin == (result.head if result else "")


@staff_view(Role.FRONT_DESK, methods=("POST",))
def open_draft(request: StaffRequest) -> HttpResponse:
    """Open the draft, or show step one again with what is wrong and everything that was typed."""
    form = OpenForm(request.POST)
    try:
        application = opened(request, form)
    except InvalidInputError as error:
        return first_step(request, form, error=error)
    return redirect("desk:intake_details", number=application.number)


@transaction.atomic
def opened(request: StaffRequest, form: OpenForm) -> Application:
    """The draft the form asks for. Raises InvalidInputError, also for a paper that does not allow the deed."""
    if not form.is_valid():
        raise InvalidInputError({name: str(errors[0]) for name, errors in form.errors.items()})
    data, now = form.cleaned_data, timezone.now()
    applicant = party_of(data["applicant"])
    if applicant is None:
        raise InvalidInputError({"applicant": _("Find the applicant by IIN or BIN first.")})
    representative, power = representation(request, form, applicant, now)
    application = verbs.open_draft(
        actor=actor(request),
        service_code=service_with(data["subservice"]),
        subservice=data["subservice"],
        channel=Channel.FRONT_DESK,
        applicant=applicant,
        representative=representative,
        power_of_attorney=power,
        now=now,
    )
    refuse_wrong_representation(application)
    return application


def refuse_wrong_representation(application: Application) -> None:
    """What would bar the acceptance is said at once, while it can still be changed: who acts, and the paper's deeds."""
    problems = service_of(application).intake_problems(application)
    wrong = {name: problems[name] for name in ("representative",) if name in problems}
    if application.power_of_attorney is not None and "power_of_attorney" in problems:
        wrong["scope"] = problems["power_of_attorney"]
    if wrong:
        raise InvalidInputError(wrong)


def representation(
    request: StaffRequest, form: OpenForm, applicant: Person | Organisation, now: datetime
) -> tuple[Person | None, PowerOfAttorney | None]:
    """The representative and their paper, or neither. An organisation acts through its head or somebody it lets act."""
    data = form.cleaned_data
    if not data["representative"]:
        if isinstance(applicant, Organisation):
            raise InvalidInputError({"representative": _("An organisation acts through a representative: find them.")})
        return None, None
    representative = party_of(data["representative"])
    if not isinstance(representative, Person):
        raise InvalidInputError({"representative": _("A representative is a person: find them by IIN.")})
    if acts_as(applicant, representative, data["applicant"]) != "power":
        return representative, None
    return representative, paper(request, form, applicant, representative, now)


def paper(
    request: StaffRequest,
    form: OpenForm,
    applicant: Person | Organisation,
    representative: Person,
    now: datetime,
) -> PowerOfAttorney:
    """The paper chosen among those on record, or the one typed. Raises InvalidInputError."""
    data = form.cleaned_data
    if data["power"]:
        known = PowerOfAttorney.objects.between(applicant, representative).filter(pk=data["power"]).first()
        if known is None:
            raise InvalidInputError({"power": _("This paper is between other people. Choose again.")})
        return known
    lacking = {name: message for name, message in LACKING.items() if not data.get(name)}
    if lacking:
        raise InvalidInputError(lacking)
    return keep_power_of_attorney(
        actor=actor(request),
        grantor=applicant,
        representative=representative,
        number=data["number"],
        scope=data["scope"],
        issued_on=data["issued_on"],
        expires_on=data["expires_on"],
        now=now,
    )


def service_with(subservice: str) -> str:
    """The code of the service a sub-service belongs to."""
    for service in all_services():
        if any(item.code == subservice for item in in_force_today(service).subservices):
            return service.code
    raise InvalidInputError({"subservice": _("There is no such service.")})
