"""Acts of writing plates off: drawn up by one person, confirmed by another, and then a signed paper."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.errors import NotFoundError
from applications.models import PaperState
from applications.papers import paper_response
from desk.form_page import beside_fields
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.stock import BOTH, office_of
from offices.access import offices_visible_to
from plates import write_offs
from plates.act_paper import paper_of
from plates.models import WriteOffAct, WriteOffKind

SHOWN = 50


class WriteOffForm(forms.Form):
    """What became of which plates; the numbers may stand on lines or between commas."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What became of the plates?"), choices=[("", "—"), *WriteOffKind.choices]
    )
    numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("One on a line, or between commas: 417 KZN 02, 418 KZN 02."),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A second person reads it before signing; it is printed on the act."),
    )

    def clean_numbers(self) -> list[str]:
        """The numbers one by one."""
        return [item for item in self.cleaned_data["numbers"].replace(",", "\n").splitlines() if item.strip()]


@staff_view(*OFFICERS)
def acts(request: StaffRequest) -> HttpResponse:
    """The acts of one office, those that wait for a second person first."""
    office, offices = office_of(request)
    found = WriteOffAct.objects.filter(office=office).select_related("office", "drawn_up_by", "confirmed_by")
    rows = sorted(found[:SHOWN], key=lambda act: not act.is_open)
    context = {"office": office, "offices": offices, "acts": rows}
    return render(request, "desk/stock/acts.html", context)


@staff_view(*OFFICERS, methods=BOTH)
def draw_up(request: StaffRequest) -> HttpResponse:
    """A new act; nothing moves before somebody else confirms it."""
    office, _offices = office_of(request)
    numbers = "\n".join(request.GET.getlist("numbers"))
    form = WriteOffForm(request.POST or None, initial={"numbers": numbers, "kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            act = write_offs.draw_up(actor=actor(request), office=office, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Act %(number)s is drawn up. A second person confirms it.") % {"number": act})
            return redirect("desk:stock_act", act_id=act.pk)
    context = {"form": form, "title": gettext_lazy("Which plates are written off?"), "office": office}
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
    context = {"act": found, "lines": _lines(found), "paper": paper, "is_made": is_made}
    context["is_mine"] = found.drawn_up_by_id == request.user.pk
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


def _lines(found: WriteOffAct) -> list[str]:
    return list(found.lines.order_by("plate__number").values_list("plate__number", flat=True))
