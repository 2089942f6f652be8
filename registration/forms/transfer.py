"""What the front desk enters for a registration to a new owner (VR-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from registration import sale
from registration.forms.details import plate_duty_exemptions
from registration.forms.sale import SaleForm
from registration.models import ActChoice, Registration, Vehicle, VehicleDetails
from registration.returning import gone_for_good

KEPT, NEW = "yes", "no"


class TransferForm(SaleForm):
    """The vehicle, its seller, the proof, and whether the plates stay on it."""

    act = ActChoice.REGISTRATION

    class Meta:
        model = VehicleDetails
        fields = ["found_by", "seller_identifier", "sold_on", "ownership_proof", "altered_construction", "exemption"]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(application, data)
        details = self.instance
        self.initial["plates_kept"] = KEPT if details.plates_kept or details.vehicle is None else NEW
        self.fields["plates_kept"] = forms.TypedChoiceField(
            label=_("Plates"),
            choices=[(KEPT, _("the plates stay on the vehicle")), (NEW, _("new plates are issued"))],
            coerce=lambda value: value == KEPT,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
        self.fields["exemption"] = plate_duty_exemptions(facts_of(application))

    def judge(self, vehicle: Vehicle, registration: Registration | None) -> None:
        """A vehicle off the record comes back, unless it is gone for good."""
        reason = gone_for_good(vehicle) if registration is None else None
        if reason is not None:
            message = _(
                "This vehicle was taken off the record for good (%(reason)s) and is not registered again. If that was "
                "a mistake, a supervisor revokes the decision."
            )
            raise ValidationError(message % {"reason": reason}, code="gone_for_good")

    def judge_sale(self, typed: sale.Sale) -> sale.Problems:
        return {**sale.owned_already(typed), **sale.wrong(typed), **sale.plates_that_cannot_stay(typed)}
