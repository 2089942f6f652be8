"""What the front desk types at intake before the service's own details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.services import all_services, in_force_today
from applications.standards import Channel
from people.models import Scope


def offered() -> list[tuple[str, str]]:
    """The sub-services a front desk can take in today, as (code, name), in the order of the standards."""
    return [
        (subservice.code, str(subservice.name))
        for service in all_services()
        for subservice in in_force_today(service).subservices
        if subservice.code in service.subservices_offered and Channel.FRONT_DESK in subservice.channels
    ]


class OpenForm(forms.Form):
    """The service, the applicant and, where somebody acts for them, the representative's paper."""

    applicant = forms.CharField(widget=forms.HiddenInput, label=_("Applicant"))
    representative = forms.CharField(widget=forms.HiddenInput, required=False, label=_("Representative"))
    number = forms.CharField(required=False, max_length=60, label=_("Number of the power of attorney"))
    issued_on = forms.DateField(
        required=False, label=_("Given on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expires_on = forms.DateField(
        required=False, label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scope = forms.MultipleChoiceField(
        required=False, choices=Scope.choices, label=_("Allows to"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = offered()
        self.fields["subservice"] = forms.ChoiceField(
            label=_("Service"), widget=forms.RadioSelect, choices=choices, initial=choices[0][0] if choices else None
        )

    def clean(self) -> dict[str, Any]:
        """A representative comes with the whole paper: number, dates, what it allows."""
        cleaned = super().clean() or {}
        if cleaned.get("representative"):
            for name in ("number", "issued_on", "expires_on", "scope"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed when somebody acts for the applicant."))
        return cleaned
