"""The reference portal of examples/portal/ as its own process, connected to a portal at work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command

from api.management.commands.connect_demo_portal import read
from bench.answering import wait_for
from portal.embedded import free_port
from tests.fixtures_worker import ROOT, Running


@dataclass(frozen=True)
class DemoPortal:
    """Where the site is, and the portal it stands beside."""

    url: str
    running: Running


@pytest.fixture
def webhooks_to_this_machine(monkeypatch, settings) -> None:
    """For the portal here, and for the worker, whose settings come from its environment."""
    settings.WEBHOOK_DEMO_HOSTS = ["127.0.0.1"]
    monkeypatch.setitem(os.environ, "WEBHOOK_DEMO_HOSTS", "127.0.0.1")


@pytest.fixture
def demo_portal(webhooks_to_this_machine, running, signatures, tmp_path) -> Iterator[DemoPortal]:
    """The site at work beside a running portal; everybody P-01 to P-12 has a key, and O-01."""
    url, access = f"http://127.0.0.1:{free_port()}", tmp_path / "access.env"
    call_command("connect_demo_portal", str(access), address=url)
    told = {f"DEMO_PORTAL_{name}": value for name, value in read(access).items()}
    keys, store = signatures.folder / "keys", tmp_path / "cases.sqlite3"
    with at_work(url, DEMO_PORTAL_API=running.url, DEMO_PORTAL_KEYS=keys, DEMO_PORTAL_STORE=store, **told):
        yield DemoPortal(url, running)


@pytest.fixture(scope="module")
def forsaken_site(signature_world, tmp_path_factory) -> Iterator[str]:
    """Where the site is whose registration portal does not answer and whose own store cannot be opened."""
    url = f"http://127.0.0.1:{free_port()}"
    told = {f"DEMO_PORTAL_{name}": f"made up {name}" for name in ("CLIENT_ID", "CLIENT_SECRET", "SESSION_KEY")}
    told |= {"DEMO_PORTAL_WEBHOOK_SECRET": "whsec_bWFkZSB1cA==", "DEMO_PORTAL_KEYS": signature_world.folder / "keys"}
    with at_work(
        url,
        DEMO_PORTAL_API=f"http://127.0.0.1:{free_port()}",
        DEMO_PORTAL_STORE=tmp_path_factory.mktemp("store"),
        **told,
    ):
        yield url


@contextmanager
def at_work(url: str, **told: str | Path) -> Iterator[None]:
    """The site as a process of its own that knows nothing but what it is `told`."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "examples.portal.settings",
        "DEMO_PORTAL_URL": url,
        **{name: str(value) for name, value in told.items()},
    }
    command = [sys.executable, "-m", "gunicorn", "examples.portal.wsgi", "--bind", url.removeprefix("http://")]
    command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "warning"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            wait_for(f"{url}/enter/", process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)
