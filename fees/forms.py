"""What an administrator enters about money."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MonthlyIndexForm(forms.Form):
    """The index of further days in tenge; `valid_to` stays empty until the next one is known."""

    value = forms.DecimalField(label=_("Index, tenge"), max_digits=12, decimal_places=2)
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    basis = forms.CharField(label=_("Where the law sets it"), max_length=300)
