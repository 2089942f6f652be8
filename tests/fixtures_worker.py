"""The portal as it runs: a live server, a real Celery worker on the test database, the simulator calling back."""

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from celery import current_app
from celery.exceptions import DuplicateNodenameWarning
from django.conf import settings as portal_settings
from django.db import connection

from offices.models import Staff
from tests.fixtures_registers import CALLBACK_SECRET, SimulatorControl

ROOT = Path(__file__).resolve().parent.parent
WORKER = ["-m", "celery", "-A", "portal", "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
START_SECONDS = 60


def database_url() -> str:
    """The test database as a worker process has to be told of it."""
    parts = connection.settings_dict
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    return f"postgres://{parts['USER']}{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


@dataclass
class Running:
    """A portal at work: where it is, its simulator, its people, and its worker process."""

    url: str
    simulator: SimulatorControl
    people: dict[str, Staff]
    environment: dict[str, str]
    worker: subprocess.Popen[bytes]

    def kill_worker(self) -> None:
        """Kill the worker and its children without warning, as a power cut would."""
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def start_worker(self) -> None:
        self.worker = start_worker(self.environment)


def queues_of(environment: dict[str, str]) -> list[str]:
    return [environment["INSTANCE"], f"{environment['INSTANCE']}.webhooks"]


def empty(queues: list[str]) -> None:
    """Take out what earlier tests have left: no worker does the work of another test, whose rows are gone."""
    with current_app.connection_for_write() as connected:
        for queue in queues:
            connected.default_channel.queue_purge(queue)


def start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    queue = environment["INSTANCE"]
    # Several portals may be tested on one machine at once: each worker answers by a name of its own.
    named = ["--hostname", f"{queue}@%h"]
    queues = ["--queues", ",".join(queues_of(environment))]
    command = [sys.executable, *WORKER, *QUIET, *named, *queues]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while not any(queue in queues for queues in consumed()):
        assert process.poll() is None, "the worker stopped at once"
        assert time.monotonic() < deadline, "the worker did not start"
    return process


def consumed() -> list[str]:
    """The queues that workers listen to, one text for each worker."""
    with warnings.catch_warnings():
        # Workers of other portals may share a name; only the one with our queue counts.
        warnings.simplefilter("ignore", DuplicateNodenameWarning)
        found = current_app.control.inspect(timeout=1).active_queues() or {}
    return [str(queues) for queues in found.values()]


@contextmanager
def working(environment: dict[str, str], **parts) -> Iterator[Running]:
    empty(queues_of(environment))
    running = Running(environment=environment, worker=start_worker(environment), **parts)
    try:
        yield running
    finally:
        if running.worker.poll() is None:
            running.kill_worker()


@pytest.fixture
def running(transactional_db, live_server, simulator, settings, almaty) -> Iterator[Running]:
    """Almaty with its stock and people, everything real but the registers and the gateway behind the simulator."""
    settings.PORTAL_URL = live_server.url
    settings.MEDIA_ROOT = almaty.folder / "media"
    settings.KEYS_DIR = almaty.folder / "keys"
    almaty.settle()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": portal_settings.CELERY_BROKER_URL,
        "TEST_DB_SUFFIX": "",
        "INSTANCE": portal_settings.INSTANCE,
        "PORTAL_URL": live_server.url,
        "SIMULATOR_URL": simulator.url,
        "PAYMENT_CALLBACK_SECRET": CALLBACK_SECRET,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "KEYS_DIR": str(settings.KEYS_DIR),
        "LOG_LEVEL": "WARNING",
    }
    people = {staff.username: staff for staff in Staff.objects.select_related("office__serves")}
    with working(environment, url=live_server.url, simulator=simulator, people=people) as portal:
        yield portal
