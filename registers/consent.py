"""The service of control of access to personal data: was consent given, and not taken back? VR.9.3, PD.9.7, DL.9.4."""

from datetime import date
from typing import Literal

from registers.answers import Finding, Outcome, Verdict
from registers.questions import ConsentQuestion
from registers.replies import Reply, day_text


class ConsentReply(Reply):
    """The state of the consent for the service asked about."""

    state: Literal["given", "missing", "revoked"]
    given_on: date | None
    revoked_on: date | None


def interpret(question: ConsentQuestion, reply: ConsentReply, today: date) -> Verdict:
    """Clear only for a consent that is given at this moment."""
    facts = {"service": question.service, **reply.model_dump(mode="json")}
    if reply.state == "given":
        return Verdict(Outcome.CLEAR, facts=facts)
    if reply.state == "revoked":
        finding = Finding("consent.revoked", {"revoked_on": day_text(reply.revoked_on or today)})
        return Verdict(Outcome.HIT, (finding,), facts)
    return Verdict(Outcome.HIT, (Finding("consent.missing"),), facts)
