"""The administrator's pages of plate layouts: which are missing, what each looks like, since when and by which law."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.errors import NotFoundError
from desk.form_page import beside_fields, form_page
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role
from plates.layouts import Layout, enter_layout
from plates.models import PlateFormat, RegionPlace

COLOURS = (
    ("white", gettext_lazy("white")),
    ("yellow", gettext_lazy("yellow")),
    ("red", gettext_lazy("red")),
    ("blue", gettext_lazy("blue")),
)


class LayoutForm(forms.Form):
    """A layout from a day on, and where it is written."""

    regex = forms.CharField(
        label=gettext_lazy("Pattern of the number"),
        max_length=180,
        help_text=gettext_lazy("Letters and digits: [A-Z]{2}[0-9]{6} is two letters and six digits."),
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    example = forms.CharField(
        label=gettext_lazy("A number that has this layout"),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    region_place = forms.ChoiceField(
        label=gettext_lazy("Where do the two digits of the region stand?"), choices=RegionPlace.choices
    )
    background = forms.ChoiceField(label=gettext_lazy("Colour of the plate"), choices=COLOURS)
    since = forms.DateField(
        label=gettext_lazy("From which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first day of the layout corrects it; a later day begins a new one."),
    )
    source = forms.CharField(label=gettext_lazy("Where it is written"), max_length=300)


@staff_view(Role.ADMINISTRATOR)
def formats(request: StaffRequest) -> HttpResponse:
    """Layouts that are issued now, those that are missing first; then the others. One query whatever their number."""
    found = list(PlateFormat.objects.select_related("edited_by").order_by("-is_current", "vehicle_kind", "code"))
    current = [item for item in found if item.is_current]
    context = {
        "missing": [item for item in current if not item.regex],
        "current": [item for item in current if item.regex],
        "others": [item for item in found if not item.is_current],
    }
    return render(request, "desk/stock/formats.html", context)


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def layout(request: StaffRequest, code: str) -> HttpResponseBase:
    """Enter a layout, correct it, or begin a new one."""
    row = PlateFormat.objects.filter(pk=code).first()
    if row is None:
        raise NotFoundError
    names = ("regex", "example", "region_place", "background", "source")
    initial = {**{name: getattr(row, name) for name in names}, "since": row.valid_from}
    form = LayoutForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            enter_layout(actor=actor(request), code=code, layout=Layout(**form.cleaned_data), now=timezone.now())
            messages.success(request, _("The layout is entered. Such plates can be received and issued now."))
            return redirect("desk:plate_formats")
    return form_page(request, form, capfirst(row.title), "desk:plate_formats")
