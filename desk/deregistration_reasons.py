"""The administrator's pages about the reasons of a deregistration (VR.5b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from offices.models import Role
from registration.models import DeregistrationReason
from registration.reasons import KEPT, keep_reason

BOTH = ("GET", "POST")

if TYPE_CHECKING:
    ReasonModelForm = forms.ModelForm[DeregistrationReason]
else:
    ReasonModelForm = forms.ModelForm


class ReasonForm(ReasonModelForm):
    """A reason; its code is chosen once, because entries of the register name it."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=32)

    class Meta:
        model = DeregistrationReason
        fields = KEPT
        labels = {"source": gettext_lazy("Where it comes from")}

    field_order = ("code", *KEPT)


@staff_view(Role.ADMINISTRATOR)
def reasons(request: StaffRequest) -> HttpResponse:
    """Every reason in the order in which intake offers them."""
    return render(request, "desk/deregistration_reasons.html", {"reasons": DeregistrationReason.objects.all()})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def reason(request: StaffRequest, code: str = "") -> HttpResponseBase:
    """Enter a new reason, or change one."""
    row = DeregistrationReason.objects.filter(pk=code).first()
    if code and row is None:
        raise NotFoundError
    form = ReasonForm(request.POST or None, instance=row, initial={"code": code})
    if code:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in KEPT}
        with beside_fields(form):
            keep_reason(actor=actor(request), code=form.cleaned_data["code"], values=values, now=timezone.now())
            messages.success(request, _("Entered."))
            return redirect("desk:deregistration_reasons")
    title = str(row) if row is not None else _("New reason")
    return form_page(request, form, title, "desk:deregistration_reasons")
