"""Court rulings that deprive of the right to drive. DL-2, and DL.9.2 for whoever exchanges a licence."""

from datetime import date

from registers.answers import Finding, Json, NonsenseError, Outcome, Verdict
from registers.questions import DeprivationsQuestion
from registers.replies import Reply, day_text


class Deprivation(Reply):
    """One ruling; the right is lost from the day it came into force until its last day, both inside."""

    identifier: str
    court: str
    case_number: str
    article: str
    in_force_from: date
    until: date
    set_aside_on: date | None


class DeprivationsReply(Reply):
    """All rulings about the person, served and set aside ones included."""

    deprivations: list[Deprivation]


def interpret(question: DeprivationsQuestion, reply: DeprivationsReply, today: date) -> Verdict:
    """A hit while a term runs; after it, only an issue after deprivation gives the right back.

    A licence issued before a ruling that is served lost its force by it and is not exchanged
    (`deprivations.exam_again`); an issue after deprivation needs a ruling to be after (`deprivations.none`).
    """
    if any(item.identifier != question.identifier for item in reply.deprivations):
        raise NonsenseError("the reply is about another person")
    rulings = [item for item in reply.deprivations if item.set_aside_on is None and item.in_force_from <= today]
    facts = {"deprivations": [item.model_dump(mode="json") for item in rulings]}
    running = [item for item in rulings if item.until >= today]
    if running:
        return Verdict(Outcome.HIT, tuple(Finding("deprivations.in_force", _told(item)) for item in running), facts)
    if question.purpose == "after_deprivation":
        if not rulings:
            return Verdict(Outcome.HIT, (Finding("deprivations.none"),), facts)
        last = max(rulings, key=lambda item: item.until)
        return Verdict(Outcome.CLEAR, (Finding("deprivations.served", _told(last)),), facts)
    since = date.fromisoformat(question.licence_issued_on) if question.licence_issued_on else None
    lost = [item for item in rulings if since is not None and item.in_force_from >= since]
    if lost:
        return Verdict(Outcome.HIT, tuple(Finding("deprivations.exam_again", _told(item)) for item in lost), facts)
    return Verdict(Outcome.CLEAR, facts=facts)


def _told(item: Deprivation) -> dict[str, Json]:
    return {
        "court": item.court,
        "case_number": item.case_number,
        "article": item.article,
        "since": day_text(item.in_force_from),
        "until": day_text(item.until),
    }
