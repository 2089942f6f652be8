"""The administrator's pages: accounts, offices, days that differ, and rates that the law's text left open."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import administration
from applications.errors import InvalidInputError, NotFoundError
from desk.form_page import beside_fields, form_page
from desk.guards import StaffRequest, actor, staff_view
from fees import tariffs as rates
from fees.forms import MonthlyIndexForm
from fees.models import MonthlyIndex, Tariff
from offices.forms import CalendarExceptionForm, OfficeForm, PasswordForm, StaffForm
from offices.models import CalendarException, Office, Role, Staff

BOTH = ("GET", "POST")


@staff_view(Role.ADMINISTRATOR)
def staff(request: StaffRequest) -> HttpResponse:
    """Every account with its role and office, those out of service last."""
    accounts = Staff.objects.select_related("office").order_by("-is_active", "surname", "given_name")
    return render(request, "desk/staff.html", {"accounts": accounts})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def staff_account(request: StaffRequest, username: str = "") -> HttpResponseBase:
    """A new account, or one to change; unticking “active” ends its sessions with the next click."""
    account = _account(username) if username else Staff(language="ru")
    form = StaffForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            administration.save_staff(actor=actor(request), staff=account, now=timezone.now())
            messages.success(request, _("The account of %(name)s is saved.") % {"name": account.full_name})
            return redirect("desk:staff" if username else reverse("desk:staff_password", args=[account.username]))
    return form_page(request, form, account.full_name or gettext_lazy("New account"), "desk:staff")


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def staff_password(request: StaffRequest, username: str) -> HttpResponseBase:
    """A first or new password, handed over in person; every open session of the account ends."""
    account = _account(username)
    form = PasswordForm(request.POST or None, staff=account)
    if request.method == "POST" and form.is_valid():
        administration.set_password(
            actor=actor(request), staff=account, password=form.cleaned_data["password"], now=timezone.now()
        )
        messages.success(request, _("The password of %(name)s is set.") % {"name": account.full_name})
        return redirect("desk:staff")
    return form_page(request, form, _("Password of %(name)s") % {"name": account.full_name}, "desk:staff")


@staff_view(Role.ADMINISTRATOR)
def offices(request: StaffRequest) -> HttpResponse:
    """Every office with its region, kind and hours."""
    found = Office.objects.select_related("region", "serves").order_by("code")
    return render(request, "desk/offices.html", {"offices": found})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def office(request: StaffRequest, code: str = "") -> HttpResponseBase:
    """A new office, or the name, address and hours of one."""
    place = Office.objects.filter(code=code).first() if code else Office()
    if place is None:
        raise NotFoundError
    form = OfficeForm(request.POST or None, instance=place)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            administration.save_office(actor=actor(request), office=place, now=timezone.now())
            messages.success(request, _("The office is saved. Terms promised before keep their due time."))
            return redirect("desk:offices")
    return form_page(request, form, place.name if code else gettext_lazy("New office"), "desk:offices")


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def calendar(request: StaffRequest) -> HttpResponseBase:
    """Days that differ from the printed calendar, and a form for one more."""
    exception = CalendarException()
    form = CalendarExceptionForm(request.POST or None, instance=exception)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            administration.save_calendar_exception(actor=actor(request), exception=exception, now=timezone.now())
            messages.success(request, _("The day is entered. Terms promised before keep their due time."))
            return redirect("desk:calendar")
    context = {"form": form, "exceptions": CalendarException.objects.order_by("-date")}
    return render(request, "desk/calendar.html", context, status=422 if form.errors else 200)


@staff_view(Role.ADMINISTRATOR, methods=("POST",))
def calendar_remove(request: StaffRequest, exception_id: int) -> HttpResponseBase:
    """Let the printed calendar hold again for a day."""
    administration.remove_calendar_exception(actor=actor(request), exception_id=exception_id, now=timezone.now())
    messages.success(request, _("The printed calendar holds again for this day."))
    return redirect("desk:calendar")


@staff_view(Role.ADMINISTRATOR)
def tariffs(request: StaffRequest) -> HttpResponse:
    """Rates that block until somebody enters them, then all others."""
    filled = Tariff.objects.filter(rate__isnull=False)
    return render(request, "desk/tariffs.html", {"empty": rates.to_fill(), "filled": filled})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def tariff(request: StaffRequest, tariff_id: int) -> HttpResponseBase:
    """Enter or correct one rate, with the place in the law where it was read."""
    row = Tariff.objects.filter(pk=tariff_id).first()
    if row is None:
        raise NotFoundError
    context: dict[str, Any] = {"tariff": row, "rate": "" if row.rate is None else row.rate, "basis": row.basis}
    if request.method == "GET":
        return render(request, "desk/tariff.html", context)
    typed, basis = request.POST.get("rate", "").strip().replace(",", "."), request.POST.get("basis", "")
    try:
        rates.set_rate(actor=actor(request), tariff_id=tariff_id, rate=_decimal(typed), basis=basis, now=timezone.now())
    except InvalidInputError as error:
        context |= {"rate": typed, "basis": basis, "errors": error.fields}
        return render(request, "desk/tariff.html", context, status=error.status)
    messages.success(request, _("The rate is entered. Applications that waited for it are counted anew."))
    return redirect("desk:tariffs")


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def monthly_index(request: StaffRequest) -> HttpResponseBase:
    """The monthly calculation index by days, and a form for the next year's: without it nothing can be charged."""
    form = MonthlyIndexForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            rates.set_monthly_index(actor=actor(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The index is entered. Applications that waited for it are counted anew."))
            return redirect("desk:monthly_index")
    context = {"form": form, "indexes": MonthlyIndex.objects.order_by("-valid_from")}
    return render(request, "desk/monthly_index.html", context, status=422 if form.errors else 200)


def _account(username: str) -> Staff:
    account = Staff.objects.filter(username=username).first()
    if account is None:
        raise NotFoundError
    return account


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InvalidInputError({"rate": _("Type the rate as a number, for example 0.25.")}) from error
