"""The two lists of the Financial Monitoring Agency: terrorism and proliferation. VR.9.6 (both), PD.9.5 (the first)."""

from datetime import date

from registers import matching
from registers.answers import Verdict
from registers.questions import SanctionsQuestion
from registers.replies import Reply


class ListEntry(Reply):
    """An entry; an organisation's name stands in `surname`, `identifier` is the IIN or BIN where it is known."""

    identifier: str | None
    surname: str
    given_name: str
    patronymic: str
    birth_date: date | None
    reason: str


class SanctionsReply(Reply):
    """Entries of one list that are near to the person or organisation asked about."""

    entries: list[ListEntry]


def interpret(question: SanctionsQuestion, reply: SanctionsReply, _today: date) -> Verdict:
    """Hit by IIN or BIN; a match of name and birth date without a number needs a human."""
    return matching.verdict(question.register, question.identifier, question, reply.entries)
