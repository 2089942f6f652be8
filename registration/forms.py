"""The desk's forms of a registration: what the front desk enters, and what the officer saw at the inspection."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of, standard_of
from applications.standards import Facts, MetBy, Requirement
from fees.models import Exemption
from fees.tariffs import in_force
from people.identifiers import SEPARATORS, IdentifierError, parse_vin
from registers.recycling import certificate_number
from registration.models import (
    Category,
    Colour,
    FactsSource,
    Fuel,
    InspectionResult,
    Marking,
    VehicleDetails,
)

OLDEST_YEAR = 1886
RECYCLING_DIGITS = 9


def requirement_of(application: Application, code: str, facts: Facts) -> Requirement | None:
    rules = standard_of(application).requirements_for(facts)
    return next((rule for rule in rules if rule.code == code), None)


def paper_passport_serves(application: Application, facts: Facts) -> bool:
    """Whether a scan of the paper passport is still admitted (before LAW-E1 and LAW-E2, or online by VR.8.3c)."""
    rule = requirement_of(application, "vehicle_passport", facts)
    return rule is not None and MetBy.SCAN in rule.met_by


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


# Django's forms take their type argument from type checkers only.
if TYPE_CHECKING:
    DetailsForm = forms.ModelForm[VehicleDetails]
else:
    DetailsForm = forms.ModelForm


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
        proof = requirement_of(application, "ownership_proof", facts)
        options = proof.options_for(facts.channel) if proof else []
        self.fields["ownership_proof"] = forms.ChoiceField(
            label=_("Proof of ownership"),
            choices=[("", "—"), *((option.code, option.name) for option in options)],
            required=False,
        )
        exemptions = Exemption.objects.filter(in_force(facts.on)).order_by("code")
        self.fields["exemption"] = forms.ChoiceField(
            label=_("Exemption from the plate duty"),
            choices=[("", _("none")), *((item.code, item.name) for item in exemptions)],
            required=False,
        )
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


def compact(text: str) -> str:
    """A number without separators, in upper case."""
    return SEPARATORS.sub("", text).upper()


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
