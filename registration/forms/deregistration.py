"""What the front desk enters to take a vehicle off the record (VR-2 deregistration)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from registration import sale
from registration.forms.sale import SaleForm
from registration.models import ActChoice, DeregistrationReason, Registration, Vehicle, VehicleDetails
from registration.returning import off_the_record_message


class DeregistrationForm(SaleForm):
    """The vehicle, the reason, the proof of ownership, and the sale where the applicant is not the registered owner."""

    act = ActChoice.DEREGISTRATION

    class Meta:
        model = VehicleDetails
        fields = ["found_by", "seller_identifier", "sold_on", "ownership_proof", "deregistration_reason"]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(application, data)
        self.fields["deregistration_reason"] = forms.ModelChoiceField(
            label=_("Reason"),
            queryset=DeregistrationReason.objects.filter(is_offered=True),
            empty_label="—",
            required=False,
        )

    def judge(self, vehicle: Vehicle, registration: Registration | None) -> None:
        """Only what is on the record can be taken off it."""
        if registration is None:
            raise ValidationError(off_the_record_message(vehicle), code="off_the_record")

    def judge_sale(self, typed: sale.Sale) -> sale.Problems:
        return {} if typed.is_by_owner else sale.wrong(typed)
