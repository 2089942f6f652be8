"""Who stands by an application whose power of attorney was revoked: the applicant in person, or somebody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.models import Application
from applications.representation import is_power_revoked
from applications.services import service_of
from applications.states import UNDECIDED_STATES
from applications.upholding import uphold
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.intake_forms import PaperForm
from desk.receiving import kept, party_fields, receiver_of
from offices.models import Role
from people.models import Person, PowerOfAttorney

APPLICANT, OTHER = "applicant", "other"


@staff_view(Role.FRONT_DESK, methods=BOTH)
def stand_by(request: StaffRequest, number: str) -> HttpResponse:
    """Choose who stands by it: the applicant, somebody with a paper on record, or somebody whose paper is typed."""
    application = case_of(request, number)
    if application.state not in UNDECIDED_STATES or not is_power_revoked(application):
        return redirect("desk:case", number=number)
    form = PaperForm(request.POST or None)
    if request.method != "POST":
        look(request, application, "case", timezone.now())
        return page(request, application, form)
    try:
        representative, power = chosen(request, application, form)
        uphold(
            actor=actor(request),
            number=number,
            version=version_of(request),
            representative=representative,
            power=power,
            now=timezone.now(),
        )
    except InvalidInputError as error:
        return page(request, application, form, beside_the_choice(error))
    messages.success(request, _("Recorded. The officer can go on."))
    return redirect("desk:case", number=number)


def beside_the_choice(error: InvalidInputError) -> InvalidInputError:
    """What is wrong with who acts, said at the choice that was made; what was typed keeps its own field."""
    chosen_at = {"representative": "who", "power_of_attorney": "who"}
    return InvalidInputError({chosen_at.get(name, name): message for name, message in error.fields.items()})


def chosen(
    request: StaffRequest, application: Application, form: PaperForm
) -> tuple[Person | None, PowerOfAttorney | None]:
    """The representative and their paper; neither, for the applicant in person. Raises InvalidInputError."""
    value = request.POST.get("who", "")
    if value == APPLICANT:
        return None, None
    found = receiver_of(application, kept(request, application, form) if value == OTHER else value)
    if found is None:
        raise InvalidInputError({"who": _("Say who stands by the application.")})
    return found


def page(
    request: StaffRequest, application: Application, form: PaperForm, error: InvalidInputError | None = None
) -> HttpResponse:
    today = timezone.localdate()
    powers = PowerOfAttorney.objects.granted_by(application.applicant).valid_on(today)
    powers = powers.filter(scope__contains=[service_of(application).deed(application)])
    context = frame(request, application, timezone.now()) | {
        **party_fields(request, form),
        "powers": [(f"power:{item.pk}", item) for item in powers.select_related("representative").order_by("-pk")[:10]],
        "who": request.POST.get("who", ""),
        "error": error,
    }
    return render(request, "desk/case/stand_by.html", context, status=422 if error else 200)
