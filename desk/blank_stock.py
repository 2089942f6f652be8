"""Entering blanks that came, said back before it is done."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.blank_kinds import KINDS
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.stock import BOTH, Confirmation, asked_twice, office_of
from desk.stock_forms import BlanksForm
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
