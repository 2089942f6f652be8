"""A whole portal for a bench: database, web server, workers and simulator as `make run` starts them, and one client."""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from django.core.management import call_command
from PIL import Image

from bench.answering import answers
from bench.measuring import environment, make_database
from portal.bare_machine import PYTHON, RUNTIME
from portal.embedded import free_port
from portal.supervisor import Program, Supervisor

CODE = "bench"
QUOTA, BURST = 100_000_000, 10_000_000
SCAN_SIZE = (620, 880)


@dataclass(frozen=True)
class Whole:
    """Where the portal is, and what its client proves itself by."""

    port: int
    client_id: str
    client_secret: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def begin(keeper: Supervisor, cars: int) -> Whole:
    """Start everything, with a simulator that knows so many new cars (bench/simulated_cases.py)."""
    port, simulator = free_port(), free_port()
    settings = environment(keeper) | {
        "INSTANCE": "bench",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "SIMULATOR_URL": f"http://127.0.0.1:{simulator}",
    }
    os.environ.update(settings)
    make_database(settings["DATABASE_URL"])
    call_command("make_keys", stdout=io.StringIO())
    tables = RUNTIME / "bench" / "registers"
    import_module("bench.simulated_cases").write(tables, cars)
    python, celery = str(PYTHON), [str(PYTHON), "-m", "celery", "-A", "portal"]
    commands = {
        "simulator": [python, "-m", "registers.simulator", "--port", str(simulator), "--data", str(tables)],
        "web": [
            *(python, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload", "--no-control-socket"),
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip"],
        "beat": [*celery, "beat", "--schedule", str(RUNTIME / "bench" / "beat-schedule"), "--pidfile="],
    }
    for name, command in commands.items():
        keeper.start(Program(name=name, command=command, environment=settings))
    for place in (f"http://127.0.0.1:{port}/health/", f"http://127.0.0.1:{simulator}/health"):
        keeper.wait_until(partial(answers, place), what=place, seconds=90.0)
    words = ["--by", "administrator", "--quota-per-hour", str(QUOTA), "--burst", str(BURST)]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        call_command("connect_system", CODE, *words)
    said = dict(line.split("=", 1) for line in told.getvalue().splitlines())
    return Whole(port, said["client_id"], said["client_secret"])


def write_cases(file: Path, count: int) -> None:
    """Write what a client is to file, one application on every line, and the scan of a contract beside it."""
    scan = file.with_suffix(".jpg")
    Image.new("RGB", SCAN_SIZE, (90, 210, 230)).save(scan, "JPEG")
    filing = import_module("bench.simulated_cases").filing
    file.write_text("".join(f"{json.dumps(filing(place, scan))}\n" for place in range(count)), encoding="utf-8")
