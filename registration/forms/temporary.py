"""What the front desk enters for a temporary registration and for its extension (VR-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from people.identifiers import IdentifierError, parse_vin
from registration.forms.details import DetailsForm, acts_of, compact, ownership_proofs, plate_duty_exemptions
from registration.forms.on_record import OnRecordForm
from registration.models import ActChoice, FactsSource, Registration, RegistrationKind, Vehicle, VehicleDetails

NOT_TEMPORARY = _(
    "This vehicle is registered without a term. What is registered for good is transferred or taken off the record "
    "under “Registration and deregistration” (VR-2)."
)
NOT_REGISTERED = _("This vehicle is not registered now, so there is no term to extend. Register it temporarily first.")


def term_field() -> forms.DateField:
    return forms.DateField(
        label=_("Registered until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: as long as the customs declaration allows."),
    )


def future_day(day: date | None) -> date | None:
    """Raise ValidationError for a term that would end before it began."""
    if day is not None and day <= timezone.localdate():
        raise ValidationError(_("A registration for a term ends on a day to come."))
    return day


class TemporaryForm(DetailsForm):
    """The vehicle by its number, the customs declaration, the term; customs tell the vehicle itself.

    Another number or another declaration drops what customs said of the earlier one.
    """

    act = ActChoice.REGISTRATION

    class Meta:
        model = VehicleDetails
        fields = [
            "vin",
            "has_no_vin",
            "body_number",
            "chassis_number",
            "customs_declaration",
            "valid_until",
            "ownership_proof",
            "exemption",
        ]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, instance=application.vehicle_details)
        # The form of another act was filled in until now: from here on the details are of this act.
        self.instance.act = self.act
        self.acts = acts_of(application)
        facts = facts_of(application)
        self.fields["vin"] = forms.CharField(label=_("VIN"), max_length=40, required=False)
        self.fields["valid_until"] = term_field()
        self.fields["ownership_proof"] = ownership_proofs(application, facts)
        self.fields["exemption"] = plate_duty_exemptions(facts)

    def clean_vin(self) -> str:
        text: str = self.cleaned_data["vin"]
        if not text.strip():
            return ""
        try:
            return parse_vin(text)
        except IdentifierError as error:
            raise ValidationError(error.message, code=error.code) from error

    def clean_body_number(self) -> str:
        return compact(self.cleaned_data["body_number"])

    def clean_chassis_number(self) -> str:
        return compact(self.cleaned_data["chassis_number"])

    def clean_customs_declaration(self) -> str:
        return str(self.cleaned_data["customs_declaration"]).strip()

    def clean_valid_until(self) -> date | None:
        return future_day(self.cleaned_data["valid_until"])

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the details of a temporary registration; the vehicle comes with customs' answer."""
        details = self.instance
        details.vehicle = details.registration = None
        details.plates_kept = False
        if {"vin", "body_number", "chassis_number", "customs_declaration"} & set(self.changed_data):
            details.vehicle_facts, details.facts_source = {}, FactsSource.NONE.value
            details.customs_until = None
        return super().save(commit)


class ExtensionForm(OnRecordForm):
    """The vehicle under a temporary registration, the declaration that allows it to stay longer, and the new term."""

    act = ActChoice.EXTENSION

    class Meta:
        model = VehicleDetails
        fields = ["found_by", "customs_declaration", "valid_until", "ownership_proof"]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(application, data)
        self.instance.act = self.act
        self.acts = acts_of(application)
        self.fields["valid_until"] = term_field()
        self.fields["ownership_proof"] = ownership_proofs(application, facts_of(application))

    def judge(self, vehicle: Vehicle, registration: Registration | None) -> None:
        if registration is None:
            raise ValidationError(NOT_REGISTERED, code="off_the_record")
        if registration.kind != RegistrationKind.TEMPORARY:
            raise ValidationError(NOT_TEMPORARY, code="not_temporary")

    def clean_customs_declaration(self) -> str:
        return str(self.cleaned_data["customs_declaration"]).strip()

    def clean_valid_until(self) -> date | None:
        return future_day(self.cleaned_data["valid_until"])

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the details of an extension; the plates stay on the vehicle."""
        details = self.instance
        details.plates_kept = True
        if {"found_by", "customs_declaration"} & set(self.changed_data):
            details.customs_until = None
        return super().save(commit)
