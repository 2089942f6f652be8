"""The wanted database, persons: applicant and representative. VR.9.5, PD.9.6."""

from datetime import date

from registers import matching
from registers.answers import Verdict
from registers.questions import WantedPersonQuestion
from registers.replies import Reply


class WantedPerson(Reply):
    """An entry; `identifier` is the IIN where it is known, `reason` names initiator and case."""

    identifier: str | None
    surname: str
    given_name: str
    patronymic: str
    birth_date: date | None
    reason: str


class WantedPersonsReply(Reply):
    """Entries that the database found near to the person asked about."""

    entries: list[WantedPerson]


def interpret(question: WantedPersonQuestion, reply: WantedPersonsReply, _today: date) -> Verdict:
    """Hit by IIN; a match of name and birth date without IIN needs a human."""
    return matching.verdict("wanted_persons", question.iin, question, reply.entries)
