"""The administrator's page of terms: how long a number is stored for its holder, and held while it is paid."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.form_page import beside_fields
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role
from plates.models import PlateTerm, TermCode
from plates.terms import LONGEST, set_term


class PlateTermForm(forms.Form):
    """A length from a day on, and where it is written."""

    code = forms.ChoiceField(label=gettext_lazy("Which term?"), choices=TermCode.choices)
    amount = forms.IntegerField(label=gettext_lazy("Length"), min_value=1, max_value=LONGEST)
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(label=gettext_lazy("Where it is written"), max_length=300)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def plate_terms(request: StaffRequest) -> HttpResponse:
    """All terms by days, with their sources, and a form for a new one."""
    form = PlateTermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            set_term(actor=actor(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The term is entered. What is stored or held already keeps its own."))
            return redirect("desk:plate_terms")
    context = {"form": form, "terms": PlateTerm.objects.all()}
    return render(request, "desk/stock/terms.html", context, status=422 if form.errors else 200)
