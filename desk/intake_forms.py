"""What the front desk types at intake before the service's own details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.foreigners import Particulars
from applications.services import all_services, in_force_today
from applications.standards import Channel
from people.countries import HOME, country_name, foreign
from people.models import Scope, SexChoice


def offered() -> list[tuple[str, str]]:
    """The sub-services a front desk can take in today, as (code, name), in the order of the standards."""
    return [
        (subservice.code, str(subservice.name))
        for service in all_services()
        for subservice in in_force_today(service).subservices
        if subservice.code in service.subservices_offered and Channel.FRONT_DESK in subservice.channels
    ]


# What is said where a paper is needed and a part of it was not typed.
LACKING = {
    "number": _("Enter the number of the power of attorney."),
    "issued_on": _("Enter the day on which it was given."),
    "expires_on": _("Enter the last day on which it holds."),
    "scope": _("Tick what the power of attorney allows."),
}


class PaperForm(forms.Form):
    """A power of attorney as shown."""

    number = forms.CharField(max_length=60, label=_("Number of the power of attorney"))
    issued_on = forms.DateField(label=_("Given on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    expires_on = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scope = forms.MultipleChoiceField(choices=Scope.choices, label=_("Allows to"), widget=forms.CheckboxSelectMultiple)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in LACKING.items():
            self.fields[name].error_messages["required"] = message


PAPER = tuple(PaperForm.base_fields)


class OpenForm(PaperForm):
    """The service, the applicant and, where somebody acts for them, the representative's paper."""

    applicant = forms.CharField(
        widget=forms.HiddenInput,
        label=_("Applicant"),
        error_messages={"required": _("Find the applicant by IIN or BIN first.")},
    )
    representative = forms.CharField(widget=forms.HiddenInput, required=False, label=_("Representative"))
    # A paper on record instead of one typed.
    power = forms.IntegerField(required=False, widget=forms.HiddenInput, label=_("Power of attorney"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whether a paper is needed is known once both parties are.
        for name in PAPER:
            self.fields[name].required = False
        choices = offered()
        self.fields["subservice"] = forms.ChoiceField(
            label=_("Service"), widget=forms.RadioSelect, choices=choices, initial=choices[0][0] if choices else None
        )


class DocumentForm(forms.Form):
    """Somebody without an IIN, as the document shown describes them."""

    use_required_attribute = False

    document_number = forms.CharField(label=_("Document number"), max_length=40)
    surname = forms.CharField(label=_("Surname"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=100, required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *SexChoice.choices])
    address = forms.CharField(label=_("Address in Kazakhstan"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["citizenship"] = forms.ChoiceField(
            label=_("Citizenship"), choices=[("", "—"), (HOME, country_name(HOME)), *foreign()]
        )
        self.order_fields(["citizenship", "document_number"])

    def particulars(self) -> Particulars:
        """What a valid form says."""
        return Particulars(**{name: self.cleaned_data[name] for name in Particulars.__dataclass_fields__})


class CorrectionForm(DocumentForm):
    """The same particulars typed over, and why: a second person reads the reason."""

    reason = forms.CharField(
        label=_("What was mistyped, and what it was compared with"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
