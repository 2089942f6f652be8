"""The API's `fields_known` as a form: what a page shows of each field, and what the API is sent of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from examples.portal.shown import plain_words

ACT = "act"
RADIOS = 3
NUMBER = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True)
class Field:
    """One field as the page shows it; `look` is text, password, date, number, choice, radio, many or tick."""

    name: str
    label: str
    look: str
    hint: str = ""
    is_required: bool = False
    choices: Sequence[Mapping[str, str]] = ()
    value: Any = ""
    error: str = ""

    @property
    def id(self) -> str:
        return f"field-{self.name}"


def fields(told: Mapping[str, Any], wrong: Mapping[str, str], sent: Mapping[str, Any] | None = None) -> list[Field]:
    """The fields with their values so far, or as they were just `sent`; the act is a choice of its own and not here."""
    values = told["details"] if sent is None else sent
    return [
        Field(
            name=item["name"],
            label=plain_words(item["label"] or item["name"]),
            hint=plain_words(item["hint"]),
            look=_look(item),
            is_required=item["is_required"],
            choices=_choices(item),
            value=_shown(values.get(item["name"])),
            error=wrong.get(item["name"], ""),
        )
        for item in told["fields_known"]
        if item["name"] != ACT
    ]


def _choices(item: Mapping[str, Any]) -> list[dict[str, str]]:
    offered = [choice for choice in item["choices"] if choice["value"] or _look(item) == "choice"]
    return [{"value": choice["value"], "name": plain_words(choice["name"])} for choice in offered]


def fingerprint(told: Mapping[str, Any]) -> str:
    """What tells these details from any others."""
    return hashlib.sha256(json.dumps(told["details"], sort_keys=True).encode()).hexdigest()


def acts(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The acts that can be asked for, the present one marked; empty where there is only one."""
    found = next((item for item in told["fields_known"] if item["name"] == ACT), None)
    present = told["details"].get(ACT)
    return [{**choice, "is_present": choice["value"] == present} for choice in found["choices"]] if found else []


def _look(item: Mapping[str, Any]) -> str:
    if item["choices"] and item["type"] != "list":
        is_short = len([choice for choice in item["choices"] if choice["value"]]) <= RADIOS
        has_blank = any(not choice["value"] for choice in item["choices"])
        return "radio" if is_short and not has_blank else "choice"
    looks = {"list": "many", "boolean": "tick", "date": "date", "integer": "number"}
    return looks.get(item["type"], "text")


def _shown(value: Any) -> Any:
    return value if isinstance(value, bool | list) else "" if value is None else str(value)


def filled_in(told: Mapping[str, Any], form: QueryDict) -> dict[str, Any]:
    """What was typed, in the types that the API names; what is empty is left out. What is no number goes as typed."""
    sent: dict[str, Any] = {}
    for item in told["fields_known"]:
        name, text = item["name"], form.get(item["name"], "").strip()
        if item["type"] == "boolean":
            sent[name] = name in form
        elif item["type"] == "list":
            sent[name] = form.getlist(name)
        elif text:
            sent[name] = _typed(item["type"], text)
    return sent


def _typed(kind: str, text: str) -> Any:
    if kind == "integer" and NUMBER.fullmatch(text):
        return int(text)
    return text.replace(",", ".") if kind == "decimal" else text
