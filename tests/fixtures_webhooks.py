"""A system that listens: a real HTTP target that answers as it is told, and its endpoint."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from offices.models import ConnectedSystem
from webhooks.models import Endpoint, EventKind
from webhooks.sealing import new_secret, seal


class Target(ThreadingHTTPServer):
    """Keeps what it received as (path, headers, body); `answers` are used up one by one, then it says 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.always = 204
        self.hang_seconds = 0.0
        self.text = b""
        self.location = ""

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def wait_for(self, count: int, seconds: float = 20) -> float:
        """Seconds until `count` messages have come."""
        started = time.monotonic()
        while len(self.received) < count:
            assert time.monotonic() - started < seconds, f"{len(self.received)} of {count} came"
            time.sleep(0.02)
        return time.monotonic() - started


class Listener(BaseHTTPRequestHandler):
    server: Target

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        named = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((self.path, named, body))
        time.sleep(self.server.hang_seconds)
        self.send_response(self.server.answers.pop(0) if self.server.answers else self.server.always)
        if self.server.location:
            self.send_header("location", self.server.location)
        if self.server.text:
            self.send_header("content-length", str(len(self.server.text)))
        with contextlib.suppress(ConnectionError):
            # The portal hangs up on who is slow or says too much.
            self.end_headers()
            self.wfile.write(self.server.text)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def target(settings) -> Iterator[Target]:
    yield from listening(settings)


@pytest.fixture
def other_target(settings) -> Iterator[Target]:
    yield from listening(settings)


def listening(settings) -> Iterator[Target]:
    settings.WEBHOOK_DEMO_HOSTS = ["127.0.0.1"]
    server = Target()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def listen_at(system: ConnectedSystem, url: str, secret: str | None = None, **fields: Any) -> Endpoint:
    kinds = [EventKind.STATE_CHANGED, EventKind.DOCUMENT_MARKED_WRONG]
    sealed = seal(secret or new_secret())
    values = {"kinds": kinds, "created_at": timezone.now(), "secret": sealed, **fields}
    return Endpoint.objects.create(system=system, url=url, **values)
