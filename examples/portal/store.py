"""What the demo portal remembers by itself, in one SQLite file: who filed what, who is to sign it, what it was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from examples.portal import settings

TABLES = """
CREATE TABLE IF NOT EXISTS cases (reference TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, applicant TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signers (number TEXT NOT NULL, signer TEXT NOT NULL, PRIMARY KEY (number, signer));
CREATE TABLE IF NOT EXISTS webhooks (id TEXT PRIMARY KEY, number TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS webhooks_of ON webhooks (number);
"""
# What one may see who filed it or is to sign it; one application, or all of them.
SEEN = """
SELECT number, applicant,
    EXISTS (SELECT 1 FROM signers WHERE signers.number = cases.number AND signer = :who) AS is_to_sign
FROM cases WHERE (applicant = :who OR is_to_sign) AND (:number IS NULL OR number = :number) ORDER BY rowid DESC LIMIT 50
"""


@dataclass(frozen=True)
class Filed:
    """An application that was filed here, as one who may see it does."""

    number: str
    applicant: str
    is_to_sign: bool


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(settings.STORE, timeout=10)
    try:
        connection.executescript(TABLES)
        with connection:
            yield connection
    finally:
        connection.close()


def file(reference: str, number: str, applicant: str) -> None:
    """Remember an application under our reference; the same one twice is one."""
    with _open() as store:
        store.execute("INSERT OR IGNORE INTO cases VALUES (?, ?, ?)", (reference, number, applicant))


def number_of(reference: str) -> str:
    """The number of the application under this reference of ours, or nothing."""
    with _open() as store:
        row = store.execute("SELECT number FROM cases WHERE reference = ?", (reference,)).fetchone()
    return row[0] if row else ""


def keep_signers(number: str, signers: Iterable[str]) -> None:
    """Remember whose signatures the application waits for, in place of those known before."""
    with _open() as store:
        store.execute("DELETE FROM signers WHERE number = ?", (number,))
        store.executemany("INSERT INTO signers VALUES (?, ?)", [(number, signer) for signer in set(signers)])


def seen(number: str, who: str) -> Filed | None:
    """The application, if this party filed it or is to sign it."""
    return next(iter(seen_by(who, number)), None)


def seen_by(who: str, number: str | None = None) -> list[Filed]:
    """What the party filed or is to sign, newest first; only the one with this number, if one is given."""
    with _open() as store:
        rows = store.execute(SEEN, {"who": who, "number": number}).fetchall()
    return [Filed(number, applicant, bool(is_to_sign)) for number, applicant, is_to_sign in rows]


def hear(webhook: str, number: str) -> None:
    """Remember a webhook by its id, and which application it told of; one that comes again changes nothing."""
    with _open() as store:
        store.execute("INSERT OR IGNORE INTO webhooks VALUES (?, ?)", (webhook, number))


def heard(number: str) -> int:
    """How many webhooks have told of the application."""
    with _open() as store:
        count: int = store.execute("SELECT count(*) FROM webhooks WHERE number = ?", (number,)).fetchone()[0]
    return count
