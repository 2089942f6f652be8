"""What the demo portal remembers by itself, in one SQLite file: who filed what, who is to sign it, what it was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from examples.portal import settings

TABLES = """
CREATE TABLE IF NOT EXISTS filed (
    reference TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, applicant TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signers (
    number TEXT NOT NULL, signer TEXT NOT NULL, PRIMARY KEY (number, signer));
CREATE TABLE IF NOT EXISTS heard (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS heard_of ON heard (number);
"""


@dataclass(frozen=True)
class Filed:
    """One application that a person filed here; `title` is what the service was called then."""

    reference: str
    number: str
    applicant: str
    title: str


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(settings.STORE, timeout=10)
    try:
        connection.executescript(TABLES)
        with connection:
            yield connection
    finally:
        connection.close()


def file(filed: Filed) -> None:
    """Remember an application; the same one twice is one."""
    with _open() as store:
        store.execute(
            "INSERT OR IGNORE INTO filed VALUES (?, ?, ?, ?)",
            (filed.reference, filed.number, filed.applicant, filed.title),
        )


def filed(*, number: str = "", reference: str = "") -> Filed | None:
    """The application with this number, or under this reference of ours."""
    with _open() as store:
        row = store.execute("SELECT * FROM filed WHERE number = ? OR reference = ?", (number, reference)).fetchone()
    return Filed(*row) if row else None


def keep_signers(number: str, signers: Iterable[str]) -> None:
    """Remember whose signatures the application waits for, in place of those known before."""
    with _open() as store:
        store.execute("DELETE FROM signers WHERE number = ?", (number,))
        store.executemany("INSERT INTO signers VALUES (?, ?)", [(number, signer) for signer in set(signers)])


def may_see(number: str, person: str) -> bool:
    """Whether the person filed the application or is to sign it."""
    with _open() as store:
        row = store.execute(
            "SELECT 1 FROM filed WHERE number = :number AND (applicant = :person OR EXISTS"
            " (SELECT 1 FROM signers WHERE signers.number = :number AND signer = :person))",
            {"number": number, "person": person},
        ).fetchone()
    return row is not None


def seen_by(person: str) -> list[Filed]:
    """What the person filed or is to sign, newest first."""
    with _open() as store:
        rows = store.execute(
            "SELECT * FROM filed WHERE applicant = :person OR number IN"
            " (SELECT number FROM signers WHERE signer = :person) ORDER BY rowid DESC LIMIT 50",
            {"person": person},
        ).fetchall()
    return [Filed(*row) for row in rows]


def hear(number: str, event: dict[str, Any]) -> None:
    """Remember a webhook by its id; one that comes again changes nothing."""
    told = event["data"]
    row = (number, told.get("application", ""), event["type"], told.get("state", ""), event["timestamp"])
    with _open() as store:
        store.execute("INSERT OR IGNORE INTO heard VALUES (?, ?, ?, ?, ?)", row)


def heard(number: str) -> int:
    """How many webhooks have told of the application."""
    with _open() as store:
        count: int = store.execute("SELECT count(*) FROM heard WHERE number = ?", (number,)).fetchone()[0]
    return count
