"""Medical certificates of drivers, through the health ministry's system. DL.8.1b, DL.8.2b.

How long a certificate holds is the health ministry's rule: its system says the last day of each one.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import MedicalCertificateQuestion
from registers.replies import Reply, day_text, same_number


class MedicalCertificate(Reply):
    """A certificate by form 073/у. `categories` are those the person is fit for; `restrictions` is empty where none."""

    number: str
    identifier: str
    issued_by: str
    issued_on: date
    valid_until: date
    is_fit: bool
    categories: list[str]
    restrictions: str = Field(max_length=300)


class MedicalCertificatesReply(Reply):
    """Certificates of the person, or the one with the number asked for, whoever it was given to."""

    certificates: list[MedicalCertificate]


def interpret(question: MedicalCertificateQuestion, reply: MedicalCertificatesReply, today: date) -> Verdict:
    """Clear for a certificate in force, for this person and every category asked about; the facts are its data."""
    certificates = _asked_for(question, reply.certificates)
    if not certificates:
        return Verdict(Outcome.HIT, (Finding("medical_certificates.missing"),))
    newest_first = sorted(certificates, key=lambda item: item.issued_on, reverse=True)
    verdicts = [_judge(question, certificate, today) for certificate in newest_first]
    # An older certificate does not outweigh a newer one by which the person is unfit.
    if verdicts[0].findings and verdicts[0].findings[0].code == "medical_certificates.unfit":
        return verdicts[0]
    return next((verdict for verdict in verdicts if verdict.outcome is Outcome.CLEAR), verdicts[0])


def _asked_for(
    question: MedicalCertificateQuestion, certificates: Sequence[MedicalCertificate]
) -> Sequence[MedicalCertificate]:
    if not question.number:
        return [item for item in certificates if item.identifier == question.identifier]
    return [item for item in certificates if same_number(item.number, question.number)]


def _judge(question: MedicalCertificateQuestion, certificate: MedicalCertificate, today: date) -> Verdict:
    number: dict[str, Json] = {"number": certificate.number}
    if certificate.identifier != question.identifier:
        # Whose it is, is not this applicant's business.
        return Verdict(Outcome.HIT, (Finding("medical_certificates.other_person", number),))
    facts = certificate.model_dump(mode="json")
    if certificate.valid_until < today:
        params = {**number, "valid_until": day_text(certificate.valid_until)}
        return Verdict(Outcome.HIT, (Finding("medical_certificates.expired", params),), facts)
    if not certificate.is_fit:
        return Verdict(Outcome.HIT, (Finding("medical_certificates.unfit", number),), facts)
    lacking = [code for code in question.categories if code not in certificate.categories]
    if lacking:
        params = {**number, "categories": ", ".join(lacking)}
        return Verdict(Outcome.HIT, (Finding("medical_certificates.categories_missing", params),), facts)
    return Verdict(Outcome.CLEAR, facts=facts)
