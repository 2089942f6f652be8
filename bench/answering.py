"""Whether a web server that was just started answers, for benches and tests."""

from __future__ import annotations

import subprocess
import time

import httpx

START_SECONDS = 60


def answers(address: str) -> bool:
    """Whether the page at `address` is given; not while nobody listens there."""
    try:
        return httpx.get(address, timeout=5.0, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `process` gives the page at `address`. Raises AssertionError when it stops, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(address):
        assert process.poll() is None, f"the server of {address} stopped at once"
        assert time.monotonic() < deadline, f"{address} did not answer within {START_SECONDS} s"
        time.sleep(0.1)
