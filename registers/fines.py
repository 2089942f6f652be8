"""The register of administrative proceedings, road safety only.

VR.9.4 is refused for any unexecuted fine; PD.9.4 and DL.9.3 only for one whose payment term has passed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import FinesQuestion
from registers.replies import Money, Reply, amount_text, day_text


class Fine(Reply):
    """An order or a prescription; `due_on` is the last day on which paying is in time."""

    order: str
    kind: Literal["order", "prescription"]
    article: str
    amount: Money
    issued_on: date
    due_on: date
    executed_on: date | None


class FinesReply(Reply):
    """All road-safety fines that the register holds against the person or organisation."""

    fines: list[Fine]


def interpret(question: FinesQuestion, reply: FinesReply, today: date) -> Verdict:
    """A hit by the scope asked; a fine still within its term is told as information where it does not block."""
    unexecuted = [fine for fine in reply.fines if fine.executed_on is None]
    overdue = [fine for fine in unexecuted if fine.due_on < today]
    facts = {"fines": [fine.model_dump(mode="json") for fine in unexecuted]}
    if question.scope == "any":
        if unexecuted:
            return Verdict(Outcome.HIT, (Finding("fines.unexecuted", _summary(unexecuted)),), facts)
        return Verdict(Outcome.CLEAR, facts=facts)
    if overdue:
        return Verdict(Outcome.HIT, (Finding("fines.overdue", _summary(overdue)),), facts)
    if unexecuted:
        return Verdict(Outcome.CLEAR, (Finding("fines.within_term", _summary(unexecuted)),), facts)
    return Verdict(Outcome.CLEAR, facts=facts)


def _summary(fines: Sequence[Fine]) -> dict[str, Json]:
    return {
        "count": len(fines),
        "amount": amount_text(sum((fine.amount for fine in fines), Decimal(0))),
        "order": ", ".join(fine.order for fine in fines),
        "due_on": day_text(min(fine.due_on for fine in fines)),
    }
