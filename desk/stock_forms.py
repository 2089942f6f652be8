"""What is typed when a delivery comes; spaces, dashes and Cyrillic letters are forgiven."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blanks.stock import MOST_AT_ONCE, BlankStock
from desk.form_page import beside_fields
from offices.models import Office
from people.identifiers import normalise_plate
from plates import stock
from plates.models import PlateFormat, PlateReceipt, RegionPlace
from plates.numbers import SeriesEndsError, series

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[PlateFormat]
else:
    ModelChoiceField = forms.ModelChoiceField

NUMBER_WIDGET = {"autocomplete": "off", "spellcheck": "false"}


class CountField(forms.IntegerField):
    """A whole number that may be typed in groups: "1 000"."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """The number without the spaces somebody put between its digits. Raises ValidationError."""
        return super().to_python(re.sub(r"\s", "", value) if isinstance(value, str) else value)


class FormatField(ModelChoiceField):
    """A format by the vehicle and the holder it is for."""

    def label_from_instance(self, obj: PlateFormat) -> str:
        """As staff read it, with an example."""
        return obj.title


class PlatesForm(forms.Form):
    """A delivery of plates to `office`: one series of one format. `cleaned_data["numbers"]` lists it."""

    format = FormatField(
        PlateFormat.objects.filter(is_current=True).exclude(regex=""), label=_("Plates"), empty_label=_("Choose")
    )
    first = forms.CharField(
        label=_("First number"),
        max_length=20,
        widget=forms.TextInput(attrs=NUMBER_WIDGET),
        help_text=_("As on the first plate, in any writing: 417 KZN 02. The region can be left out."),
    )
    count = CountField(
        label=_("How many in a row"),
        min_value=1,
        max_value=stock.MOST_AT_ONCE,
        help_text=_("A set of two plates with one number counts once."),
    )
    reference = forms.CharField(label=_("Number of the delivery note"), max_length=60)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office

    def clean_reference(self) -> str:
        """A note is entered once. Raises ValidationError that says what came with it."""
        reference: str = self.cleaned_data["reference"]
        known = PlateReceipt.objects.filter(office=self.office, reference=reference).first()
        if known is not None:
            message = _("This note was entered on %(day)s: %(first)s … %(last)s.")
            day = date_format(timezone.localtime(known.received_at), "d.m.Y")
            raise ValidationError(message % {"day": day, "first": known.first_number, "last": known.last_number})
        return reference

    def clean(self) -> dict[str, Any]:
        """Counts the series; what does not fit stands beside its field."""
        cleaned = super().clean() or {}
        if not {"format", "first", "count"} <= set(cleaned):
            return cleaned
        chosen: PlateFormat = cleaned["format"]
        first = with_region(chosen, normalise_plate(cleaned["first"]), self.office.region_id)
        if not chosen.fits(first):
            self.add_error("first", _wrong_layout(chosen))
            return cleaned
        try:
            cleaned["numbers"] = series(chosen, first, cleaned["count"])
        except SeriesEndsError:
            self.add_error("count", _("There are not so many numbers of this format after the first one."))
        return cleaned


def with_region(plate_format: PlateFormat, number: str, region: str) -> str:
    """The compact number with the region of the office where somebody left it out."""
    if plate_format.fits(number):
        return number
    completed = {RegionPlace.RIGHT: f"{number}{region}", RegionPlace.LEFT: f"{region}{number}"}
    candidate = completed.get(RegionPlace(plate_format.region_place), number)
    return candidate if plate_format.fits(candidate) else number


def _wrong_layout(plate_format: PlateFormat) -> str:
    if plate_format.example:
        message = _("This is not a number of this format. Such numbers look like %(example)s.")
        return message % {"example": plate_format.example}
    return str(_("This is not a number of this format."))


class BlanksForm(forms.Form):
    """A delivery of blanks of a kind: one run of numbers. `cleaned_data["numbers"]` lists it."""

    first = forms.CharField(
        label=_("First number"),
        max_length=20,
        widget=forms.TextInput(attrs=NUMBER_WIDGET),
        help_text=_("As on the blank, in any writing: AB 00020001."),
    )
    count = CountField(label=_("How many in a row"), min_value=1, max_value=MOST_AT_ONCE)

    def __init__(self, *args: Any, office: Office, stock: BlankStock[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.stock = office, stock

    def clean(self) -> dict[str, Any]:
        """Counts the series; what is wrong stands beside its field."""
        cleaned = super().clean() or {}
        if {"first", "count"} <= set(cleaned):
            with beside_fields(self):
                cleaned["numbers"] = self.stock.series(normalise_plate(cleaned["first"]), cleaned["count"])
        return cleaned
