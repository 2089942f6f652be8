from applications.models.application import Application, ApplicationQuerySet, NumberSequence
from applications.models.check import Check, Evidence
from applications.models.document import Document
from applications.models.journal import JournalEntry
from applications.models.outbox import OutboxMessage
from applications.models.paper import Paper, PaperStanding, PaperState

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "Check",
    "Document",
    "Evidence",
    "JournalEntry",
    "NumberSequence",
    "OutboxMessage",
    "Paper",
    "PaperStanding",
    "PaperState",
]
