"""What a supervisor says of a bulk reversal: why, and which decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.worklist import services
from registers.contract import REGISTERS

MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: Any) -> forms.DateTimeField:
    """A day and time of Kazakhstan, by the browser's own control."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=False, input_formats=[MOMENT], widget=widget)


class BatchForm(forms.Form):
    """Either the answers that decisions rest on, or a list; which of it is missing the verb says."""

    reason = forms.CharField(
        label=_("Why the decisions are withdrawn"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands in the journal of every case, and the second person judges by it."),
    )
    register = forms.ChoiceField(label=_("Register that answered wrongly"), required=False)
    answered_from = moment(_("It answered wrongly from"))
    answered_until = moment(_("Until when they answered wrongly"))
    service = forms.ChoiceField(label=_("Only decisions on this service"), required=False)
    numbers = forms.FileField(
        label=_("Or a list of application numbers (CSV)"),
        required=False,
        help_text=_("One number to a line, in the first column. With a list, the fields above do not count."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted((str(register.title), code) for code, register in REGISTERS.items())
        self.fields["register"].choices = [("", _("any")), *((code, title) for title, code in titles)]  # type: ignore[attr-defined]
        self.fields["service"].choices = [("", _("all services")), *services()]  # type: ignore[attr-defined]
