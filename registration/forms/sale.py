"""What the two acts of VR-2 ask alike: which act it is, the vehicle on record, and the sale it passes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from people.identifiers import SEPARATORS, IdentifierError, classify, parse_bin, parse_iin
from people.models import Organisation
from registration import sale
from registration.forms.details import acts_of, compact, ownership_proofs
from registration.forms.on_record import OnRecordForm
from registration.models import ActChoice, VehicleDetails


class SaleForm(OnRecordForm):
    """A form about a vehicle on record that passes from its registered owner to the applicant.

    A child says which `act` it is; what it offers beside the vehicle, the seller, the day and the proof is its own.
    """

    act: ActChoice

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(application, data)
        # The other act's form was filled in until now: from here on the details are of this act.
        self.instance.act = self.act
        self.acts = acts_of(application)
        self.fields["sold_on"] = forms.DateField(
            label=_("Day of the contract or ruling"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["seller_identifier"] = forms.CharField(
            label=_("IIN or BIN of the seller"), max_length=40, required=False
        )
        self.fields["ownership_proof"] = ownership_proofs(application, facts_of(application))

    def clean_seller_identifier(self) -> str:
        """An IIN or BIN that could have been issued, or the document number of a foreigner without one; compact."""
        text: str = self.cleaned_data["seller_identifier"]
        number = compact(text)
        if not SEPARATORS.sub("", text).isdigit():
            return number
        try:
            return parse_iin(number).value if classify(number) == "iin" else parse_bin(number).value
        except IdentifierError as error:
            raise ValidationError(error.message, code=error.code) from error

    def typed_sale(self) -> sale.Sale | None:
        """The sale as it is typed; None while the vehicle is not found."""
        if self.found is None:
            return None
        data = self.cleaned_data
        return sale.Sale(
            vehicle=self.found,
            registration=self.registered,
            applicant=self.application.applicant,
            seller=data.get("seller_identifier", ""),
            sold_on=data.get("sold_on"),
            plates_kept=data.get("plates_kept", False),
        )

    def judge_sale(self, typed: sale.Sale) -> sale.Problems:
        """Field → what is wrong with the sale as typed."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        typed = self.typed_sale()
        if typed is not None:
            for field, message in self.judge_sale(typed).items():
                self.add_error(field, message)
            owner = typed.ownership.owner if typed.ownership is not None else None
            self.instance.previous_owner_is_organisation = isinstance(owner, Organisation)
        return self.cleaned_data

    def save(self, commit: bool = True) -> VehicleDetails:
        """Write the details; what only the other act knows goes."""
        self.instance.plates_kept = bool(self.cleaned_data.get("plates_kept"))
        self.instance.deregistration_reason = self.cleaned_data.get("deregistration_reason")
        return super().save(commit)
