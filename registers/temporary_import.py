"""Customs documents of a temporary import into the EAEU. VR.8.1e: registration for a limited term."""

from datetime import date

from pydantic import Field

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import TemporaryImportQuestion
from registers.replies import Reply, day_text, same_number
from registers.vehicle_passport import PassportVehicle


class Declaration(Reply):
    """A declaration; the vehicle may stay until the end of `valid_until`.

    A vehicle that only visits has no passport of the union, so customs tell what it is, in the same words.
    """

    number: str = Field(max_length=40)
    imported_on: date
    valid_until: date
    closed_on: date | None
    vehicle: PassportVehicle


class TemporaryImportReply(Reply):
    """The declarations that name the vehicle."""

    declarations: list[Declaration]


def interpret(question: TemporaryImportQuestion, reply: TemporaryImportReply, today: date) -> Verdict:
    """Clear for a declaration that still holds; its last day is a fact, because the registration ends with it."""
    found = [
        item
        for item in reply.declarations
        if not question.declaration or same_number(question.declaration, item.number)
    ]
    if not found:
        return Verdict(Outcome.HIT, (Finding("temporary_import.missing"),))
    latest = max(found, key=lambda item: (item.closed_on is None, item.valid_until))
    facts: dict[str, Json] = latest.model_dump(mode="json")
    if latest.closed_on and latest.closed_on <= today:
        params = {"number": latest.number, "closed_on": day_text(latest.closed_on)}
        return Verdict(Outcome.HIT, (Finding("temporary_import.closed", params),), facts)
    params = {"number": latest.number, "valid_until": day_text(latest.valid_until)}
    if latest.valid_until < today:
        return Verdict(Outcome.HIT, (Finding("temporary_import.expired", params),), facts)
    return Verdict(Outcome.CLEAR, (Finding("temporary_import.valid", params),), facts)
