"""The administrator's page of exemptions from duties: whom the law exempts, from what, until when, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.errors import NotFoundError
from desk.form_page import beside_fields, form_page
from desk.guards import StaffRequest, actor, staff_view
from fees.exemptions import coverable, set_exemption
from fees.forms import ExemptionForm
from fees.models import Exemption
from offices.models import Role


@dataclass(frozen=True)
class Line:
    """An exemption with the names of the duties it covers."""

    exemption: Exemption
    covers: list[str]


@staff_view(Role.ADMINISTRATOR)
def exemptions(request: StaffRequest) -> HttpResponse:
    """Every exemption and what it covers; two queries whatever their number."""
    names = {item.code: item.name for item in coverable(timezone.localdate())}
    lines = [
        Line(item, [names.get(code, code) for code in item.applies_to])
        for item in Exemption.objects.select_related("edited_by").order_by("code")
    ]
    return render(request, "desk/exemptions.html", {"lines": lines})


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def exemption(request: StaffRequest, code: str) -> HttpResponseBase:
    """What one exemption covers, until when, with its place in the law."""
    row = Exemption.objects.filter(code=code).first()
    if row is None:
        raise NotFoundError
    form = ExemptionForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            set_exemption(actor=actor(request), code=code, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The exemption is saved. What is paid stays paid."))
            return redirect("desk:exemptions")
    return form_page(request, form, row.name, "desk:exemptions")
