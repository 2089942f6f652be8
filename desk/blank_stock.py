"""Entering blanks that came and writing off spoiled ones, each said back before it is done."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.blank_kinds import KINDS
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.stock import BOTH, Confirmation, asked_twice, office_of
from desk.stock_forms import BlanksForm, SpoiledForm
from offices.models import Office


@staff_view(*OFFICERS, methods=BOTH)
def receive_blanks(request: StaffRequest, kind: str = "srts") -> HttpResponseBase:
    """Enter a series of blanks of a kind; what will be entered is said back before it is done."""
    office, _offices = office_of(request)
    stock = KINDS[kind].stock
    form = BlanksForm(request.POST or None, office=office, stock=stock)

    def receive() -> Confirmation:
        numbers = form.cleaned_data["numbers"]
        stock.receive(actor=actor(request), office=office, first=numbers[0], count=len(numbers), now=timezone.now())
        return _blanks_said(office, numbers)

    return asked_twice(request, office, form, gettext_lazy("Which blanks have come?"), receive)


@staff_view(*OFFICERS, methods=BOTH)
def spoil_blank(request: StaffRequest, kind: str = "srts") -> HttpResponseBase:
    """Write a blank off as spoiled; its number is repeated first, because it cannot be undone."""
    office, _offices = office_of(request)
    stock = KINDS[kind].stock
    form = SpoiledForm(request.POST or None, office=office, stock=stock)

    def spoil() -> Confirmation:
        number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
        stock.spoil(actor=actor(request), number=number, reason=reason, now=timezone.now())
        return _spoiled_said(number, reason)

    return asked_twice(request, office, form, gettext_lazy("Which blank is spoiled?"), spoil)


def _blanks_said(office: Office, numbers: list[str]) -> Confirmation:
    count = len(numbers)
    return Confirmation(
        question=gettext_lazy("Is this what has come?"),
        sentence=ngettext(
            "%(n)d blank enters the stock: %(office)s.", "%(n)d blanks enter the stock: %(office)s.", count
        )
        % {"n": count, "office": office.name},
        button=_("Enter into the stock"),
        done=ngettext("%(n)d blank is in the stock now.", "%(n)d blanks are in the stock now.", count) % {"n": count},
        kind="blank",
        first=numbers[0],
        last=numbers[-1] if count > 1 else "",
    )


def _spoiled_said(number: str, reason: str) -> Confirmation:
    return Confirmation(
        question=gettext_lazy("Write this blank off?"),
        sentence=_("It is counted as spoiled and never issued. This cannot be undone."),
        button=_("Write off %(number)s") % {"number": number},
        done=_("Blank %(number)s is written off as spoiled.") % {"number": number},
        kind="blank",
        first=number,
        notes=[reason],
        is_final=True,
    )
