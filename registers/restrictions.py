"""Prohibitions and restrictions on registration acts: bailiffs, courts, pledges, customs. VR.9.7."""

from datetime import date

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import RestrictionsQuestion
from registers.replies import Money, Reply, amount_text, day_text


class Restriction(Reply):
    """One restriction; `lifted_when` says in words what has to happen, `lifted_on` when it did."""

    authority: str
    officer: str
    case_number: str
    amount: Money | None
    since: date
    lifted_when: str
    lifted_on: date | None


class RestrictionsReply(Reply):
    """All restrictions on the vehicle, lifted ones included."""

    restrictions: list[Restriction]


def interpret(_question: RestrictionsQuestion, reply: RestrictionsReply, today: date) -> Verdict:
    """A hit with one finding for each restriction in force."""
    in_force = [item for item in reply.restrictions if item.lifted_on is None or item.lifted_on > today]
    if not in_force:
        return Verdict(Outcome.CLEAR)
    facts: dict[str, Json] = {"restrictions": [item.model_dump(mode="json") for item in in_force]}
    return Verdict(Outcome.HIT, tuple(_finding(item) for item in in_force), facts)


def _finding(item: Restriction) -> Finding:
    params: dict[str, Json] = {
        "authority": item.authority,
        "officer": item.officer,
        "case_number": item.case_number,
        "since": day_text(item.since),
        "lifted_when": item.lifted_when,
    }
    if item.amount is None:
        return Finding("restrictions.active", params)
    return Finding("restrictions.active_with_amount", {**params, "amount": amount_text(item.amount)})
