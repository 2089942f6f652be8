"""The exam register: attempts at theory and practice, with dates and results, never typed. DL-2."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from registers.answers import Finding, Json, NonsenseError, Outcome, Verdict
from registers.questions import ExamsQuestion
from registers.replies import Reply

Kind = Literal["theory", "practice"]


class Attempt(Reply):
    """One attempt. `score` counts right answers in theory and penalty points in practice; the register judges it."""

    identifier: str
    kind: Kind
    category: str
    purpose: Literal["first", "after_deprivation"]
    taken_on: date
    attempt: int
    score: int
    is_passed: bool


class ExamsReply(Reply):
    """All attempts of the person."""

    attempts: list[Attempt]


def interpret(question: ExamsQuestion, reply: ExamsReply, today: date) -> Verdict:
    """Clear when for every category theory and then practice were passed for the purpose asked about.

    The facts are the attempts that count for the question, oldest first.
    """
    if any(item.identifier != question.identifier or item.taken_on > today for item in reply.attempts):
        raise NonsenseError("the reply is about another person, or of days to come")
    counted = sorted(
        (item for item in reply.attempts if item.purpose == question.purpose and item.category in question.categories),
        key=lambda item: (item.taken_on, item.attempt),
    )
    facts = {"attempts": [item.model_dump(mode="json") for item in counted]}
    theory = {code: _passed(counted, "theory", code) for code in question.categories}
    without_theory = [code for code, day in theory.items() if day is None]
    without_practice = [
        code
        for code, day in theory.items()
        if day is not None and _passed(counted, "practice", code, since=day) is None
    ]
    findings = [
        Finding(f"exams.{name}", _told(counted, kind, codes))
        for name, kind, codes in (
            ("theory_not_passed", "theory", without_theory),
            ("practice_not_passed", "practice", without_practice),
        )
        if codes
    ]
    return Verdict(Outcome.HIT if findings else Outcome.CLEAR, tuple(findings), facts)


def _passed(attempts: Sequence[Attempt], kind: str, category: str, since: date | None = None) -> date | None:
    """The day of the first attempt passed; practice counts from the day theory was passed."""
    days = [
        item.taken_on
        for item in attempts
        if item.kind == kind
        and item.category == category
        and item.is_passed
        and (since is None or item.taken_on >= since)
    ]
    return min(days, default=None)


def _told(attempts: Sequence[Attempt], kind: str, codes: Sequence[str]) -> dict[str, Json]:
    count = sum(item.kind == kind and item.category in codes for item in attempts)
    return {"categories": ", ".join(codes), "attempts": count}
