"""Nothing lost, nothing doubled: the example client over a network that cuts and doubles (bench/bad_network.py)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench import bad_network, simulated_cases, whole_portal
from bench.answering import wait_for
from bench.counting import counts, wrong
from examples.portal_api import Portal, file_all, filing, pay_in_demo, read_filings
from portal.embedded import free_port
from tests.fixtures_api import caller_of, connect
from tests.fixtures_registers import ROOT, SimulatorControl, running_simulator

MANY, SEED = 10, 743
GUNICORN = ["-m", "gunicorn", "portal.wsgi", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]


@pytest.fixture(scope="module")
def simulator_process(tmp_path_factory) -> Iterator[SimulatorControl]:
    """A simulator that knows so many new cars more."""
    tables = tmp_path_factory.mktemp("registers")
    simulated_cases.write(tables, MANY)
    with running_simulator("--data", str(tables)) as url:
        control = SimulatorControl(url)
        yield control
        control.http.close()


@pytest.fixture
def server(running) -> Iterator[int]:
    """The port of a web server as in production; that of the tests takes half the head of a request for all of it."""
    port = free_port()
    plain = {"SECURE_SSL_REDIRECT": "false", "SECURE_COOKIES": "false"}
    command = [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env={**running.environment, **plain})
    try:
        wait_for(f"http://127.0.0.1:{port}/health/", process)
        yield port
    finally:
        process.terminate()
        process.wait()


def test_every_tenth_connection_is_cut_and_every_request_comes_twice(server, tmp_path, monkeypatch):
    """As many applications and payments as were asked for, and the same again changes nothing."""
    monkeypatch.setattr(filing, "LOOK_EVERY_SECONDS", 0.2)
    caller = caller_of(connect(whole_portal.CODE, quota_per_hour=10**6, burst=10**6))
    cases = tmp_path / "cases.jsonl"
    whole_portal.write_cases(cases, MANY)
    cutter = bad_network.Cutter(server, seed=SEED).start()
    wire = bad_network.Twice(SEED)
    address = f"http://127.0.0.1:{cutter.port}"
    client = Portal(address, caller.client.client_id, caller.secret, "en", transport=wire)
    try:
        for _start in range(2):
            report = file_all(client, read_filings(cases, "bench"), pay_in_demo, MANY)
            assert report.is_complete, str(report)
            assert len(report.filed) == MANY
    finally:
        client.close()
        cutter.stop()
    # What was still under way may have begun since the last look.
    assert cutter.cuts >= cutter.connections // 10 - 8
    assert wrong(counts(whole_portal.CODE), MANY) == {}
