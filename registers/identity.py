"""The register of the population: is the person alive, with a valid document? VR.8.1a, PD.8.1, DL.8.1a, DL.8.2a."""

from datetime import date
from typing import Literal

from pydantic import Field

from registers.answers import Finding, NonsenseError, Outcome, Verdict
from registers.questions import IdentityQuestion
from registers.replies import Reply, day_text


class Document(Reply):
    """An identity document."""

    kind: Literal["identity_card", "passport", "residence_permit"]
    number: str = Field(max_length=30)
    issued_on: date
    issued_by: str
    valid_until: date | None
    status: Literal["valid", "invalid"]


class Address(Reply):
    """Where the person is registered; `region_code` is the code on plates."""

    region_code: str
    text_ru: str = Field(max_length=300)
    text_kk: str


class Person(Reply):
    """A person as the register knows them; names in the spelling of the identity document."""

    iin: str
    surname: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    patronymic: str = Field(max_length=100)
    birth_date: date
    sex: Literal["male", "female"]
    citizenship: str = Field(pattern=r"^[A-Z]{3}$")
    died_on: date | None
    document: Document | None
    address: Address | None


class IdentityReply(Reply):
    """`person` is null if nobody has this IIN."""

    person: Person | None


def interpret(question: IdentityQuestion, reply: IdentityReply, today: date) -> Verdict:
    """Clear for a living person with a valid document; the facts are the person's data."""
    person = reply.person
    if person is None:
        return Verdict(Outcome.HIT, (Finding("identity.not_found", {"iin": question.iin}),))
    if person.iin != question.iin:
        raise NonsenseError("the reply is about another person")
    findings = tuple(_objections(person, today))
    return Verdict(Outcome.HIT if findings else Outcome.CLEAR, findings, person.model_dump(mode="json"))


def _objections(person: Person, today: date) -> list[Finding]:
    if person.died_on:
        return [Finding("identity.dead", {"died_on": day_text(person.died_on)})]
    document = person.document
    if document is None:
        return [Finding("identity.no_document")]
    if document.status != "valid":
        return [Finding("identity.document_invalid", {"number": document.number})]
    if document.valid_until and document.valid_until < today:
        params = {"number": document.number, "valid_until": day_text(document.valid_until)}
        return [Finding("identity.document_expired", params)]
    return []
