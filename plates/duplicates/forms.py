"""The desk's form of a duplicate: which of the holder's own plates, which pieces, and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services import facts_of
from fees.models import Exemption
from fees.tariffs import in_force
from people.identifiers import normalise_plate
from plates.duplicates.models import DuplicateDetails, DuplicateReason, PlatePlace
from plates.holdings import Holding, holding_of, plates_of
from plates.models import PlateState

# A fleet's plates are typed and not picked from a list.
MOST_TO_PICK = 40
DUTY = "plate_duplicate_duty"
STOLEN = "stolen"

NOT_THE_HOLDERS = _(
    "This is not one of the plates assigned to the applicant; only their own can be duplicated (PD.8.2, PD.9.2). "
    "Compare the number with the SRTS."
)
STOLEN_NUMBER = _(
    "A stolen number goes on the list of wanted plates and is never made again. Help the applicant report the theft "
    "and take in an update of data with new plates (VR-3) instead."
)
NO_PLATES = _("The applicant has no plates of their own, so there is nothing to duplicate (PD.8.2).")
NOT_ON_THE_VEHICLE = _("This plate is no longer on the vehicle, so it cannot be duplicated (PD.9.2).")


def exemptions_from_the_duty(application: Application) -> list[Exemption]:
    """The exemptions that cover duplicates on the day of the application; none unless an administrator set one."""
    found = Exemption.objects.filter(in_force(facts_of(application).on)).order_by("code")
    return [item for item in found if any(covered.partition("/")[0] == DUTY for covered in item.applies_to)]


if TYPE_CHECKING:
    DetailsForm = forms.ModelForm[DuplicateDetails]
else:
    DetailsForm = forms.ModelForm


class DuplicateForm(DetailsForm):
    """What is entered for PD. `plate` is a number: picked from the holder's own, or typed where there are many."""

    plate_count = forms.TypedChoiceField(
        label=_("How many pieces are made?"),
        choices=[(2, _("both pieces")), (1, _("one piece"))],
        coerce=int,
        initial=2,
        error_messages={"invalid_choice": _("A vehicle has one or two plates; more are never made.")},
        help_text=_("A motorcycle and a trailer have one piece."),
    )
    reason = forms.ChoiceField(
        label=_("What happened to the plate?"),
        choices=[("", "—"), *DuplicateReason.choices, (STOLEN, _("stolen"))],
    )

    class Meta:
        model = DuplicateDetails
        fields = ["plate_count", "place", "reason", "has_front", "has_rear", "exemption"]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        details: DuplicateDetails = application.duplicate_details
        super().__init__(data, instance=details)
        self.application = application
        self.holding: Holding | None = None
        self.own = plates_of(application.applicant, MOST_TO_PICK + 1)
        self.fields["plate"] = self._plate_field()
        self.initial["plate"] = details.plate.number if details.plate else ""
        self.fields["place"].label = _("Which piece, if one of two?")
        self.fields["has_front"].label = _("The old front piece is still there and will be handed in")
        self.fields["has_rear"].label = _("The old rear (or only) piece is still there and will be handed in")
        covered = exemptions_from_the_duty(application)
        choices = [("", _("none")), *((item.code, item.name) for item in covered)]
        self.fields["exemption"] = forms.ChoiceField(
            label=_("Exemption from the duty"), choices=choices, required=False
        )
        self.offers_exemption = bool(covered)

    def _plate_field(self) -> forms.Field:
        if len(self.own) > MOST_TO_PICK:
            return forms.CharField(
                label=_("Which plate?"), max_length=20, help_text=_("In any writing: 417 KZN 02, as the SRTS has it.")
            )
        choices = [(item.plate.number, f"{item.plate.number} – {item.vehicle}") for item in self.own]
        # What was sent is judged by the register in clean_plate, so that the refusal can name its row.
        return forms.CharField(
            label=_("Which plate?"),
            max_length=20,
            widget=forms.Select(choices=[("", "—"), *choices]),
            help_text="" if choices else NO_PLATES,
        )

    def clean_plate(self) -> str:
        """The number of one of the holder's own plates, that is on its vehicle now (PD.8.2, PD.9.2)."""
        number = normalise_plate(self.cleaned_data["plate"])
        self.holding = holding_of(self.application.applicant, number)
        if self.holding is None:
            raise ValidationError(NOT_THE_HOLDERS)
        if self.holding.plate.state != PlateState.ASSIGNED:
            raise ValidationError(NOT_ON_THE_VEHICLE)
        return number

    def clean_reason(self) -> str:
        """Why it is made again; of a stolen plate no duplicate is made, and the way out is said."""
        reason: str = self.cleaned_data["reason"]
        if reason == STOLEN:
            raise ValidationError(STOLEN_NUMBER)
        return reason

    def clean(self) -> dict[str, Any]:
        """Which pieces are made and which old ones come back, so that the two agree."""
        cleaned = super().clean() or {}
        if self.holding is None or "plate_count" not in cleaned:
            return cleaned
        if self.holding.plate.format.pieces == 1:
            cleaned |= {"plate_count": 1, "place": PlatePlace.REAR, "has_front": False}
        elif cleaned["plate_count"] == 2:
            cleaned["place"] = ""
        elif not cleaned.get("place"):
            self.add_error("place", _("Say which piece is made: the front or the rear one."))
            return cleaned
        self._clean_old_pieces(cleaned)
        return cleaned

    def _clean_old_pieces(self, cleaned: dict[str, Any]) -> None:
        made = [PlatePlace(cleaned["place"])] if cleaned["place"] else list(PlatePlace)
        there = [piece for piece in made if cleaned.get(f"has_{piece}")]
        cleaned["has_front"], cleaned["has_rear"] = PlatePlace.FRONT in there, PlatePlace.REAR in there
        reason = cleaned.get("reason")
        if reason == DuplicateReason.LOST and there == made:
            self.add_error("reason", _("A lost piece cannot be handed in: clear its tick, or choose what happened."))
        if reason in {DuplicateReason.DAMAGED, DuplicateReason.FADED} and not there:
            message = _("The old piece is handed in when the duplicate is issued: tick which one is there.")
            self.add_error(f"has_{made[-1]}", message)

    def save(self, commit: bool = True) -> DuplicateDetails:
        """Write the details with the plate chosen."""
        if self.holding is not None:
            self.instance.plate = self.holding.plate
        return super().save(commit)
