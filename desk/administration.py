"""The administrator's pages: accounts, offices, rates that the law's text left open, days that differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import administering
from applications.errors import DomainError, InvalidInputError, NotFoundError
from desk.guards import StaffRequest, actor, staff_view
from fees import tariffs as rates
from fees.models import Tariff
from offices.models import CalendarException, Office, Role, Staff


class ExceptionForm(forms.Form):
    """A day that works or rests against the printed calendar."""

    date = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("On this day offices"),
        choices=[("no", gettext_lazy("rest")), ("yes", gettext_lazy("work"))],
        coerce=lambda value: value == "yes",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    name_ru = forms.CharField(
        label=gettext_lazy("Name in Russian"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    name_kk = forms.CharField(
        label=gettext_lazy("Name in Kazakh"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    basis = forms.CharField(
        label=gettext_lazy("Legal basis"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )


@staff_view(Role.ADMINISTRATOR)
def staff(request: StaffRequest) -> HttpResponse:
    """Every account with its role and office."""
    accounts = Staff.objects.select_related("office").order_by("-is_active", "surname", "given_name")
    return render(request, "desk/staff.html", {"accounts": accounts})


@staff_view(Role.ADMINISTRATOR, methods=("POST",))
def staff_standing(request: StaffRequest, username: str) -> HttpResponseBase:
    """Dismiss or reinstate an account."""
    is_active = request.POST.get("standing") == "active"
    changed = administering.set_active(
        actor=actor(request), username=username, is_active=is_active, now=timezone.now()
    )
    said = _("%(name)s can sign in again.") if is_active else _("%(name)s can no longer sign in; open sessions are over.")
    messages.success(request, said % {"name": changed.full_name})
    return redirect("desk:staff")


@staff_view(Role.ADMINISTRATOR)
def offices(request: StaffRequest) -> HttpResponse:
    """Every office with its region, kind and hours."""
    found = Office.objects.select_related("region", "serves").order_by("code")
    return render(request, "desk/offices.html", {"offices": found})


@staff_view(Role.ADMINISTRATOR)
def tariffs(request: StaffRequest) -> HttpResponse:
    """Rates that block until somebody enters them, then all others."""
    filled = Tariff.objects.filter(rate__isnull=False).select_related("edited_by")
    return render(request, "desk/tariffs.html", {"empty": rates.to_fill(), "filled": filled})


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def tariff(request: StaffRequest, tariff_id: int) -> HttpResponseBase:
    """Enter or correct one rate, with the place in the law where it was read."""
    row = Tariff.objects.filter(pk=tariff_id).first()
    if row is None:
        raise NotFoundError
    context: dict[str, object] = {"tariff": row, "rate": "" if row.rate is None else row.rate, "basis": row.basis}
    if request.method == "GET":
        return render(request, "desk/tariff.html", context)
    typed, basis = request.POST.get("rate", "").strip().replace(",", "."), request.POST.get("basis", "")
    try:
        rates.set_rate(
            actor=actor(request), tariff_id=tariff_id, rate=_decimal(typed), basis=basis, now=timezone.now()
        )
    except InvalidInputError as error:
        context |= {"rate": typed, "basis": basis, "errors": error.fields}
        return render(request, "desk/tariff.html", context, status=error.status)
    messages.success(request, _("The rate is entered. Applications that waited for it are counted anew."))
    return redirect("desk:tariffs")


@staff_view(Role.ADMINISTRATOR, methods=("GET", "POST"))
def calendar(request: StaffRequest) -> HttpResponseBase:
    """Days that differ from the printed calendar, and a form for one more."""
    form = ExceptionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            administering.add_exception(
                actor=actor(request),
                day=data["date"],
                is_working=data["is_working"],
                names={name: data[name] for name in ("name_en", "name_ru", "name_kk")},
                basis=data["basis"],
                now=timezone.now(),
            )
        except InvalidInputError as error:
            for field, message in error.fields.items():
                form.add_error(field, message)
        else:
            messages.success(request, _("The day is entered. Terms promised before keep their due time."))
            return redirect("desk:calendar")
    context = {"form": form, "exceptions": CalendarException.objects.order_by("-date")}
    return render(request, "desk/calendar.html", context, status=422 if form.errors else 200)


@staff_view(Role.ADMINISTRATOR, methods=("POST",))
def calendar_remove(request: StaffRequest, day: str) -> HttpResponseBase:
    """Let the printed calendar hold again for a day."""
    try:
        administering.remove_exception(actor=actor(request), day=date.fromisoformat(day), now=timezone.now())
    except ValueError as error:
        raise DomainError("no_day", _("There is no such day."), status=404) from error
    messages.success(request, _("The printed calendar holds again for this day."))
    return redirect("desk:calendar")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidInputError({"rate": _("Type the rate as a number, for example 0.25.")}) from error
