"""What the front desk enters for a primary registration (VR-1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from people.identifiers import IdentifierError, parse_vin
from registers.recycling import certificate_number
from registration.forms.details import DetailsForm, compact, ownership_proofs, plate_duty_exemptions
from registration.models import Category, Colour, FactsSource, Fuel, VehicleDetails
from registration.requirements import paper_passport_serves

OLDEST_YEAR = 1886
RECYCLING_DIGITS = 9


class VehicleForm(forms.Form):
    """The vehicle as its paper passport describes it; typed, and marked so, only while that passport serves."""

    category = forms.ChoiceField(label=_("Category"), choices=[("", "—"), *Category.choices], required=False)
    make = forms.CharField(label=_("Make"), max_length=60, required=False)
    model = forms.CharField(label=_("Model"), max_length=80, required=False)
    year = forms.IntegerField(label=_("Year of manufacture"), min_value=OLDEST_YEAR, required=False)
    colour = forms.ChoiceField(label=_("Colour"), choices=[("", "—"), *Colour.choices], required=False)
    body_type = forms.CharField(label=_("Body type"), max_length=60, required=False)
    engine_number = forms.CharField(label=_("Engine number"), max_length=30, required=False)
    engine_volume_cm3 = forms.IntegerField(label=_("Engine volume, cm³"), min_value=0, required=False)
    engine_power_kw = forms.DecimalField(
        label=_("Engine power, kW"), min_value=Decimal(0), max_digits=7, decimal_places=2, required=False
    )
    fuel = forms.ChoiceField(label=_("Fuel"), choices=[("", "—"), *Fuel.choices], required=False)
    is_electric = forms.BooleanField(label=_("Electric, not a hybrid"), required=False)
    is_hybrid = forms.BooleanField(label=_("Hybrid"), required=False)
    is_tractor_unit = forms.BooleanField(label=_("Tractor unit"), required=False)
    unladen_mass_kg = forms.IntegerField(label=_("Unladen mass, kg"), min_value=0, required=False)
    maximum_mass_kg = forms.IntegerField(label=_("Permitted maximum mass, kg"), min_value=0, required=False)
    ecological_class = forms.IntegerField(label=_("Ecological class"), min_value=0, max_value=6, required=False)
    special_marks = forms.CharField(label=_("Special marks"), max_length=300, required=False)


VEHICLE_FIELDS = tuple(VehicleForm.base_fields)
VEHICLE_TICKS = ("is_electric", "is_hybrid", "is_tractor_unit")


class PrimaryRegistrationForm(DetailsForm):
    """What is entered for VR-1. The vehicle itself is told by its electronic passport and is not among the fields then.

    A number typed in any spelling is stored in its compact form; another number drops the facts of the earlier one.
    """

    class Meta:
        model = VehicleDetails
        fields = [
            "vin",
            "has_no_vin",
            "body_number",
            "chassis_number",
            "passport_number",
            "recycling_certificate_number",
            "previous_owner_is_organisation",
            "altered_construction",
            "ownership_proof",
            "exemption",
        ]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        details: VehicleDetails = application.vehicle_details
        super().__init__(data, instance=details)
        facts = facts_of(application)
        # A VIN copied with spaces, or with letters too many, is judged by its own rule and not cut off in silence.
        self.fields["vin"] = forms.CharField(label=_("VIN"), max_length=40, required=False)
        self.fields["recycling_certificate_number"] = forms.CharField(
            label=_("Number of the recycling certificate"), max_length=20, required=False
        )
        self.fields["ownership_proof"] = ownership_proofs(application, facts)
        self.fields["exemption"] = plate_duty_exemptions(facts)
        self.types_vehicle = paper_passport_serves(application, facts) and details.facts_source != FactsSource.REGISTER
        if self.types_vehicle:
            typed = details.vehicle_facts if details.facts_source == FactsSource.TYPED else {}
            for name, field in VehicleForm().fields.items():
                self.fields[name] = field
                self.initial[name] = typed.get(name)

    @property
    def vehicle_fields(self) -> list[forms.BoundField]:
        """The typed fields of the vehicle, except the ticks."""
        return [self[name] for name in VEHICLE_FIELDS if name not in VEHICLE_TICKS] if self.types_vehicle else []

    @property
    def vehicle_ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in VEHICLE_TICKS] if self.types_vehicle else []

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

    def clean_passport_number(self) -> str:
        return compact(self.cleaned_data["passport_number"])

    def clean_recycling_certificate_number(self) -> str:
        text: str = self.cleaned_data["recycling_certificate_number"]
        if not text.strip():
            return ""
        number = certificate_number(text)
        if not (number.isdigit() and len(number) == RECYCLING_DIGITS):
            raise ValidationError(_("The number of a recycling certificate has nine digits, such as 026004099."))
        return number

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > timezone.localdate().year + 1:
            raise ValidationError(_("This year has not come yet."))
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("has_no_vin") and data.get("vin"):
            self.add_error("has_no_vin", _("There is a VIN above. Leave one of the two."))
        if data.get("has_no_vin") and not (data.get("body_number") or data.get("chassis_number")):
            self.add_error(
                "body_number", _("A vehicle without VIN is known by its body, chassis or frame number: enter it.")
            )
        return data

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the details; facts about a vehicle with another number go."""
        details = self.instance
        if {"vin", "body_number", "chassis_number", "passport_number"} & set(self.changed_data):
            details.vehicle_facts, details.facts_source = {}, FactsSource.NONE.value
        if self.types_vehicle:
            typed = self._typed()
            details.vehicle_facts = typed
            details.facts_source = FactsSource.TYPED.value if typed else FactsSource.NONE.value
        return super().save(commit)

    def _typed(self) -> dict[str, Any]:
        told = {name: self.cleaned_data.get(name) for name in VEHICLE_FIELDS}
        known = {name: value for name, value in told.items() if value not in (None, "", False)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in known.items()}
