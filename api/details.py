"""The service's own form as the API's body: the same fields and the same judgement, with types taken literally."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from api.strict import NOT_A_NUMBER, NOT_A_TEXT, NOT_A_TRUTH, UNKNOWN
from applications.canonical import held_by, plain
from applications.errors import InvalidInputError
from applications.models import Application
from applications.services import service_of

ACT = "act"
DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
NOT_A_LIST = _("Send a list of texts.")
NOT_A_DAY = _("Send a day as YYYY-MM-DD.")
NOT_A_DECIMAL = _("Send a decimal number as a text.")


def form_data(application: Application, sent: Any) -> dict[str, Any]:
    """What the form of the service is filled with. Raises InvalidInputError for unknown fields and wrong types."""
    if not isinstance(sent, dict):
        raise InvalidInputError({"details": _("Send an object.")})
    act = sent.get(ACT, "")
    if not isinstance(act, str):
        raise InvalidInputError({ACT: NOT_A_TEXT})
    form = service_of(application).details_form(application, {ACT: act})
    acts = dict(getattr(form, "acts", ()))
    if act and ACT not in form.fields and act not in acts:
        raise InvalidInputError({ACT: UNKNOWN})
    known = {name: field for name, field in form.fields.items() if not isinstance(field, forms.FileField)}
    if acts:
        known[ACT] = form.fields.get(ACT) or forms.CharField()
    wrong = {name: UNKNOWN for name in sent if name not in known}
    wrong |= {
        name: problem
        for name, value in sent.items()
        if name in known and value is not None and (problem := misfit(known[name], value))
    }
    if wrong:
        raise InvalidInputError(wrong)
    return {name: value for name, value in sent.items() if value is not None}


def misfit(field: forms.Field, value: Any) -> Any:
    """Why `value` is of the wrong type for `field`; None where it fits."""
    if isinstance(field, forms.BooleanField):
        return None if isinstance(value, bool) else NOT_A_TRUTH
    if isinstance(field, forms.MultipleChoiceField):
        fits = isinstance(value, list) and len(value) <= 50 and all(isinstance(item, str) for item in value)
        return None if fits else NOT_A_LIST
    if isinstance(field, forms.DecimalField):
        return None if isinstance(value, str) and DECIMAL.fullmatch(value) else NOT_A_DECIMAL
    if isinstance(field, forms.IntegerField):
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9
        return None if fits else NOT_A_NUMBER
    if isinstance(field, forms.DateField):
        return None if isinstance(value, str) and _is_day(value) else NOT_A_DAY
    if is_of_numbers(field):
        return None if isinstance(value, int) and not isinstance(value, bool) else NOT_A_NUMBER
    return None if isinstance(value, str) else NOT_A_TEXT


def is_of_numbers(field: forms.Field) -> bool:
    """Whether one number of several is chosen."""
    return isinstance(field, forms.TypedChoiceField) and all(isinstance(key, int) for key, _name in _choices(field))


def _choices(field: forms.Field) -> list[Any]:
    """What can be chosen: the field's own choices, or those its widget offers for an easy start."""
    return list(getattr(field, "choices", None) or getattr(field.widget, "choices", None) or ())


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def filled_in(form: forms.BaseForm) -> dict[str, Any]:
    """The details as they can be sent back: those of the form and, where there are several acts, the act."""
    act = getattr(form, ACT, None)
    return {**held_by(form), **({ACT: plain(act)} if act else {})}


def fields_of(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The fields that the details have now, as a client's form would show them."""
    not_asked = getattr(form, "not_asked", ())
    lines = [
        _described(name, field)
        for name, field in form.fields.items()
        if not isinstance(field, forms.FileField) and name not in not_asked
    ]
    acts = dict(getattr(form, "acts", ()))
    if acts and ACT not in form.fields:
        choices = [{"value": str(value), "name": str(name)} for value, name in acts.items()]
        act = {"name": ACT, "label": str(_("What is applied for")), "hint": "", "type": "string", "is_required": False}
        lines.insert(0, {**act, "choices": choices})
    return lines


TYPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.BooleanField, "boolean"),
    (forms.MultipleChoiceField, "list"),
    (forms.DecimalField, "decimal"),
    (forms.IntegerField, "integer"),
    (forms.DateField, "date"),
)


def _described(name: str, field: forms.Field) -> dict[str, Any]:
    kind = next((word for known, word in TYPES if isinstance(field, known)), "string")
    if is_of_numbers(field):
        kind = "integer"
    choices = [{"value": str(getattr(value, "value", value)), "name": str(text)} for value, text in _choices(field)]
    return {
        "name": name,
        "label": str(field.label or ""),
        "hint": str(field.help_text),
        "type": kind,
        "is_required": field.required,
        "choices": choices,
    }
