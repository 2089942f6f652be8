"""Fixtures shared by area; each area keeps its own module."""

import os
import uuid
from importlib.util import find_spec
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

# The same examples in each run: what holds on one machine holds on every one. Others are looked for with
# `pytest --hypothesis-profile default`, which draws them anew each time.
hypothesis_settings.register_profile("repeatable", derandomize=True)
hypothesis_settings.load_profile("repeatable")

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


# Django's own bookkeeping: it follows from the code, so it stays when the test database is emptied.
STAYS = {"django_content_type", "auth_permission"}


def emptied(_case=None):
    """Delete what a test has committed, past the guards: triggers and foreign keys rest.

    Tables that are empty already cost nothing, and what follows a migration is not made anew: Django's own flush
    truncates every table and then looks for missing permissions, for each test.
    """
    names = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - STAYS)
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Whatever another connection is still about has to be over first.
        cursor.execute("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE".format(", ".join(f'"{name}"' for name in names)))
        cursor.execute(filled)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{name}"')


@pytest.fixture(scope="session", autouse=True)
def empty_past_the_guards():
    """Let the test database be emptied between tests although its own triggers forbid it to everybody else."""
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = emptied
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Before the test database is dropped, end the sessions that killed processes may have left on it.

    Only those of this role: the server's own cleaning leaves by itself, and nobody but its owner may end it.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
