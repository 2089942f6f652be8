"""The desk's form of a licence: what is applied for. The previous licence is the register's and cannot be typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from licensing.acts import acts_of
from licensing.licences import current_licence, held_on
from licensing.models import Act, LicenceCategory, LicenceDetails, LicenceState
from licensing.problems import picture_of
from licensing.rules import Candidate, refusals
from licensing.standard import ISSUE
from people.identifiers import SEPARATORS
from people.models import Person

# Django's forms take their type argument from type checkers only.
if TYPE_CHECKING:
    DetailsForm = forms.ModelForm[LicenceDetails]
else:
    DetailsForm = forms.ModelForm

FOREIGN = ("foreign_country", "foreign_number", "foreign_issued_on", "foreign_valid_until")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class LicenceDetailsForm(DetailsForm):
    """What is entered for DL-1 or DL-2. Choosing an act keeps only the fields that belong to it."""

    class Meta:
        model = LicenceDetails
        fields = [
            "act",
            "categories",
            "medical_certificate_number",
            "previous_handed_in",
            "loss_declared",
            "foreign_country",
            "foreign_number",
            "foreign_issued_on",
            "foreign_valid_until",
        ]

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        details: LicenceDetails = application.licence_details
        super().__init__(data, instance=details)
        self.application = application
        self.person: Person | None = application.applicant_person
        self.previous = current_licence(self.person) if self.person else None
        self.held = held_on(self.previous)
        self.is_issue = application.subservice == ISSUE
        acts = [(item.act.value, item.act.label) for item in acts_of(application.subservice)]
        self.fields["act"] = forms.ChoiceField(
            label=_("What is it issued for?"), choices=acts, required=False, widget=forms.RadioSelect
        )
        self.fields["previous_handed_in"].label = _("The previous licence was handed in")
        self.fields["medical_certificate_number"].label = _("Number of the medical certificate, if one is shown")
        # Kept by licensing.capturing; the fields make the form one that carries files.
        for name, label in (("photo", _("Photo of the driver")), ("signature", _("Signature of the driver"))):
            widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"})
            self.fields[name] = forms.FileField(label=label, required=False, widget=widget)
        if self.is_issue:
            self._ask_about_the_foreign_licence()
        else:
            self._ask_for_categories()

    def _ask_about_the_foreign_licence(self) -> None:
        del self.fields["categories"]
        self.fields["loss_declared"].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 500})
        self.fields["loss_declared"].label = _("What is declared about the loss?")
        self.fields["foreign_country"].label = _("Country, three letters")
        self.fields["foreign_country"].help_text = _("As in a passport: UZB, DEU, GEO.")
        self.fields["foreign_number"].label = _("Number of the licence")
        self.fields["foreign_issued_on"] = _day(_("Issued on"))
        self.fields["foreign_valid_until"] = _day(_("Valid until"))
        told = self.instance.foreign_categories
        self.places = list(LicenceCategory.objects.all())
        for place in self.places:
            name = f"since_{place.code}"
            self.fields[name] = _day(place.code)
            self.initial[name] = told.get(place.code, "")

    def _ask_for_categories(self) -> None:
        for name in ("loss_declared", *FOREIGN):
            del self.fields[name]
        self.places = list(LicenceCategory.objects.all())
        self.fields["categories"] = forms.MultipleChoiceField(
            label=_("Categories"),
            choices=[(place.code, f"{place.code} – {place.name}") for place in self.places],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def not_asked(self) -> frozenset[str]:
        """The fields of acts other than the one chosen: the desk hides them, a program is not told of them."""
        days = [name for name in self.fields if name.startswith("since_")]
        of_one_act = {Act.FOREIGN: [*FOREIGN, *days], Act.LOSS: ["loss_declared"]}
        return frozenset(name for act, names in of_one_act.items() if act != self.instance.act for name in names)

    @property
    def pictures(self) -> list[forms.BoundField]:
        return [self["photo"], self["signature"]]

    @property
    def taken(self) -> list[str]:
        """Which pictures the licence has already: captured now, or those of the previous one."""
        return [name for name in ("photo", "signature") if picture_of(self.application, name)]

    @property
    def foreign_days(self) -> list[forms.BoundField]:
        """Since when each category of a foreign licence is held."""
        return [self[f"since_{place.code}"] for place in self.places] if self.is_issue else []

    def clean_medical_certificate_number(self) -> str:
        return str(self.cleaned_data["medical_certificate_number"]).strip()

    def clean_foreign_country(self) -> str:
        code = str(self.cleaned_data["foreign_country"]).strip().upper()
        if code and not (len(code) == 3 and code.isalpha() and code.isascii()):
            raise forms.ValidationError(_("A country is three Latin letters, as in a passport: UZB."))
        if code == "KAZ":
            raise forms.ValidationError(_("A licence of Kazakhstan is exchanged as such, from the register."))
        return code

    def clean_foreign_number(self) -> str:
        return SEPARATORS.sub("", self.cleaned_data["foreign_number"]).upper()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        act = data.get("act", "")
        if act == Act.FOREIGN:
            self._judge_foreign(data)
        if act in {Act.EXCHANGE, Act.DATA_CHANGE} and self.previous and self.previous.state == LicenceState.LOST:
            self.add_error("act", _("The licence is declared lost: choose the issue in place of a lost one."))
        if act in {Act.FIRST_ISSUE, Act.AFTER_DEPRIVATION} and "categories" in data:
            self._judge_categories(act, data["categories"])
        return data

    def _judge_foreign(self, data: dict[str, Any]) -> None:
        today = timezone.localdate()
        for name in ("foreign_issued_on", *(f"since_{place.code}" for place in self.places)):
            day = data.get(name)
            if day is not None and day > today:
                self.add_error(name, _("This day has not come yet."))
        for place in self.places:
            if data.get(f"since_{place.code}") and place.code not in self.held:
                for said in self._refused([place.code], is_experience_asked=False):
                    self.add_error(f"since_{place.code}", said)

    def _judge_categories(self, act: str, chosen: list[str]) -> None:
        known = [code for code in chosen if code in self.held]
        if act == Act.FIRST_ISSUE and known:
            message = _("Held already: %(codes)s. Choose only what is new.")
            self.add_error("categories", message % {"codes": ", ".join(known)})
        for said in self._refused([code for code in chosen if code not in self.held]):
            self.add_error("categories", said)

    def _refused(self, codes: list[str], *, is_experience_asked: bool = True) -> list[str]:
        if self.person is None:
            return []
        candidate = Candidate(self.person.birth_date, self.held)
        return refusals(candidate, codes, timezone.localdate(), is_experience_asked=is_experience_asked)

    def save(self, commit: bool = True) -> LicenceDetails:
        """Write the details with the register's licence of today; what belongs to another act goes."""
        details = self.instance
        details.previous = self.previous
        if self.is_issue:
            days = {place.code: self.cleaned_data.get(f"since_{place.code}") for place in self.places}
            details.foreign_categories = {code: day.isoformat() for code, day in days.items() if day}
        if details.act != Act.FOREIGN:
            details.foreign_country = details.foreign_number = ""
            details.foreign_issued_on = details.foreign_valid_until = None
            details.foreign_categories = {}
        if details.act != Act.LOSS:
            details.loss_declared = ""
        if details.act == Act.AFTER_DEPRIVATION and not details.categories:
            details.categories = list(self.held)
        return super().save(commit)
