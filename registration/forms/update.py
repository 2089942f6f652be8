"""What the front desk enters for an update of recorded data (VR-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from people.identifiers import IdentifierError, parse_vin
from registration import on_record
from registration.changes import differences, of_owner, plain, replaces_certificate
from registration.forms.details import compact, ownership_proofs
from registration.forms.on_record import OnRecordForm
from registration.forms.primary import VEHICLE_TICKS, VehicleForm
from registration.models import Registration, Vehicle, VehicleDetails
from registration.standard import updating
from registration.standard.updating import REASONS, UpdateReason

NUMBERS = ("body_number", "chassis_number", "engine_number", "passport_number")
# What a vehicle on record cannot be without.
NEEDED = ("category", "make", "model", "year", "colour", "fuel", "unladen_mass_kg", "maximum_mass_kg")
OFF_THE_RECORD = _("The vehicle is not registered now, so nothing of it can be updated. Register it first (VR-2).")


class UpdateForm(OnRecordForm):
    """The vehicle on record, why its data change and, once both are known, the data themselves.

    The fields of the vehicle are those that the chosen reasons may change, filled with what the register says; only
    what differs from the register is kept, as the changes.
    """

    class Meta:
        model = VehicleDetails
        fields = ["found_by", "ownership_proof", "explanation"]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(application, data)
        details: VehicleDetails = application.vehicle_details
        self.fields["update_reasons"] = forms.MultipleChoiceField(
            label=_("What changes"),
            choices=[(reason.code.value, reason.name) for reason in REASONS],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Say what changes.")},
        )
        self.initial["update_reasons"] = details.update_reasons
        self.fields["ownership_proof"] = ownership_proofs(application, facts_of(application))
        self.fields["explanation"] = forms.CharField(
            label=_("Explanation"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.changing = self._fields_of(details) if details.vehicle is not None else ()

    def _fields_of(self, details: VehicleDetails) -> tuple[str, ...]:
        """Add the fields that may change, filled with the change asked for or what the register says."""
        recorded = on_record.recorded(details.vehicle) if details.vehicle else None
        names = updating.fields_of(details.update_reasons)
        plain_fields = {"vin": forms.CharField(label=_("VIN"), max_length=40, required=False)}
        for name, label in (
            ("body_number", _("Body number")),
            ("chassis_number", _("Chassis number")),
            ("passport_number", _("Vehicle passport")),
        ):
            plain_fields[name] = forms.CharField(label=label, max_length=30, required=False)
        known: dict[str, forms.Field] = {**VehicleForm().fields, **plain_fields}
        for name in names:
            self.fields[name] = known[name]
            change = details.changes.get(name)
            self.initial[name] = change["after"] if change else plain(getattr(recorded, name))
        return names

    @property
    def vehicle_fields(self) -> list[forms.BoundField]:
        """The fields of the vehicle that may change, except the ticks."""
        return [self[name] for name in self.changing if name not in VEHICLE_TICKS]

    @property
    def vehicle_ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in self.changing if name in VEHICLE_TICKS]

    def judge(self, vehicle: Vehicle, registration: Registration | None) -> None:
        if registration is None:
            raise ValidationError(OFF_THE_RECORD, code="off_the_record")

    def clean_vin(self) -> str:
        text: str = self.cleaned_data["vin"]
        if not text.strip():
            return ""
        try:
            return parse_vin(text)
        except IdentifierError as error:
            raise ValidationError(error.message, code=error.code) from error

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > timezone.localdate().year + 1:
            raise ValidationError(_("This year has not come yet."))
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        for name in self.changing:
            if name in NEEDED and name in data and data[name] in (None, ""):
                self.add_error(name, _("A vehicle on record cannot be without this."))
            if name in NUMBERS and name in data:
                data[name] = compact(data[name])
        if UpdateReason.MISTAKE in data.get("update_reasons", ()) and not data.get("explanation", "").strip():
            self.add_error("explanation", _("Say which mistake it is and how it came to light."))
        if data.get("is_electric") and data.get("is_hybrid"):
            self.add_error("is_hybrid", _("An electric vehicle is no hybrid. Leave one of the two."))
        self._judge_identity(data)
        return data

    def _judge_identity(self, data: Mapping[str, Any]) -> None:
        """A corrected number must not be another vehicle's, and some number must remain."""
        if self.found is None or "vin" not in self.changing or "vin" in self.errors:
            return
        vin = data.get("vin", "")
        if vin and Vehicle.objects.filter(vin=vin).exclude(pk=self.found.pk).exists():
            self.add_error("vin", _("Another vehicle of the register has this VIN. Two vehicles never share one."))
        if not any(data.get(name) for name in ("vin", "body_number", "chassis_number")):
            self.add_error("vin", _("A vehicle is known by at least one of its numbers."))

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the reasons and the changes; a change of a field that no reason allows any longer goes."""
        details = self.instance
        reasons = list(self.cleaned_data["update_reasons"])
        is_same = self.found is not None and self.found == details.vehicle
        allowed = set(updating.fields_of(reasons))
        wanted = {name: self.cleaned_data[name] for name in self.changing if name in allowed} if is_same else {}
        details.update_reasons = reasons
        details.changes = {}
        if self.found is not None and self.registered is not None:
            details.changes = differences(on_record.recorded(self.found), wanted)
            if UpdateReason.OWNER in reasons or replaces_certificate(details):
                details.changes |= of_owner(self.registered, self.application.applicant)
        details.altered_construction = UpdateReason.REEQUIPMENT in reasons
        return super().save(commit)
