"""Certificates of completed driving courses: the professional associations' system or AIS «Автошкола». DL.8.1d."""

from datetime import date
from typing import Literal

from registers.answers import Finding, NonsenseError, Outcome, Verdict
from registers.questions import DrivingCoursesQuestion
from registers.replies import Reply


class CourseCertificate(Reply):
    """A certificate for one category."""

    number: str
    identifier: str
    system: Literal["association", "avtoshkola"]
    school: str
    category: str
    completed_on: date
    is_annulled: bool


class DrivingCoursesReply(Reply):
    """All certificates of the person."""

    certificates: list[CourseCertificate]


def interpret(question: DrivingCoursesQuestion, reply: DrivingCoursesReply, _today: date) -> Verdict:
    """Clear when every category asked about has a certificate that holds; the facts are these certificates."""
    if any(item.identifier != question.identifier for item in reply.certificates):
        raise NonsenseError("the reply is about another person")
    holding = {item.category: item for item in reply.certificates if not item.is_annulled}
    annulled = {item.category: item for item in reply.certificates if item.is_annulled}
    facts = {"certificates": [item.model_dump(mode="json") for item in reply.certificates]}
    lacking = [code for code in question.categories if code not in holding]
    if not lacking:
        return Verdict(Outcome.CLEAR, facts=facts)
    taken_back = [annulled[code] for code in lacking if code in annulled]
    if taken_back:
        numbers = ", ".join(item.number for item in taken_back)
        return Verdict(Outcome.HIT, (Finding("driving_courses.annulled", {"number": numbers}),), facts)
    return Verdict(Outcome.HIT, (Finding("driving_courses.missing", {"categories": ", ".join(lacking)}),), facts)
