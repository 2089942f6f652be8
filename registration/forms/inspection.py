"""What the officer saw at the inspection of a vehicle (VR.8.1j, VR.9.9)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.models import InspectionResult, Marking

YES_NO = [("yes", _("yes")), ("no", _("no"))]


def _as_bool(value: str) -> bool:
    return value == "yes"


class InspectionForm(forms.Form):
    """What the officer saw. Nothing is compared when nothing was shown; what is wrong is described."""

    was_shown = forms.TypedChoiceField(label=_("The vehicle was shown"), choices=YES_NO, coerce=_as_bool)
    marking = forms.ChoiceField(label=_("Marking of the numbered units"), choices=Marking.choices, required=False)
    vin_matches = forms.TypedChoiceField(
        label=_("VIN agrees with the papers"), choices=YES_NO, coerce=_as_bool, required=False, empty_value=None
    )
    body_matches = forms.TypedChoiceField(
        label=_("Body and chassis numbers agree with the papers"),
        choices=YES_NO,
        coerce=_as_bool,
        required=False,
        empty_value=None,
    )
    engine_matches = forms.TypedChoiceField(
        label=_("Engine number agrees with the papers"),
        choices=YES_NO,
        coerce=_as_bool,
        required=False,
        empty_value=None,
    )
    remarks = forms.CharField(label=_("Remarks in Russian"), widget=forms.Textarea, max_length=2000, required=False)
    remarks_kk = forms.CharField(label=_("Remarks in Kazakh"), widget=forms.Textarea, max_length=2000, required=False)

    compared = ("vin_matches", "body_matches", "engine_matches")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "was_shown" not in data:
            return data
        if not data["was_shown"]:
            data.update(marking="", **dict.fromkeys(self.compared))
        else:
            for name in ("marking", *self.compared):
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("Say what you saw."))
        if not self.errors and self.result in PROBLEMS and not data["remarks"].strip():
            self.add_error("remarks", _("Describe what is wrong: the applicant reads it."))
        return data

    @property
    def result(self) -> InspectionResult:
        """What follows from what was seen (VR.9.9)."""
        data = self.cleaned_data
        if not data["was_shown"]:
            return InspectionResult.NOT_SHOWN
        if data["marking"] != Marking.INTACT:
            return InspectionResult.NOT_IDENTIFIABLE
        agrees = all(data[name] for name in self.compared)
        return InspectionResult.IDENTIFIED if agrees else InspectionResult.DIFFERS


PROBLEMS = frozenset({InspectionResult.DIFFERS, InspectionResult.NOT_IDENTIFIABLE})
