"""What the forms about a vehicle share: their base and the fields that the standard and the tariffs fill."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.standards import Facts
from fees.models import Exemption
from fees.tariffs import in_force
from people.identifiers import SEPARATORS
from registration.models import ActChoice, VehicleDetails
from registration.requirements import requirement_of
from registration.standard import facts as named

# Django's forms take their type argument from type checkers only.
if TYPE_CHECKING:
    DetailsForm = forms.ModelForm[VehicleDetails]
else:
    DetailsForm = forms.ModelForm


def acts_of(application: Application) -> list[tuple[str, Any]]:
    """The acts that can be asked for; only a temporary registration has a term to extend."""
    is_temporary = application.subservice == named.TEMPORARY
    return [(value, label) for value, label in ActChoice.choices if is_temporary or value != ActChoice.EXTENSION]


def ownership_proofs(application: Application, facts: Facts) -> forms.ChoiceField:
    """The forms of proof that the channel admits (LAW-O1)."""
    proof = requirement_of(application, "ownership_proof", facts)
    options = proof.options_for(facts.channel) if proof else []
    return forms.ChoiceField(
        label=_("Proof of ownership"),
        choices=[("", "—"), *((option.code, option.name) for option in options)],
        required=False,
    )


def plate_duty_exemptions(facts: Facts) -> forms.ChoiceField:
    """The exemptions of the day; asked for once they are looked at, since a form is filled more often than shown."""

    @cache
    def choices() -> list[tuple[str, Any]]:
        exemptions = Exemption.objects.filter(in_force(facts.on)).order_by("code")
        return [("", _("none")), *((item.code, item.name) for item in exemptions)]

    return forms.ChoiceField(label=_("Exemption from the plate duty"), choices=choices, required=False)


def compact(text: str) -> str:
    """A number without separators, in upper case."""
    return SEPARATORS.sub("", text).upper()
