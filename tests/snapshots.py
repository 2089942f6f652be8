"""Tables as PostgreSQL copies them, so that a world or a case is made once per database and soon put back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

# Django's own bookkeeping stays when the database is emptied; numbers must never be given twice (see fixtures_road).
LEFT_ALONE = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "applications_numbersequence",
}

Snapshot = dict[str, bytes]


def take(names: Iterable[str] | None = None) -> Snapshot:
    """What the tables hold now, by table."""
    tables = names or (name for name in connection.introspection.table_names() if name not in LEFT_ALONE)
    with connection.cursor() as cursor:
        return {name: _copied_out(cursor, name) for name in tables}


def difference(now: Snapshot, before: Snapshot) -> Snapshot:
    """The tables of `now` that `before` has otherwise."""
    return {name: rows for name, rows in now.items() if rows != before.get(name, b"")}


def put_back(snapshot: Snapshot) -> None:
    """Let the tables hold exactly this. Triggers and foreign keys rest meanwhile: the rows were judged when written."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name, rows in snapshot.items():
            cursor.execute(f'DELETE FROM "{name}"')
            if rows:
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(rows)
        cursor.execute("SET session_replication_role = origin")


def _copied_out(cursor, name: str) -> bytes:
    with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
        return b"".join(bytes(piece) for piece in copy)
