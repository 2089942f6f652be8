"""The catalog of the database against the names in the tests: no constraint and no trigger stands unproven."""

from __future__ import annotations

import ast
from pathlib import Path

from tests import test_database_refusals
from tests.database_catalog import CONSTRAINTS, catalog, tables, unique_columns, uniques
from tests.one_row_each import own_models, run
from tests.test_database_refusals import COUNTS, ONCE, WRITES


def made_of_columns() -> set[str]:
    """The names that Django gave; they are tried column by column."""
    own, by_column = tables(), unique_columns()
    once = {by_column[model._meta.db_table, column] for model, column in ONCE}
    counts = {f"{model._meta.db_table}_{column}_check" for model, column in COUNTS}
    between = {name for model in own_models() if model._meta.auto_created for name in uniques(model._meta.db_table)}
    assert once | counts | between <= {name for table, name, *_rest in run(CONSTRAINTS) if table in own}
    return once | counts | between


def named_by_tests() -> set[str]:
    """The writes that are refused, and every text that stands by itself in the source of the tests of other things."""
    refused = Path(test_database_refusals.__file__)
    sources = set(Path(__file__).parent.rglob("*.py")) - {Path(__file__), refused}
    trees = [ast.parse(source.read_text()) for source in sources]
    return {name for name, _write in WRITES} | {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_constraint_or_trigger_stands_unproven(db):
    assert sorted(catalog() - made_of_columns() - named_by_tests()) == []


def test_the_catalog_is_read_whole(db):
    """Constraints of every kind, and triggers with and without a name of their own, are among what must be named."""
    assert len(catalog()) > 300
    assert {
        "application_four_eyes",
        "application_one_open_per_subject",
        "ownership_periods_do_not_overlap",
        "plate_never_deleted",
        "plate_stored_for_its_holder",
    } <= catalog()
