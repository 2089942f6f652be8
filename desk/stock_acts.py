"""Acts of writing plates and blanks off: drawn up by one person, confirmed by another, and then a signed paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import licensing.blanks
import registration.blanks
from applications.errors import NotFoundError
from applications.models import PaperState
from applications.papers import paper_response
from desk.form_page import beside_fields
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.stock import BOTH, office_of
from offices.access import offices_visible_to
from plates.models import DESTROYED_AS as PIECES
from plates.models import WRITTEN_OFF_AS as PLATES
from plates.models import Plate
from write_offs import acts as write_offs
from write_offs.models import WriteOffAct, WriteOffKind
from write_offs.paper import paper_of
from write_offs.stocks import Stock, stock_of

SHOWN = 50


@dataclass(frozen=True)
class Asked:
    """How the form asks for the things of a stock."""

    title: Promise
    example: Promise


_LIKE_A_BLANK = gettext_lazy("One on a line, or between commas: AB 00020001, AB 00020002.")
ASKED = {
    PLATES: Asked(
        gettext_lazy("Which plates are written off?"),
        gettext_lazy("One on a line, or between commas: 417 KZN 02, 418 KZN 02."),
    ),
    registration.blanks.WRITE_OFFS.code: Asked(gettext_lazy("Which SRTS blanks are written off?"), _LIKE_A_BLANK),
    licensing.blanks.WRITE_OFFS.code: Asked(gettext_lazy("Which licence blanks are written off?"), _LIKE_A_BLANK),
}


class WriteOffForm(forms.Form):
    """What became of which things of `stock`; the numbers may stand on lines or between commas."""

    kind = forms.ChoiceField(label=gettext_lazy("What became of them?"))
    numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A second person reads it before signing; it is printed on the act."),
    )

    def __init__(self, *args: Any, stock: Stock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((kind, WriteOffKind(kind).label) for kind in stock.became)]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices
        self.fields["numbers"].help_text = str(ASKED[stock.code].example)

    def clean_numbers(self) -> list[str]:
        """The numbers one by one."""
        return [item for item in self.cleaned_data["numbers"].replace(",", "\n").splitlines() if item.strip()]


@staff_view(*OFFICERS)
def acts(request: StaffRequest) -> HttpResponse:
    """The acts of one office, those that wait for a second person first."""
    office, offices = office_of(request)
    found = WriteOffAct.objects.filter(office=office).select_related("office", "drawn_up_by", "confirmed_by")
    rows = sorted(found[:SHOWN], key=lambda act: not act.is_open)
    context = {"office": office, "offices": offices, "acts": [(act, stock_of(act.stock).title) for act in rows]}
    return render(request, "desk/stock/acts.html", context)


@staff_view(*OFFICERS, methods=BOTH)
def draw_up(request: StaffRequest) -> HttpResponse:
    """A new act; nothing moves before somebody else confirms it."""
    office, _offices = office_of(request)
    stock = stock_of(request.GET.get("stock", PLATES))
    if stock.code not in ASKED:
        # Pieces are ticked where they are listed.
        return redirect("desk:production")
    # Numbers ticked in a list come in the body, too: an address is written to logs.
    is_begun = "begin" in request.POST
    numbers = "\n".join(request.POST.getlist("numbers"))
    form = WriteOffForm(None if is_begun else request.POST or None, initial={"numbers": numbers}, stock=stock)
    if form.is_valid():
        with beside_fields(form):
            named = {"office": office, "stock": stock.code, **form.cleaned_data}
            act = write_offs.draw_up(actor=actor(request), now=timezone.now(), **named)
            messages.success(request, _("Act %(number)s is drawn up. A second person confirms it.") % {"number": act})
            return redirect("desk:stock_act", act_id=act.pk)
    context = {"form": form, "title": ASKED[stock.code].title, "office": office, "button": _("Draw up the act")}
    status = 422 if form.errors else 200
    return render(request, "desk/stock/form.html", {**context, "back": reverse("desk:stock_acts")}, status=status)


@staff_view(*OFFICERS, methods=BOTH)
def act(request: StaffRequest, act_id: int) -> HttpResponse:
    """One act; a POST by a second person confirms it, and anybody of the office may drop it before that."""
    found = _act(request, act_id)
    if "print" in request.POST:
        write_offs.print_act(actor=actor(request), act_id=act_id, now=timezone.now())
        return redirect("desk:stock_act", act_id=act_id)
    if request.method == "POST":
        verb = write_offs.confirm if "confirm" in request.POST else write_offs.drop
        verb(actor=actor(request), act_id=act_id, now=timezone.now())
        messages.success(request, _("The act is closed."))
        return redirect("desk:stock_act", act_id=act_id)
    paper = paper_of(found) if found.confirmed_at is not None else None
    is_made = paper is not None and paper.state == PaperState.READY
    stock = stock_of(found.stock)
    things, is_on_plates = stock.listed(found), found.stock in {PLATES, PIECES}
    numbers = [item.number for item in things] if is_on_plates else []
    pages = dict(Plate.objects.filter(number__in=numbers).values_list("number", "pk"))
    context = {
        "act": found,
        "title": stock.title,
        "lines": [(item, pages.get(item.number)) for item in things],
        "is_on_plates": is_on_plates,
        "is_on_pieces": found.stock == PIECES,
        "paper": paper,
        "is_made": is_made,
        "is_mine": found.drawn_up_by_id == request.user.pk,
    }
    return render(request, "desk/stock/act.html", context)


@staff_view(*OFFICERS)
def act_paper(request: StaffRequest, act_id: int) -> HttpResponse:
    """The signed act as a PDF. Raises DomainError "paper_pending" while a worker still makes it."""
    paper = paper_of(_act(request, act_id))
    if paper is None:
        raise NotFoundError
    return paper_response(paper)


def _act(request: StaffRequest, act_id: int) -> WriteOffAct:
    related = ("office", "drawn_up_by", "confirmed_by", "dropped_by")
    acts_seen = WriteOffAct.objects.filter(office__in=offices_visible_to(request.user)).select_related(*related)
    found = acts_seen.filter(pk=act_id).first()
    if found is None:
        raise NotFoundError
    return found
