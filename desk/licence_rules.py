"""The administrator's pages about licences: what each category asks for, numbers and term of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.errors import NotFoundError
from desk.form_page import beside_fields, form_page
from desk.guards import StaffRequest, actor, staff_view
from licensing.administration import enter_form, enter_rule
from licensing.models import CategoryRule, LicenceCategory, LicenceForm
from offices.models import Role

BOTH = ("GET", "POST")


class SinceForm(forms.Form):
    """From which day, and where the law says so."""

    since = forms.DateField(
        label=gettext_lazy("From which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first day of the row corrects it; a later day begins a new row."),
    )
    source = forms.CharField(label=gettext_lazy("Where the law sets it"), max_length=300)


class CategoryForm(SinceForm):
    """Age and experience for a category; empty means that nobody knows, and blocks."""

    minimum_age = forms.IntegerField(label=gettext_lazy("Minimum age"), min_value=14, max_value=30, required=False)
    experience_years = forms.IntegerField(
        label=gettext_lazy("Years of driving"), min_value=0, max_value=20, required=False
    )
    special_category = forms.ModelChoiceField(
        LicenceCategory.objects.all(), label=gettext_lazy("Of them in category"), required=False, empty_label="—"
    )
    special_years = forms.IntegerField(
        label=gettext_lazy("Years in that category"), min_value=0, max_value=20, required=False
    )


class FormForm(SinceForm):
    """The pattern of the numbers and the term."""

    number_pattern = forms.CharField(
        label=gettext_lazy("Pattern of the number"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Letters and digits: [A-Z]{2}[0-9]{6} is two letters and six digits."),
    )
    example = forms.CharField(label=gettext_lazy("Example"), max_length=12, required=False)
    years_valid = forms.IntegerField(
        label=gettext_lazy("Term of validity, years"), min_value=1, max_value=50, required=False
    )


@staff_view(Role.ADMINISTRATOR)
def rules(request: StaffRequest) -> HttpResponse:
    """Every category with what it asks for, those that block first; then the forms of the licence."""
    found = list(CategoryRule.objects.select_related("category", "special_category").order_by("category__place"))
    context = {
        "missing": [rule for rule in found if not rule.is_complete and rule.valid_to is None],
        "rules": found,
        "forms": LicenceForm.objects.order_by("-valid_from"),
    }
    return render(request, "desk/licence_rules.html", context)


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def category(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Enter or change what a category asks for."""
    row = CategoryRule.objects.select_related("category").filter(pk=pk).first()
    if row is None:
        raise NotFoundError
    names = ("minimum_age", "experience_years", "special_category", "special_years", "source")
    initial = {**{name: getattr(row, name) for name in names}, "since": row.valid_from}
    form = CategoryForm(request.POST or None, initial=initial)
    title = f"{row.category_id} – {row.category.name}"
    return _kept(request, form, title, lambda: enter_rule(**_entered(request, form, pk)))


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def form(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Enter or change the pattern of the numbers and the term of validity."""
    row = LicenceForm.objects.filter(pk=pk).first()
    if row is None:
        raise NotFoundError
    names = ("number_pattern", "example", "years_valid", "source")
    initial = {**{name: getattr(row, name) for name in names}, "since": row.valid_from}
    filled = FormForm(request.POST or None, initial=initial)
    return _kept(request, filled, _("Form of the licence"), lambda: enter_form(**_entered(request, filled, pk)))


def _entered(request: StaffRequest, form: forms.Form, pk: int) -> dict[str, Any]:
    return {"actor": actor(request), "pk": pk, "now": timezone.now(), **form.cleaned_data}


def _kept(request: StaffRequest, form: forms.Form, title: str, keep: Callable[[], object]) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            keep()
            messages.success(request, _("Entered. New applications are judged by it from that day on."))
            return redirect("desk:licence_rules")
    return form_page(request, form, title, "desk:licence_rules")
