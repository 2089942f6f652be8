"""Fixtures shared by area; each area keeps its own module."""

import os
import uuid
from importlib.util import find_spec
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
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
    "tests.fixtures_plates",
    "tests.fixtures_webhooks",
    "tests.fixtures_worker",
    "tests.fixtures_legacy",
    "tests.fixtures_licences",
    "tests.fixtures_revoking",
    "tests.fixtures_signatures",
    "tests.fixtures_toy",
    "tests.fixtures_api",
    "tests.fixtures_demo_portal",
)

pytest_plugins = [area for area in AREAS if find_spec(area)]


def own_valkey():
    """REDIS_URL with a database number of this worker."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    parts = urlsplit(settings.REDIS_URL)
    return urlunsplit(parts._replace(path=f"/{8 + worker % 8}"))


def pytest_configure():
    """Give each process of a run its own corner of Valkey: nothing remembered by another run reaches a test."""
    settings.CELERY_BROKER_URL = own_valkey()
    settings.INSTANCE = settings.CELERY_TASK_DEFAULT_QUEUE = uuid.uuid4().hex
    settings.CELERY_TASK_ROUTES = {
        name: {"queue": f"{settings.INSTANCE}.webhooks"} for name in settings.CELERY_TASK_ROUTES
    }
    settings.CACHES["default"] |= {"LOCATION": own_valkey(), "KEY_PREFIX": settings.INSTANCE}


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Before the test database is dropped, end the sessions that killed processes may have left on it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
