"""A real simulator process for the session, its switches reset for each test, and the demo data by id."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from registers import lines, transport
from registers.contract import REGISTERS
from registers.simulator.data import Data

ROOT = Path(__file__).resolve().parent.parent
CALLBACK_SECRET = "callback-secret-of-the-tests-0123456789"
DEMO = Data()


def demo_person(person_id: str) -> dict[str, str]:
    """The row of fixtures/demo/registers/people.csv with this id, such as P-01."""
    return _demo("people", person_id)


def demo_organisation(organisation_id: str) -> dict[str, str]:
    """The row of organisations.csv with this id, such as O-01."""
    return _demo("organisations", organisation_id)


def demo_vehicle(vehicle_id: str) -> dict[str, str]:
    """The row of vehicles.csv with this id, such as V-01."""
    return _demo("vehicles", vehicle_id)


def _demo(table: str, row_id: str) -> dict[str, str]:
    row = DEMO.first(table, id=row_id)
    assert row is not None, f"{row_id} is not in {table}.csv"
    return row


class SimulatorControl:
    """The simulator as a test steers it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def switch(self, register: str, mode: str, **more: Any) -> None:
        """Put one register into a mode: ok, delay, error, garbage, down, hang, drip."""
        self.http.post("/switches/", json={register: {"mode": mode, **more}}).raise_for_status()

    def reset(self) -> None:
        """Every register works, the list of calls is empty."""
        assert self.http.post("/switches/reset").status_code == 303

    def calls(self, register: str, event: str = "asked") -> int:
        """How often a register was asked, or has answered."""
        return sum(call["register"] == register and call["event"] == event for call in self.all_calls())

    def all_calls(self) -> list[dict[str, str]]:
        """Every call in order: register, request_id, event."""
        calls: list[dict[str, str]] = self.http.get("/calls/").json()
        return calls

    def wait_for_calls(self, register: str, count: int) -> None:
        """Come back as soon as the register was asked that often; fail after 20 seconds."""
        deadline = time.monotonic() + 20
        while self.calls(register) < count:
            assert time.monotonic() < deadline, f"{register} was not asked {count} times"
            time.sleep(0.02)

    def pay(self, order: str, way: str = "pay") -> httpx.Response:
        """Press a button of the payment page: pay, short, other, twice, late, silent."""
        return self.http.post(f"/pay/{order}", data={"way": way})


@contextmanager
def running_simulator(*options: str) -> Iterator[str]:
    """A simulator process of its own on a free port; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "registers.simulator", "--port", "0", "--late-seconds", "0.5", *options],
        cwd=ROOT,
        env={**os.environ, "PAYMENT_CALLBACK_SECRET": CALLBACK_SECRET},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://\S+", line)
        assert address, f"the simulator did not start: {line!r}"
        yield address.group()
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[SimulatorControl]:
    with running_simulator() as url:
        control = SimulatorControl(url)
        yield control
        control.http.close()


@pytest.fixture
def simulator(simulator_process, settings) -> Iterator[SimulatorControl]:
    """The simulator with all registers working, and the portal's settings pointing to it."""
    settings.SIMULATOR_URL = simulator_process.url
    settings.PAYMENT_CALLBACK_SECRET = CALLBACK_SECRET
    for name in REGISTERS:
        setattr(settings, lines.url_setting(name), "")
    forget_failures()
    simulator_process.reset()
    yield simulator_process
    simulator_process.reset()
    forget_failures()


def forget_failures() -> None:
    """Close every breaker."""
    for name in REGISTERS:
        transport.close_breaker(name, lines.line(name).url)


class Scripted(BaseHTTPRequestHandler):
    """A register that says what the test tells it to, or a portal that takes callbacks."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
        server.arrived.release()
        status, headers, content = server.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args) -> None:
        pass


class ScriptedServer(ThreadingHTTPServer):
    """Keeps the requests it got; `answer` is (status, headers, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Scripted)
        self.requests: list[dict[str, Any]] = []
        self.arrived = threading.Semaphore(0)
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")

    def handle_error(self, request, client_address) -> None:
        """Clients hang up on purpose in these tests."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def say(self, content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Answer every further request with this JSON, or these bytes."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answer = (status, headers or {}, body)

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        """All requests, once `count` more have arrived."""
        for _ in range(count):
            assert self.arrived.acquire(timeout=20), "the request did not arrive"
        return self.requests


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer in the background."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()


@pytest.fixture
def scripted_server() -> Iterator[ScriptedServer]:
    """A server that answers what the test wants and remembers what it was asked."""
    with ScriptedServer() as server, serving(server):
        yield server


@pytest.fixture
def scripted_registers(scripted_server, settings) -> Iterator[ScriptedServer]:
    """All registers are the scripted server."""
    for name in REGISTERS:
        setattr(settings, lines.url_setting(name), f"{scripted_server.url}/{name}")
    settings.REGISTER_ATTEMPTS = dict.fromkeys(REGISTERS, 1)
    forget_failures()
    yield scripted_server
    forget_failures()
