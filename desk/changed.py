"""What a row of the journal says was changed, in the reader's words; what has no word stands as it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application, Check, JournalEntry, Surrender
from applications.papers import names_of_all
from applications.services import all_services
from applications.standards import Text
from applications.timeline import looked_at
from desk.case_page import HELD_UP
from fees.models import Exemption, MonthlyIndex, Payment, PaymentNotice, Tariff
from licensing.models import CategoryRule, LicenceCategory, LicenceDetails, LicenceForm
from offices.models import CalendarException, ConnectedSystem, Office, Staff
from people.models import CapacityAge, Person, PowerOfAttorney
from plates.models import PlateFormat, PlateReceipt, PlateTerm
from registers.contract import REGISTERS
from registers.findings import grouped
from registration.changes import LABELS as OF_VEHICLES
from registration.models import DeregistrationReason, InspectionAct, VehicleDetails
from write_offs.models import WriteOffAct
from write_offs.stocks import all_stocks

# Rows whose columns the journal tells of by their names; where two call one by the same name, the first is meant.
TOLD_OF: tuple[type[models.Model], ...] = (
    *(VehicleDetails, LicenceDetails, InspectionAct, Person, PowerOfAttorney, Surrender, Application),
    *(Payment, PaymentNotice, Staff, Office, CalendarException, ConnectedSystem, Tariff, MonthlyIndex, Exemption),
    *(CapacityAge, DeregistrationReason, LicenceCategory, CategoryRule, LicenceForm),
    *(PlateFormat, PlateReceipt, PlateTerm, WriteOffAct),
)
COLUMNS = [field for model in TOLD_OF for field in model._meta.concrete_fields]
# What the verbs tell beside columns.
WORDS: dict[str, str | Promise] = {
    "act": _("Act"),
    "after": _("after"),
    "age": _("what one may do"),
    "amount": _("Amount"),
    "application": _("Application"),
    "applies_to": _("Applies to"),
    "before": _("before"),
    "bad": pgettext_lazy("rows of an import", "bad"),
    "broken": _("Broken at row"),
    "by": _("Searched by"),
    "cancelled": _("Charges dropped"),
    "chain": _("Chain"),
    "channel": _("Channel"),
    "charged": _("Charges"),
    "check": _("Register"),
    "checks": _("Registers"),
    "code": _("Code"),
    "count": _("How many"),
    "counts": _("Rows"),
    "desk": _("Front desk"),
    "document": _("Document"),
    "due_at": _("Term"),
    "evidence": _("Evidence"),
    "exemption": _("Exemption from the plate duty"),
    "expected_on": _("Expected on"),
    "fault": _("What is wrong with it"),
    "fields": _("Particulars"),
    "files": _("Files"),
    "first": _("First number"),
    "for": _("Searched for"),
    "format": _("Format"),
    "former": _("Former power of attorney"),
    "found": _("Found"),
    "from": _("From"),
    "front_desk_id": _("Front desk"),
    "grounds": _("Grounds"),
    "id": _("Number of the record"),
    "identifier": _("IIN or BIN"),
    "import": _("Import"),
    "kind": _("Kind"),
    "kinds": _("Events"),
    "known": pgettext_lazy("rows of an import", "known already"),
    "last": _("Last number"),
    "licence": _("Licence"),
    "list": _("List"),
    "loaded": pgettext_lazy("rows of an import", "loaded"),
    "n": _("How many"),
    "name": _("Name"),
    "number": _("Number"),
    "numbers": _("Numbers"),
    "office_id": _("Office"),
    "order": _("Order"),
    "outcome": _("Outcome"),
    "outcomes": _("Answers"),
    "paper": _("Paper"),
    "piece": _("piece"),
    "plate": _("Plate"),
    "plate_format": _("Format"),
    "power": _("Power of attorney"),
    "reason": _("Reason"),
    "read": pgettext_lazy("rows of an import", "read"),
    "receipt": _("Receipt"),
    "receiver": _("Received by"),
    "reference": _("Number of the payment"),
    "region_id": _("Region"),
    "register": _("Register"),
    "request": _("Request"),
    "requirement": _("Document"),
    "results": _("Result"),
    "row": _("Row"),
    "rows": _("Rows"),
    "ruling": _("Judgement"),
    "scopes": _("Allowed actions"),
    "service": _("Service"),
    "signer": _("Signed by"),
    "standard": _("Version of the standard"),
    "state": _("State"),
    "stock": _("Stock"),
    "tariff": _("Rate"),
    "thing": _("What was taken in"),
    "until": _("Until"),
    "url": _("Address"),
    "verdict": _("Verdict"),
    "via": _("How it came"),
    "what": _("What"),
    "who": _("Who"),
}
OUTCOMES = dict(Check._meta.get_field("outcome").flatchoices)
OF_A_SUBJECT = {
    "representative": _("%(register)s: representative"),
    "corrected_number": _("%(register)s: corrected number"),
}
# Actions that tell of a column by what it was and what it is.
PAIRED = frozenset({"person_corrected", "power_corrected"})
DAY, INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def _labels() -> dict[str, str | Promise]:
    named = {name: field.verbose_name for field in reversed(COLUMNS) for name in (field.name, field.attname)}
    told = {name: words for name, words in named.items() if isinstance(words, Promise)}
    return {**told, **OF_VEHICLES, **WORDS}


LABELS = _labels()


def changed(entry: JournalEntry) -> list[tuple[str, str]]:
    """Label and value of everything the row tells; asks the database nothing."""
    return list(_pairs(entry.action, entry.changes))


def _pairs(action: str, changes: dict[str, Any]) -> Iterator[tuple[str, str]]:
    before, after = changes.get("before"), changes.get("after")
    for name, value in changes.items():
        if isinstance(before, dict) and isinstance(after, dict) and name in {"before", "after"}:
            if name == "after":
                yield from (
                    (label(key), f"{in_words(key, before.get(key))} → {in_words(key, after[key])}") for key in after
                )
        elif name in {"before", "after"} and isinstance(value, dict):
            yield from ((label(key), in_words(key, told)) for key, told in value.items())
        elif action in PAIRED and isinstance(value, list) and len(value) == 2:
            yield label(name), " → ".join(in_words(name, told) for told in value)
        else:
            yield label(name), in_words(name, value)


def label(name: str) -> str:
    """What the desk calls it; the key itself where it has no word."""
    return capfirst(str(LABELS.get(name, name)))


def in_words(name: str, value: Any) -> str:
    """The value as the desk says it."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "what" and isinstance(value, dict):
        return str(Text(**value))
    if isinstance(value, dict):
        return ", ".join(f"{_inner(name, key)}: {_inside(name, key, told)}" for key, told in value.items())
    if isinstance(value, list):
        return ", ".join(label(item) if name == "fields" else in_words(name, item) for item in value)
    return _one(name, str(value))


def _inner(name: str, key: str) -> str:
    """A key within what `name` tells: registers by their names, rows of the law and references as they are."""
    return _check(key) if name in {"outcomes", "evidence"} else str(LABELS.get(key, key))


def _inside(name: str, key: str, told: Any) -> str:
    if name == "charged":
        charge, _space, amount = str(told).rpartition(" ")
        return f"{_of_standards(charge) or charge} {_money(amount)}"
    return str(OUTCOMES.get(told, told)) if name == "outcomes" else in_words(key, told)


def _one(name: str, value: str) -> str:
    return _known(name, value) or _day(value) or value


def _day(value: str) -> str:
    """A day or an instant as people write it, in Kazakhstan's time; empty for anything else that somebody typed."""
    try:
        if INSTANT.fullmatch(value):
            return timezone.localtime(datetime.fromisoformat(value)).strftime("%d.%m.%Y %H:%M")
        return date.fromisoformat(value).strftime("%d.%m.%Y") if DAY.fullmatch(value) else ""
    except (ValueError, OverflowError):
        return ""


def _known(name: str, value: str) -> str:
    """The word for a code, where there is one; empty otherwise."""
    if name == "what":
        return looked_at(value)
    if name == "amount":
        return _money(value)
    if name in {"check", "checks", "register"}:
        return _check(value)
    if name == "code" and value in HELD_UP:
        return str(HELD_UP[value]())
    if name in {"requirement", "service", "services", "ownership_proof"}:
        return _of_standards(value)
    if name == "stock":
        return next((str(stock.title) for stock in all_stocks() if stock.code == value), "")
    if name == "kind" and value in (papers := names_of_all()):
        return papers[value]
    return str(CHOICES.get((name, value), ""))


def _money(value: str) -> str:
    try:
        return grouped(Decimal(value))
    except InvalidOperation:
        return value


def _choices() -> dict[tuple[str, str], Any]:
    """(column, code) → its word."""
    fields = [(field.name, getattr(field, "base_field", field)) for field in reversed(COLUMNS)]
    return {(name, str(code)): words for name, field in fields for code, words in field.flatchoices if code != ""}


CHOICES = _choices()


def _check(code: str) -> str:
    """A question of the standards by the register it goes to: "fines:applicant", or the register itself."""
    asked, _colon, subject = code.partition(":")
    rules = (rule for service in all_services() for version in service.versions for rule in version.checks)
    register = REGISTERS.get(next((rule.register for rule in rules if rule.code == asked), asked))
    if register is None:
        return code
    return str(OF_A_SUBJECT[subject]) % {"register": register.title} if subject in OF_A_SUBJECT else str(register.title)


def _of_standards(code: str) -> str:
    """A service, sub-service, requirement, way to meet it or charge by its name; empty for an unknown one."""
    for service in all_services():
        for version in reversed(service.versions):
            named = [(version.code, version.title), *((item.code, item.name) for item in version.subservices)]
            named += [(item.code, item.name) for item in version.requirements]
            named += [(item.code, item.name) for item in version.charges]
            named += [(option.code, option.name) for item in version.requirements for option in item.options]
            for known, words in named:
                if known == code:
                    return str(words)
    return ""
