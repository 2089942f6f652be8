"""What workers do with a bulk reversal: look ahead, then withdraw, one decision per transaction.

The lock on the batch makes workers take turns, row by row in the order of the batch; a row with an outcome is never
touched again. So a worker that is killed loses at most the row it was at, and the next one goes on there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone, translation

from applications import revoking
from applications.acting import Actor, lock
from applications.errors import DomainError
from applications.models import (
    BatchState,
    Foreseen,
    OutboxMessage,
    Revocation,
    RevocationBatch,
    RevocationBatchRow,
    RowOutcome,
)
from applications.outbox import Later, handles
from applications.revoking_in_bulk import gather, journal, locked, move, resting_on_answers

# Well below the time after which a broker takes a silent worker for lost.
SLICE_SECONDS = 20.0
LANGUAGES = ("en", "ru", "kk")

logger = logging.getLogger(__name__)


@handles("revocation_preview")
def keep_preview(message: OutboxMessage) -> None:
    go_on(look_ahead, message.payload["batch"])


@handles("revocation_run")
def keep_run(message: OutboxMessage) -> None:
    go_on(withdraw_next, message.payload["batch"])


def go_on(step: Callable[[int], bool], batch_id: int) -> None:
    """Take step after step until there is none left. Raises Later when the slice of time is used up."""
    deadline = time.monotonic() + SLICE_SECONDS
    while step(batch_id):
        if time.monotonic() > deadline:
            raise Later(timedelta(0), "goes on")


@transaction.atomic
def look_ahead(batch_id: int) -> bool:
    """Try the next decision without a forecast, keep what would be undone, and take it back; whether any was left."""
    batch = locked(batch_id)
    if batch.state != BatchState.PREVIEWING:
        return False
    now = timezone.now()
    if batch.gathered_at is None:
        gather(batch, resting_on_answers(batch), now)
    row = batch.rows.filter(foreseen="").select_related("application").first()
    if row is None:
        move(batch, "finish_preview")
        batch.save(update_fields=["state"])
        journal(batch, Actor.automatic(), "batch_previewed", now, {"rows": batch.rows.count()})
        return False
    seen = revoking.forecast(row.application.number)
    row.foreseen = Foreseen.BARRED if seen.obstacle else Foreseen.REVOCABLE
    row.says = [revoking.in_languages(text) for text in seen.undoes]
    if seen.obstacle:
        row.says = [in_every_language(lambda: foreseen_obstacle(row.application.number), seen.obstacle)]
    row.save(update_fields=["foreseen", "says"])
    return True


def foreseen_obstacle(number: str) -> None:
    """Raise the obstacle that stands now."""
    obstacle = revoking.forecast(number).obstacle
    if obstacle is not None:
        raise obstacle


@transaction.atomic
def withdraw_next(batch_id: int) -> bool:
    """Withdraw the next decision that has no outcome, or write down why it stands; whether any was left."""
    batch = locked(batch_id)
    if batch.state != BatchState.RUNNING:
        return False
    row = batch.rows.filter(outcome="").select_related("application").first()
    if row is None:
        finish(batch)
        return False
    carry_out(batch, row)
    row.done_at = timezone.now()
    row.save(update_fields=["outcome", "code", "says", "done_at", "revocation"])
    return True


def finish(batch: RevocationBatch) -> None:
    now = timezone.now()
    move(batch, "finish")
    batch.ended_at = now
    batch.save(update_fields=["state", "ended_at"])
    done = {outcome: batch.rows.filter(outcome=outcome).count() for outcome in RowOutcome.values}
    journal(batch, Actor.automatic(), "batch_finished", now, done)


def carry_out(batch: RevocationBatch, row: RevocationBatchRow) -> None:
    """Withdraw the decision of the row and set its outcome; a refusal or a fault leaves the decision as it was."""
    number = row.application.number
    try:
        with transaction.atomic():
            row.revocation = withdraw(batch, number)
    except DomainError as error:
        row.outcome, row.code = RowOutcome.LEFT, error.code
        row.says = [in_every_language(lambda: tried(batch, number), error)]
    except OperationalError:
        # The database went away, not the case: the row is tried again.
        raise
    except Exception as error:
        logger.exception("Bulk reversal %s failed at application %s.", batch.pk, number)
        row.outcome, row.code = RowOutcome.FAILED, type(error).__name__[:64]
    else:
        row.outcome, row.says = RowOutcome.REVOKED, row.revocation.undone


def withdraw(batch: RevocationBatch, number: str) -> Revocation:
    """The withdrawal of one decision in the names of those who asked for the batch and confirmed it."""
    if batch.confirmed_by is None or batch.asked_at is None:
        raise ValueError("A bulk reversal runs only confirmed.")
    application = lock(number=number, actor=Actor.automatic())
    revocation = Revocation(
        application=application, reason=batch.reason, asked_by=batch.asked_by, asked_at=batch.asked_at
    )
    revoking.require_second_person(application, revocation, batch.confirmed_by)
    revoking.revoke(application, revocation, Actor.of(batch.confirmed_by), timezone.now())
    return revocation


def tried(batch: RevocationBatch, number: str) -> None:
    """Try it and leave everything as it was. Raises as `withdraw` does."""
    with transaction.atomic():
        withdraw(batch, number)
        transaction.set_rollback(True)


def in_every_language(again: Callable[[], None], error: DomainError) -> dict[str, str]:
    """The words of `error` in each language; a refusal puts its numbers into words at once, so it is asked for anew."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(error.message)
            try:
                again()
            except DomainError as repeated:
                said[language] = str(repeated.message)
    return said
