from applications.models.application import Application, ApplicationQuerySet, NumberSequence
from applications.models.check import Check, Evidence
from applications.models.correction import Correction
from applications.models.document import Document
from applications.models.journal import JournalEntry
from applications.models.outbox import OutboxMessage
from applications.models.paper import Paper, PaperStanding, PaperState
from applications.models.revocation import Revocation
from applications.models.revocation_batch import (
    BatchState,
    Foreseen,
    RevocationBatch,
    RevocationBatchRow,
    RowOutcome,
)
from applications.models.signature import Signature
from applications.models.surrender import Surrender, SurrenderOutcome

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "BatchState",
    "Check",
    "Correction",
    "Document",
    "Evidence",
    "Foreseen",
    "JournalEntry",
    "NumberSequence",
    "OutboxMessage",
    "Paper",
    "PaperStanding",
    "PaperState",
    "Revocation",
    "RevocationBatch",
    "RevocationBatchRow",
    "RowOutcome",
    "Signature",
    "Surrender",
    "SurrenderOutcome",
]
