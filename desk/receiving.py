"""Who receives the result: the applicant, their representative, or somebody else with a paper that allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.handover import receiver_problem, usual_receiver
from applications.models import Application
from applications.numbers import row_key
from applications.powers import keep_power_of_attorney
from applications.representation import is_head
from desk.applying import found_context, party_of
from desk.case import BOTH
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_forms import PAPER, DocumentForm, PaperForm
from offices.models import Role
from people.models import Person, PowerOfAttorney, Scope


@dataclass(frozen=True)
class Receiver:
    """Somebody who may be given the result: the choice's value, the person, their paper, what speaks against it."""

    value: str
    person: Person
    power: PowerOfAttorney | None
    problem: str


def receivers(application: Application, chosen: str, on: date) -> list[Receiver]:
    """Who applied, everybody with a power to receive on record, and whoever was just found."""
    found: dict[str, tuple[Person, PowerOfAttorney | None]] = {}
    usual = usual_receiver(application)
    for person in (usual, application.applicant_person):
        if person is not None:
            own = application.power_of_attorney if person == application.representative else None
            found.setdefault(f"person:{person.pk}", (person, own))
    powers = PowerOfAttorney.objects.granted_by(application.applicant).valid_on(on)
    for power in powers.filter(scope__contains=[Scope.RECEIVE]).select_related("representative").order_by("-pk")[:10]:
        if power != application.power_of_attorney:
            found[f"power:{power.pk}"] = (power.representative, power)
    if chosen and chosen not in found and (other := receiver_of(application, chosen)) is not None:
        found[chosen] = other
    return [
        Receiver(value, person, power, receiver_problem(application, person, power, on))
        for value, (person, power) in found.items()
    ]


def receiver_of(application: Application, value: str) -> tuple[Person, PowerOfAttorney | None] | None:
    """The person and paper behind a choice: "person:7", or "power:3" for its holder. None when there is no such."""
    kind, _colon, text = value.partition(":")
    pk = row_key(text) or 0
    if kind == "power":
        powers = PowerOfAttorney.objects.granted_by(application.applicant).select_related("representative")
        power = powers.filter(pk=pk).first()
        return (power.representative, power) if power is not None else None
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        return None
    return person, application.power_of_attorney if person == application.representative else None


@staff_view(Role.FRONT_DESK, methods=BOTH)
def other_receiver(request: StaffRequest, number: str) -> HttpResponse:
    """Find somebody else who came for the result, and keep the paper that lets them receive."""
    application = case_of(request, number)
    form = PaperForm(request.POST or None)
    if request.method != "POST":
        look(request, application, "hand-over", timezone.now())
        return page(request, application, form)
    try:
        value = kept(request, application, form)
    except InvalidInputError as error:
        return page(request, application, form, error)
    return redirect(reverse("desk:hand_over", args=[number]) + f"?receiver={value}")


def kept(request: StaffRequest, application: Application, form: PaperForm) -> str:
    """The choice for the person found, with their paper unless they are the head. Raises InvalidInputError."""
    person = party_of(request.POST.get("receiver", ""))
    if not isinstance(person, Person):
        raise InvalidInputError({"receiver": _("Find the person who came first.")})
    if is_head(application, person):
        return f"person:{person.pk}"
    if not form.is_valid():
        raise InvalidInputError({name: str(errors[0]) for name, errors in form.errors.items()})
    now = timezone.now()
    power = keep_power_of_attorney(
        actor=actor(request), grantor=application.applicant, representative=person, now=now, **form.cleaned_data
    )
    return f"power:{power.pk}"


def party_fields(request: StaffRequest, form: PaperForm) -> dict[str, Any]:
    """What desk/case/_party.html shows: who came, found by IIN or document, and the paper they act by."""
    token = request.POST.get("receiver", "")
    if form.is_bound and party_of(token) is None:
        # Whether a paper is needed is known once somebody is found; until then it is kept as typed and not judged.
        form = PaperForm(initial={name: form[name].value() for name in PAPER})
    return {
        "form": form,
        "power_fields": [form[name] for name in ("number", "issued_on", "expires_on")],
        "document_form": DocumentForm(prefix="receiver"),
        "receiver_found": found_context("receiver", token) if token else None,
    }


def page(
    request: StaffRequest, application: Application, form: PaperForm, error: InvalidInputError | None = None
) -> HttpResponse:
    context = frame(request, application, timezone.now()) | party_fields(request, form) | {"error": error}
    return render(request, "desk/case/receiver.html", context, status=422 if error else 200)
