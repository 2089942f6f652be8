"""What an administrator enters about money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fees.exemptions import coverable
from fees.models import Exemption


class MonthlyIndexForm(forms.Form):
    """The index of further days in tenge; `valid_to` stays empty until the next one is known."""

    value = forms.DecimalField(label=_("Index, tenge"), max_digits=12, decimal_places=2)
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    basis = forms.CharField(label=_("Where the law sets it"), max_length=300)


class ExemptionForm(forms.Form):
    """Which duties an exemption covers and until when; whether it covers duplicates the law's text leaves open."""

    applies_to = forms.MultipleChoiceField(label=_("Covers"), widget=forms.CheckboxSelectMultiple)
    valid_to = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until the law changes."),
    )
    basis = forms.CharField(label=_("Where the law sets it"), max_length=300)

    def __init__(self, exemption: Exemption, data: Any = None) -> None:
        initial = {
            "applies_to": exemption.applies_to,
            "valid_to": exemption.valid_to,
            "basis": exemption.basis or str(exemption.citation),
        }
        super().__init__(data, initial=initial)
        duties = {item.code: item.name for item in coverable(timezone.localdate())}
        choices = {**{code: code for code in exemption.applies_to}, **duties}
        self.fields["applies_to"] = forms.MultipleChoiceField(
            label=_("Covers"), widget=forms.CheckboxSelectMultiple, choices=sorted(choices.items())
        )
