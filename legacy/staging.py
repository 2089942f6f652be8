"""Files into temporary tables: every row read by Python's rules on the way in, then all rows together by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from legacy.kinds import Kind, all_kinds
from legacy.reading import Row, rows
from legacy.report import Report
from legacy.values import Wrong

# Rows between two looks at the progress bar.
STEP = 2_000
Advance = Callable[[int], None]


@contextmanager
def tables() -> Iterator[None]:
    """Empty staging tables of every kind; they go, with all else that is temporary, when the import is done."""
    # Room to compare millions of rows with each other in memory; the server's usual share would go to its disk.
    # And the triggers' queries planned once, not for each row: planning took most of the time.
    _execute("DISCARD TEMP", "SET work_mem = '64MB'", "SET plan_cache_mode = force_generic_plan")
    # No trigger is ignored. Said outright, because a trigger that finds nothing said asks within a subtransaction that
    # fails, and each of those walks through every deferred foreign key of the chunk: that was nine tenths of the time.
    _execute("SET pgtrigger.ignore = '{}'")
    _execute(*(_definition(kind) for kind in all_kinds()))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _execute("DISCARD TEMP", "RESET work_mem", "RESET plan_cache_mode", "RESET pgtrigger.ignore")


def _definition(kind: Kind) -> str:
    columns = [(column.name, column.type) for column in kind.columns] + list(kind.derived.items())
    listed = ", ".join(f"{name} {kind_of}" for name, kind_of in columns)
    return f"CREATE TEMPORARY TABLE {kind.table} (line bigint PRIMARY KEY, {listed}, problem text, detail text)"


def stage(kind: Kind, path: Path, report: Report, advance: Advance) -> int:
    """Copy the good rows of the file; bad ones go to the report. Returns how many rows were read."""
    names = [column.name for column in kind.columns]
    read = 0

    def bad(line: int, wrong: Wrong) -> None:
        nonlocal read
        read += 1
        report.add(kind, line, wrong.code, wrong.detail, wrong.column)

    copy = f"COPY {kind.table} ({', '.join(('line', *names, *kind.derived))}) FROM STDIN"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(copy) as into,
    ):
        for row in rows(path, names, bad):
            try:
                into.write_row(_read(kind, row))
            except Wrong as wrong:
                bad(row[0], wrong)
                continue
            read += 1
            if read % STEP == 0:
                advance(STEP)
    _execute(*(f"CREATE INDEX ON {kind.table} ({column})" for column in kind.indexed), f"ANALYZE {kind.table}")
    return read


def _read(kind: Kind, row: Row) -> list[object]:
    line, values = row
    taken: dict[str, str | None] = {}
    for column, value in zip(kind.columns, values, strict=True):
        try:
            taken[column.name] = column.read(value)
        except Wrong as wrong:
            wrong.column = wrong.column or column.name
            raise
    derived = kind.derive(taken)
    return [line, *taken.values(), *(derived[name] for name in kind.derived)]


def check(kind: Kind) -> None:
    """Mark the rows that stand twice, that the register has, and that break a rule about many rows."""
    _mark(kind, _doubled(kind))
    _mark(kind, f"SELECT line, CASE WHEN differs = '' THEN 'known' ELSE 'conflict' END AS code, differs AS detail "
          f"FROM ({kind.known}) AS found")  # fmt: skip
    for rule in kind.checks:
        _mark(kind, f"SELECT line, '{rule.code}' AS code, detail FROM ({rule.sql}) AS broken")


def check_again(kind: Kind) -> None:
    """Ask anew what depends on other files, some of whose rows failed."""
    for rule in kind.checks:
        if rule.asks_others:
            _mark(kind, f"SELECT line, '{rule.code}' AS code, detail FROM ({rule.sql}) AS broken")


def _mark(kind: Kind, found: str) -> None:
    _execute(
        f"UPDATE {kind.table} AS s SET problem = found.code, detail = found.detail FROM ({found}) AS found "
        "WHERE found.line = s.line AND s.problem IS NULL"
    )


def _doubled(kind: Kind) -> str:
    """Entries that stand more than once: said the same each time, the first one counts; else none does."""
    said = ", ".join(f"s.{column.name}" for column in kind.columns)
    return f"""
        WITH twice AS (
            SELECT {kind.key} AS key, min(line) AS first, string_agg(line::text, ', ' ORDER BY line) AS lines
            FROM {kind.table} GROUP BY 1 HAVING count(*) > 1
        ), seen AS (
            SELECT s.line, twice.*, ROW({said})::text AS said FROM {kind.table} s JOIN twice ON twice.key = s.{kind.key}
        ), told AS (SELECT key, count(DISTINCT said) = 1 AS same FROM seen GROUP BY key)
        SELECT line, CASE WHEN same THEN 'known' ELSE 'duplicate' END AS code, left(lines, 100) AS detail
        FROM seen JOIN told USING (key) WHERE NOT same OR line <> first"""


def report_marked(kind: Kind, report: Report) -> int:
    """Write the marked rows into the report, as they come from the server. Returns how many are known already."""
    known = 0
    with transaction.atomic(), connection.connection.cursor(name="legacy_report") as cursor:
        cursor.execute(f"SELECT line, problem, detail FROM {kind.table} WHERE problem IS NOT NULL ORDER BY line")
        for line, problem, detail in cursor:
            if problem == "known":
                known += 1
            else:
                report.add(kind, line, problem, detail)
    return known


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
