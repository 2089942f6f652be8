"""The register of legal entities: name, kind, head, and whether the organisation still exists."""

from datetime import date
from typing import Literal

from pydantic import Field

from registers.answers import Finding, NonsenseError, Outcome, Verdict
from registers.identity import Address
from registers.questions import OrganisationQuestion
from registers.replies import Reply, day_text


class Head(Reply):
    """The first head, who may act without a power of attorney."""

    iin: str
    full_name: str = Field(max_length=200)


class Organisation(Reply):
    """A legal entity; `kind` decides whether a seal is asked for (VR.8.1g)."""

    bin: str
    name_ru: str = Field(max_length=300)
    name_kk: str
    kind: Literal["private", "state"]
    registered_on: date
    liquidated_on: date | None
    head: Head | None
    address: Address | None


class OrganisationReply(Reply):
    """`organisation` is null if nothing has this BIN."""

    organisation: Organisation | None


def interpret(question: OrganisationQuestion, reply: OrganisationReply, today: date) -> Verdict:
    """Clear for an organisation that exists; the facts are its data."""
    organisation = reply.organisation
    if organisation is None:
        return Verdict(Outcome.HIT, (Finding("organisations.not_found", {"bin": question.bin}),))
    if organisation.bin != question.bin:
        raise NonsenseError("the reply is about another organisation")
    facts = organisation.model_dump(mode="json")
    if organisation.liquidated_on and organisation.liquidated_on <= today:
        finding = Finding("organisations.liquidated", {"liquidated_on": day_text(organisation.liquidated_on)})
        return Verdict(Outcome.HIT, (finding,), facts)
    return Verdict(Outcome.CLEAR, facts=facts)
