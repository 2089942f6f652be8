"""The part of a form that finds the vehicle on record; the acts on such vehicles share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.states import OPEN_STATES
from people.identifiers import normalise_plate
from registration import on_record
from registration.forms.details import DetailsForm
from registration.models import Registration, Vehicle, VehicleDetails
from registration.standard import facts as named

NOT_ON_RECORD = _(
    "There is no vehicle with the number %(number)s in the register. Compare it with the SRTS. A vehicle that was "
    "never registered is taken in under the sub-service “Primary registration”."
)
PRIMARY_IS_OPEN = _(
    "The vehicle %(number)s is not in the register yet: its primary registration (%(application)s) is still open. Wait "
    "for its decision."
)


class OnRecordForm(DetailsForm):
    """A form about a vehicle on record: asked for by `found_by` in any spelling, told by the register.

    A child names its Meta with "found_by" among the fields, and says in `judge` which vehicles its act cannot take.
    """

    found: Vehicle | None = None
    registered: Registration | None = None

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        details: VehicleDetails = application.vehicle_details
        super().__init__(data, instance=details)
        self.application = application
        self.fields["found_by"] = forms.CharField(
            label=_("Plate, SRTS number or VIN"), max_length=40, required=False, strip=True
        )

    def judge(self, vehicle: Vehicle, registration: Registration | None) -> None:
        """Raise ValidationError, with the way out, for a vehicle that the act cannot take."""
        raise NotImplementedError

    def clean_found_by(self) -> str:
        number = normalise_plate(self.cleaned_data["found_by"])
        if not number:
            return ""
        vehicle = on_record.find(number)
        if vehicle is None:
            raise ValidationError(_not_found(number), code="not_on_record")
        registration = on_record.registration_of(vehicle)
        self.judge(vehicle, registration)
        self.found, self.registered = vehicle, registration
        return number

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the details with the vehicle that was found and the registration it stands under now."""
        self.instance.vehicle, self.instance.registration = self.found, self.registered
        return super().save(commit)


def _not_found(number: str) -> str:
    primary = Application.objects.filter(
        service=named.SERVICE, subservice=named.PRIMARY, subject=f"VIN:{number}", state__in=OPEN_STATES
    ).first()
    if primary is not None:
        return PRIMARY_IS_OPEN % {"number": number, "application": primary.number}
    return NOT_ON_RECORD % {"number": number}
