"""The inspection act: what the officer saw, entered in the order one walks around a car."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from desk.case import BOTH, version_of
from desk.case_page import case_of, frame, look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from registration.acts import vehicle_of
from registration.forms.inspection import InspectionForm
from registration.inspecting import record_inspection
from registration.models import InspectionAct


@staff_view(*OFFICERS, methods=BOTH)
def inspection(request: StaffRequest, number: str) -> HttpResponse:
    """Record the act, or record it anew while nothing is decided; what was typed stays when something is missing."""
    if request.method != "POST":
        return page(request, number)
    try:
        record_inspection(
            actor=actor(request), number=number, version=version_of(request), data=request.POST, now=timezone.now()
        )
    except InvalidInputError as error:
        return page(request, number, error)
    messages.success(request, _("The inspection is recorded. The act is being printed."))
    return redirect("desk:case", number=number)


def page(request: StaffRequest, number: str, error: InvalidInputError | None = None) -> HttpResponse:
    """The form beside the numbers of the papers that the vehicle is compared with."""
    now = timezone.now()
    application = case_of(request, number)
    look(request, application, "inspection", now)
    act = InspectionAct.objects.filter(application=application).select_related("inspected_by").first()
    form = InspectionForm(request.POST) if error else InspectionForm(initial=before(act))
    vehicle = vehicle_of(application)
    numbers = {
        "vin_matches": vehicle.vin,
        "body_matches": " / ".join(part for part in (vehicle.body_number, vehicle.chassis_number) if part),
        "engine_matches": vehicle.engine_number,
    }
    context = {
        **frame(request, application, now),
        "form": form,
        "error": error,
        "act": act,
        "vehicle": vehicle,
        "compared": [(form[name], numbers[name]) for name in form.compared],
    }
    return render(request, "desk/case/inspection.html", context, status=error.status if error else 200)


def before(act: InspectionAct | None) -> dict[str, object]:
    """What an earlier act says, in the words of the form; a vehicle is shown unless somebody says otherwise."""
    if act is None:
        return {"was_shown": "yes", "marking": "intact"}
    words = {True: "yes", False: "no", None: ""}
    answers: dict[str, object] = {name: words[getattr(act, name)] for name in ("was_shown", *InspectionForm.compared)}
    return {**answers, "marking": act.marking, "remarks": act.remarks, "remarks_kk": act.remarks_kk}
