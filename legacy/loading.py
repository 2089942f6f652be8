"""Good rows into the register, chunk by chunk: each chunk is one transaction that the register's own rules judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from legacy.kinds import Kind
from legacy.models import RegistryImport

CHUNK = 20_000
# The first chunk of a file is small and the next ones double, each counted anew by the database: it would go on reading
# tables from end to end that were empty when it planned the triggers' queries.
FIRST_CHUNK = 1_000
CHUNK_TABLE = "legacy_chunk"
Advance = Callable[[int], None]


def waiting(kind: Kind) -> int:
    """How many rows of the kind are to be loaded."""
    return int(_one(f"SELECT count(*) FROM {kind.table} WHERE problem IS NULL"))


def load(kind: Kind, current: RegistryImport, advance: Advance) -> int:
    """Load what is good, in order. Returns how many rows the database refused; those are marked in staging."""
    refused = 0
    with _queue(kind) as last:
        for places in _chunks(last):
            refused += _load(kind, current, places)
            size = places[1] - places[0] + 1
            if size < CHUNK or places[1] == last:
                _execute(*(f'ANALYZE "{model._meta.db_table}"' for model in kind.models))
            advance(size)
    return refused


def _chunks(last: int) -> Iterator[tuple[int, int]]:
    """The first and last place of each chunk, up to `last`."""
    first, size = 1, min(FIRST_CHUNK, CHUNK)
    while first <= last:
        yield first, min(first + size - 1, last)
        first, size = first + size, min(size * 2, CHUNK)


@contextmanager
def _queue(kind: Kind) -> Iterator[int]:
    """A table of the lines to be loaded, numbered in the order of loading; gives the last number."""
    _execute("DROP TABLE IF EXISTS legacy_queue")
    _execute(
        f"CREATE TEMPORARY TABLE legacy_queue AS SELECT row_number() OVER (ORDER BY {kind.order}) AS place, line "
        f"FROM {kind.table} WHERE problem IS NULL"
    )
    _execute("CREATE UNIQUE INDEX ON legacy_queue (place)")
    _execute("ANALYZE legacy_queue")
    yield int(_one("SELECT count(*) FROM legacy_queue"))
    _execute("DROP TABLE IF EXISTS legacy_queue")


def _load(kind: Kind, current: RegistryImport, places: tuple[int, int]) -> int:
    """One chunk; what the database refuses is halved until the bad row stands alone."""
    first, last = places
    counts = {file: dict(numbers) for file, numbers in current.counts.items()}
    try:
        with transaction.atomic():
            _write(kind, current, places)
            current.counts[kind.file]["loaded"] += last - first + 1
            current.save(update_fields=["counts"])
    except DatabaseError as error:
        current.counts = counts
        if not isinstance(error.__cause__, psycopg.errors.IntegrityError | psycopg.errors.DataError):
            raise
        if first < last:
            middle = (first + last) // 2
            return _load(kind, current, (first, middle)) + _load(kind, current, (middle + 1, last))
        _refuse(kind, first, error.__cause__)
        return 1
    return 0


def _write(kind: Kind, current: RegistryImport, places: tuple[int, int]) -> None:
    first, last = places
    _execute(f"DROP TABLE IF EXISTS {CHUNK_TABLE}")
    _execute(
        f"CREATE TEMPORARY TABLE {CHUNK_TABLE} AS SELECT s.*, q.place FROM legacy_queue q "
        f"JOIN {kind.table} s USING (line) WHERE q.place BETWEEN {first} AND {last} ORDER BY q.place"
    )
    _execute(f"ANALYZE {CHUNK_TABLE}")
    named = {"chunk": CHUNK_TABLE, "import": current.pk, "first": first}
    for statement in kind.before:
        _execute(statement.format_map(named))
    written = _execute(kind.entries.format_map(named))
    if written != last - first + 1:
        raise RuntimeError(f"{kind.file}: {written} entries were made of {last - first + 1} rows.")
    for statement in kind.after:
        _execute(statement.format_map(named))


def _refuse(kind: Kind, place: int, cause: Any) -> None:
    reason = cause.diag.constraint_name or cause.diag.message_primary or ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {kind.table} SET problem = 'database', detail = %s "
            "WHERE line = (SELECT line FROM legacy_queue WHERE place = %s)",
            [reason[:200], place],
        )


def _execute(*statements: str) -> int:
    """Run them in order; the number of rows of the last one."""
    rows = 0
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            rows = int(cursor.rowcount)
    return rows


def _one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
