"""Fixtures shared by area; each area keeps its own module."""

import uuid
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations

AREAS = (
    "tests.fixtures_offices",
    "tests.fixtures_registers",
    "tests.fixtures_fees",
    "tests.fixtures_registration",
    "tests.fixtures_papers",
    "tests.fixtures_road",
    "tests.fixtures_browser",
    "tests.fixtures_desk",
)

pytest_plugins = [area for area in AREAS if find_spec(area)]


def pytest_configure():
    """Give each process of a run its own corner of Valkey: nothing remembered by another run reaches a test."""
    settings.CACHES["default"]["KEY_PREFIX"] = uuid.uuid4().hex


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guards():
    """Let the test database be emptied between tests although its own triggers forbid it to everybody else."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_replica(self, statements):
        role = "SET session_replication_role = "
        return flush(self, [role + "replica", *statements, role + "origin"])

    DatabaseOperations.execute_sql_flush = flush_as_replica
    yield
    DatabaseOperations.execute_sql_flush = flush
