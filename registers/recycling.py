"""Certificates of the recycling payment: number, status, vehicle and amount. VR.8.1c, VR.8.3b, VR.6b.

A certificate may be annulled, and a corrected one carries old and new values: the newest value counts.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from registers.answers import Finding, Json, NonsenseError, Outcome, Verdict
from registers.questions import RecyclingCertificateQuestion
from registers.replies import AMOUNT, Money, Reply, amount_text, compact, day_text, same_number

CertificateNumber = Annotated[str, Field(pattern=r"^0[0-9]{8}$")]
CorrectedField = Literal["vin", "body_number", "chassis_number", "amount", "year", "category", "volume_or_mass"]


class Correction(Reply):
    """One annex of a corrected certificate."""

    field: CorrectedField
    old_value: str
    new_value: str
    corrected_on: date


class Certificate(Reply):
    """A certificate as it was first issued, with its corrections; amount in tenge."""

    number: CertificateNumber
    status: Literal["valid", "annulled", "corrected"]
    issued_on: date
    payer_identifier: str
    vin: str
    body_number: str
    chassis_number: str
    category: str
    year: int
    is_tractor_unit: bool
    is_electric: bool
    volume_or_mass: int
    amount: Money
    annulled_on: date | None
    corrections: list[Correction]


class Exemption(Reply):
    """The operator's statement that no payment is due: made or imported up to 27 January 2016."""

    made_or_imported_on: date


class RecyclingReply(Reply):
    """Certificates that carry the vehicle's number or the number asked for."""

    certificates: list[Certificate]
    exemption: Exemption | None


def interpret(question: RecyclingCertificateQuestion, reply: RecyclingReply, _today: date) -> Verdict:
    """Clear for a certificate in force for this vehicle with at least the expected amount, or for an exemption."""
    if not reply.certificates and reply.exemption:
        params: dict[str, Json] = {"made_or_imported_on": day_text(reply.exemption.made_or_imported_on)}
        return Verdict(Outcome.CLEAR, (Finding("recycling.exempt", params),), {"exemption": params})
    certificates = _asked_for(question, reply.certificates)
    if not certificates:
        return Verdict(Outcome.HIT, (Finding("recycling.missing"),))
    verdicts = [_judge(question, certificate) for certificate in certificates]
    return next((verdict for verdict in verdicts if verdict.outcome is Outcome.CLEAR), verdicts[0])


def certificate_number(text: str | None) -> str:
    """The number as the register keeps it: nine digits without the number sign that stands on the paper."""
    return compact(text).lstrip("№N")


def _asked_for(question: RecyclingCertificateQuestion, certificates: Sequence[Certificate]) -> Sequence[Certificate]:
    if not question.certificate_number:
        return certificates
    wanted = certificate_number(question.certificate_number)
    return [certificate for certificate in certificates if certificate.number == wanted]


def _judge(question: RecyclingCertificateQuestion, certificate: Certificate) -> Verdict:
    current = _newest_values(certificate)
    facts: dict[str, Json] = {**certificate.model_dump(mode="json"), **current}
    number: dict[str, Json] = {"number": certificate.number}
    if certificate.status == "annulled":
        params = {**number, "annulled_on": day_text(certificate.annulled_on)}
        return Verdict(Outcome.HIT, (Finding("recycling.annulled", params),), facts)
    if not _same_vehicle(question, current):
        shown = current["vin"] or current["body_number"] or current["chassis_number"]
        return Verdict(Outcome.HIT, (Finding("recycling.vehicle_differs", {**number, "vin": shown}),), facts)
    if question.expected_amount is not None and Decimal(current["amount"]) < Decimal(question.expected_amount):
        expected = amount_text(Decimal(question.expected_amount))
        params = {**number, "amount": amount_text(Decimal(current["amount"])), "expected": expected}
        return Verdict(Outcome.HIT, (Finding("recycling.amount_short", params),), facts)
    if certificate.status == "corrected":
        return Verdict(Outcome.CLEAR, (Finding("recycling.corrected", number),), facts)
    return Verdict(Outcome.CLEAR, facts=facts)


def _newest_values(certificate: Certificate) -> dict[str, str]:
    values = {
        "vin": certificate.vin,
        "body_number": certificate.body_number,
        "chassis_number": certificate.chassis_number,
        "amount": amount_text(certificate.amount),
    }
    for correction in sorted(certificate.corrections, key=lambda item: item.corrected_on):
        if correction.field == "amount" and not AMOUNT.fullmatch(correction.new_value):
            raise NonsenseError("the corrected amount is not an amount")
        if correction.field in values:
            values[correction.field] = correction.new_value
    return values


def _same_vehicle(question: RecyclingCertificateQuestion, current: dict[str, str]) -> bool:
    if question.vin:
        return same_number(question.vin, current["vin"])
    return same_number(question.body_number, current["body_number"]) or same_number(
        question.chassis_number, current["chassis_number"]
    )
