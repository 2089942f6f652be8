"""Words of the desk's templates: money, plates, masks, and the one-time key of a form."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from applications.acting import actor_name
from applications.models import JournalEntry
from applications.papers import names_of_all
from applications.timeline import said
from desk.guards import FORM_KEY
from people.models import masked
from registers.contract import REGISTERS, Finding
from registers.findings import describe

register = template.Library()

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
TENGE = "\N{TENGE SIGN}"
REGION_DIGITS = 2


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field that makes the form count once however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, secrets.token_urlsafe(18))


@register.filter
def tenge(amount: Decimal | int | None) -> str:
    """An amount in tenge with thin groups and its sign; tiyn only where there are any. None gives a dash."""
    if amount is None:
        return "—"
    places = 0 if amount == int(amount) else 2
    grouped = number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{grouped}{NO_BREAK_SPACE}{TENGE}"


@register.filter
def moment(instant: datetime | None, clock: str = "H:i") -> str:
    """The time of day in Asia/Almaty by `clock`, with the day before it when that is not today."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return date_format(local, clock if local.date() == timezone.localdate() else f"d.m {clock}")


@register.filter
def mask(identifier: str) -> str:
    """An IIN, BIN or document number with its middle hidden."""
    return masked(identifier) if identifier else ""


@register.filter
def plate_body(number: str) -> str:
    """The part of a plate before the region box, spaced for reading: "417KZN02" gives "417 KZN"."""
    body = number[:-REGION_DIGITS] if number[-REGION_DIGITS:].isdigit() and len(number) > 5 else number
    return " ".join(_runs(body))


@register.filter
def plate_region(number: str) -> str:
    """The region digits of a plate, empty where the kind of plate has none."""
    return number[-REGION_DIGITS:] if number[-REGION_DIGITS:].isdigit() and len(number) > 5 else ""


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    for letter in text:
        if runs and runs[-1][-1].isdigit() == letter.isdigit():
            runs[-1] += letter
        else:
            runs.append(letter)
    return runs


@register.filter
def described(findings: list[dict[str, Any]]) -> list[str]:
    """What a register found, in the reader's language."""
    return [describe(Finding(finding["code"], finding["params"])) for finding in findings]


@register.simple_tag
def register_title(name: str) -> str:
    """The register's name as people call it."""
    return str(REGISTERS[name].title)


@register.filter
def has(fields: dict[str, Any] | None, name: str) -> bool:
    """Whether an error names the field; a page without errors names none."""
    return bool(fields) and name in (fields or {})


@register.filter
def get(fields: dict[str, Any], name: str) -> Any:
    """The message that belongs to the field, or nothing."""
    return fields.get(name, "")


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in the desk's look; one with an error is tied to its message for screen readers."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return field.as_widget()
    attributes = {"class": "form-select" if isinstance(widget, forms.Select) else "form-control"}
    if isinstance(widget, forms.FileInput):
        attributes |= {"data-choose": gettext("Choose a file"), "data-none": gettext("no file chosen")}
    if field.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}_error"}
    return field.as_widget(attrs={**widget.attrs, **attributes})


@register.filter
def doer(entry: JournalEntry) -> str:
    """Who did what a journal row says."""
    return actor_name(entry.actor_label)


@register.filter
def deed(entry: JournalEntry) -> str:
    """What a journal row says was done, in people's words."""
    return said(entry.action, entry.changes, names_of_all())
