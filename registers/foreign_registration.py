"""Registers of other states: is the vehicle still registered there? VR.9.8, primary registration only."""

from datetime import date

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import ForeignRegistrationQuestion
from registers.replies import Reply, day_text


class ForeignRegistration(Reply):
    """A registration abroad; `country` is the two-letter ISO 3166 code."""

    country: str
    plate: str
    registered_on: date
    deregistered_on: date | None


class ForeignRegistrationReply(Reply):
    """All registrations known, ended ones included."""

    registrations: list[ForeignRegistration]


def interpret(_question: ForeignRegistrationQuestion, reply: ForeignRegistrationReply, today: date) -> Verdict:
    """A hit for each state where the vehicle is still registered; an ended registration is only a fact."""
    facts: dict[str, Json] = {"registrations": [item.model_dump(mode="json") for item in reply.registrations]}
    standing = [item for item in reply.registrations if item.deregistered_on is None or item.deregistered_on > today]
    findings = tuple(
        Finding(
            "foreign_registration.registered",
            {"country": item.country, "plate": item.plate, "since": day_text(item.registered_on)},
        )
        for item in standing
    )
    return Verdict(Outcome.HIT if findings else Outcome.CLEAR, findings, facts)
