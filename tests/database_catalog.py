"""What the database itself says of the portal's tables: constraints, unique indexes and triggers, by name."""

from __future__ import annotations

import re

from tests.one_row_each import own_models, run

CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype,
    (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey))
FROM pg_constraint WHERE contype IN ('c', 'u', 'x')
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, 'i', NULL FROM pg_index
WHERE indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE NOT tgisinternal
"""
# How django-pgtrigger writes the name of a trigger.
TRIGGER = r"^pgtrigger_(\w+)_[0-9a-f]{5}$"
# Triggers that refuse nothing: what they write is proven beside the journal.
WRITERS = {"journal_chain"}


def tables() -> set[str]:
    return {model._meta.db_table for model in own_models()}


def unique_columns() -> dict[tuple[str, str], str]:
    """(table, column) → the name of the constraint that makes the column unique."""
    return {
        (table, columns[0]): name
        for table, name, kind, columns in run(CONSTRAINTS)
        if kind == "u" and len(columns) == 1
    }


def uniques(table: str) -> set[str]:
    return {name for of, name, kind, _columns in run(CONSTRAINTS) if of == table and kind == "u"}


def catalog() -> set[str]:
    """Every check, unique and exclusion constraint, and what every trigger refuses, by name."""
    own = tables()
    found = {name for table, name, _kind, _columns in run(CONSTRAINTS) if table in own}
    for table, trigger, source in run(TRIGGERS):
        if table in own:
            found.update(re.findall(r"CONSTRAINT = '(\w+)'", source) or re.findall(TRIGGER, trigger))
    return found - WRITERS
