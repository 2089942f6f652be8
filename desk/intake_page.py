"""What the intake pages show beside each step: where one is, what the law asks, what is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.checklist import RequirementState, checklist
from applications.errors import InvalidInputError
from applications.models import Application
from applications.services import ChargeLine, facts_of, service_of, standard_of
from applications.standards import DueAt
from registers.contract import Outcome

STEPS = (
    ("start", _("Service and applicant")),
    ("details", _("What it is about")),
    ("documents", _("Documents")),
    ("payment", _("Payment")),
    ("review", _("Check and receipt")),
)

# The panel inside a step's own page that register answers and payments change, by the id of its element.
PANELS = {"details": "shown", "payment": "charges", "review": "review"}


@dataclass(frozen=True)
class Step:
    """One step on the left: `standing` is "done" (before the current one), "on" or "" (still to come)."""

    code: str
    number: int
    word: str
    standing: str
    url: str


def steps(application: Application | None, current: str) -> list[Step]:
    codes = [code for code, _word in STEPS]
    here = codes.index(current)
    found = []
    for position, (code, plain) in enumerate(STEPS):
        word: object = plain
        standing = "on" if position == here else "done" if position < here else ""
        if code == "details" and application is not None:
            word = service_of(application).subject_name
        can_go = application is not None and code != "start"
        url = reverse(f"desk:intake_{code}", args=[application.number]) if can_go and application else ""
        found.append(Step(code, position + 1, str(word), standing, url))
    return found


@dataclass(frozen=True)
class Fact:
    """What a register has said of the draft: `standing` is ok, block, wait or warn."""

    name: str
    standing: str
    says: tuple[str, ...]


STANDINGS = {
    Outcome.CLEAR.value: "ok",
    Outcome.HIT.value: "block",
    Outcome.NEEDS_HUMAN.value: "warn",
    Outcome.UNAVAILABLE.value: "wait",
    "": "wait",
}


def surroundings(application: Application, step: str, panel: str, now: datetime) -> dict[str, Any]:
    """What every page of a draft shows around `step`; `panel` is the one of PANELS it has, "" for none of them.

    Raises InvalidInputError when there is no such step.
    """
    if step not in dict(STEPS):
        raise InvalidInputError({"step": _("There is no such step.")})
    around = {"application": application, "step": step, "panel": panel, "steps": steps(application, step)}
    return {**around, **_aside(application, now)}


def _aside(application: Application, now: datetime) -> dict[str, Any]:
    """Checklist, charges and the term, as the right-hand panels show them."""
    service = service_of(application)
    lines = service.charges(application)
    needs = checklist(application, now, lines=lines)
    return {
        "needs": needs,
        "left": sum(1 for need in needs if need.requirement.due == DueAt.SUBMISSION and not need.is_met),
        "scans": [need for need in needs if need.accepts_scan],
        "lines": lines,
        "total": total(lines),
        "shown": service.facts_shown(application),
        "term": standard_of(application).term(facts_of(application)),
    }


def total(lines: Sequence[ChargeLine]) -> Decimal | None:
    """The sum of the charges in tenge, or None while one of them has no amount."""
    amounts = [line.amount for line in lines]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), Decimal(0))


def register_standing(need: RequirementState) -> str:
    """How the register stands that can meet the requirement: "" when none is asked."""
    return STANDINGS[need.check.outcome] if need.check is not None else ""
