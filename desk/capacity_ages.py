"""The administrator's pages of the ages from which people act for themselves (CC.22, CC.23)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.capacity_ages import set_age
from applications.errors import NotFoundError
from desk.form_page import beside_fields, form_page
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role
from people.models import LATEST_MAJORITY, CapacityAge


class AgeForm(forms.Form):
    """An age, and where the law sets it."""

    years = forms.IntegerField(label=gettext_lazy("From the age of, years"), min_value=1, max_value=LATEST_MAJORITY)
    source = forms.CharField(label=gettext_lazy("Where the law sets it"), max_length=200)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


@staff_view(Role.ADMINISTRATOR)
def ages(request: StaffRequest) -> HttpResponse:
    """Every age with its source."""
    return render(request, "desk/capacity_ages.html", {"ages": CapacityAge.objects.all()})


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def age(request: StaffRequest, code: str) -> HttpResponseBase:
    """Change one age."""
    row = CapacityAge.objects.filter(code=code).first()
    if row is None:
        raise NotFoundError
    form = AgeForm(request.POST or None, initial={"years": row.years, "source": row.source, "note": row.note})
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            set_age(actor=actor(request), code=code, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The age is entered. New applications are judged by it from now on."))
            return redirect("desk:capacity_ages")
    return form_page(request, form, row.get_code_display().capitalize(), "desk:capacity_ages")
