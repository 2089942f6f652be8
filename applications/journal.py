"""Reading the journal's chain: looks at personal data go in, tampering comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from applications.acting import Actor, record
from applications.models import Application, JournalEntry

GENESIS = "0" * 64


def viewed(*, actor: Actor, application: Application, what: str, now: datetime) -> None:
    """Journal that `actor` looked at personal data: `what` names the page or the field."""
    record(application, actor, "viewed", now, {"what": what})


def noted(*, chain: str, actor: Actor, action: str, now: datetime, changes: dict[str, Any] | None = None) -> None:
    """Journal something that belongs to no application: a sign-in, a movement of stock, a change of a tariff."""
    JournalEntry.objects.create(
        chain=chain,
        at=now,
        actor=actor.staff,
        actor_label=actor.label,
        address=actor.address,
        action=action,
        changes=changes or {},
    )


def expected_hash(entry: JournalEntry, changes_text: str) -> str:
    """The hash the database must have stored for `entry`; mirrors the trigger in models/journal.py."""
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    parts = [
        entry.previous_hash,
        entry.chain,
        str(entry.sequence),
        at,
        "" if entry.actor_id is None else str(entry.actor_id),
        entry.actor_label,
        entry.address or "",
        entry.action,
        changes_text,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def broken_rows(chain: str | None = None) -> Iterator[JournalEntry]:
    """Every row whose content, place or predecessor is not what was written, in order of the chains."""
    rows = JournalEntry.objects.annotate(changes_text=Cast("changes", models.TextField())).order_by("chain", "sequence")
    if chain is not None:
        rows = rows.filter(chain=chain)
    previous: JournalEntry | None = None
    for entry in rows.iterator(chunk_size=2000):
        follows = previous is not None and previous.chain == entry.chain
        last_hash = previous.hash if follows and previous else GENESIS
        sequence = (previous.sequence or 0) + 1 if follows and previous else 1
        is_sound = (
            entry.sequence == sequence
            and entry.previous_hash == last_hash
            and entry.hash == expected_hash(entry, entry.changes_text)
        )
        if not is_sound:
            yield entry
        previous = entry


def verify(chain: str | None = None) -> JournalEntry | None:
    """The first broken row, or None when every chain (or the named one) is whole."""
    return next(broken_rows(chain), None)
