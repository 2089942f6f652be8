"""What the portals' door does in a second: `python bench/api.py [--applications 120] [--seconds 10]`.

A whole portal (web server with two workers, Celery workers, simulator) is asked by examples/portal_api: first
each call once, its queries counted; then applications from draft to acceptance, payment included; then looks at their
state. All of it shares the processors of one machine, so the times of the processors are told beside.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The folder of a script comes first on the path, and there bench/queue.py would hide the standard library's `queue`.
sys.path[0] = str(ROOT)

from concurrent.futures import ThreadPoolExecutor  # noqa: E402

from bench import whole_portal  # noqa: E402
from bench.measuring import busy, database_busy, share, tidy_up  # noqa: E402
from examples.portal_api import Portal, Report, file_all, pay_in_demo, read_filings  # noqa: E402
from portal.bare_machine import RUNTIME, Trouble, say  # noqa: E402
from portal.supervisor import MARK, supervisor  # noqa: E402

HOME = RUNTIME / "bench"
AT_ONCE = (1, 4)
PARTS = {"web": b"gunicorn", "workers": b"celery", "registers": b"registers.simulator"}
HEADINGS = f"{'':<44}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'web':>8}{'workers':>9}{'db':>8}{'registers':>11}"


def main(words: Sequence[str]) -> int:
    """Measure and print; the exit code tells errors, not slowness."""
    parser = argparse.ArgumentParser(prog="bench/api.py", description=__doc__)
    parser.add_argument("--applications", type=int, default=120, help="filed for each row of the table")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each row of looks")
    options = parser.parse_args(words)
    try:
        with supervisor(home=HOME) as keeper, TemporaryDirectory() as folder:
            portal = whole_portal.begin(keeper, options.applications * len(AT_ONCE) + 1)
            cases = Path(folder, "cases.jsonl")
            whole_portal.write_cases(cases, options.applications * len(AT_ONCE) + 1)
            import_module("bench.api_queries").count_all(portal, cases)
            say(f"\nLoad of the machine {os.getloadavg()[0]:.1f}; processor time in milliseconds for each")
            say(HEADINGS)
            _file(portal, cases, options.applications)
            _look(portal, options.seconds)
            say(f"Load of the machine at the end {os.getloadavg()[0]:.1f}")
    except Trouble as trouble:
        say(str(trouble))
        return 1
    finally:
        tidy_up()
    return 0


def _client(portal: whole_portal.Whole) -> Portal:
    return Portal(portal.address, portal.client_id, portal.client_secret, "en")


def _file(portal: whole_portal.Whole, cases: Path, many: int) -> None:
    """Applications from draft to acceptance, paid on the way; the first line of `cases` is used already."""
    filings = read_filings(cases, "bench")[1:]
    for turn, at_once in enumerate(AT_ONCE):
        spent = Spent()
        with spent.measured():
            report: Report = file_all(_client(portal), filings[turn * many : (turn + 1) * many], pay_in_demo, at_once)
        if not report.is_complete:
            raise Trouble(str(report))
        spent.say_row(f"filed and paid, {at_once} at once", report.took, report.seconds)
        say(f"{'':<44}{report.calls / many:10.1f} calls for each")


def _look(portal: whole_portal.Whole, seconds: float) -> None:
    """Looks at the state, by every way that a client has, four readers at once."""
    client = _client(portal)
    numbers = [application["number"] for application in client.applications()]
    tags = {number: client.events(number)[1] for number in numbers}
    looks: dict[str, Callable[[str], Any]] = {
        "read an application": client.read,
        "follow, nothing new (304)": lambda number: client.events(number, tag=tags[number]),
        "follow from the beginning": client.events,
        "results": client.results,
        "charges": client.charges,
        "requirements": client.requirements,
        "list, a page of 100": lambda _number: next(client.applications()),
    }
    for name, look in looks.items():
        for readers in AT_ONCE:
            spent, started = Spent(), time.monotonic()
            with spent.measured(), ThreadPoolExecutor(readers) as pool:
                # Each reader begins at another application.
                turns = [numbers[place:] + numbers[:place] for place in range(readers)]
                futures = [pool.submit(_read_on, look, turn, seconds) for turn in turns]
                took = [each for future in futures for each in future.result()]
            spent.say_row(f"{name}, {readers} at once", took, time.monotonic() - started)


def _read_on(look: Callable[[str], Any], numbers: Sequence[str], seconds: float) -> list[float]:
    """Look at one application after the other for so long; the seconds that each look took."""
    took: list[float] = []
    ends_at = time.monotonic() + seconds
    for number in cycle(numbers):
        started = time.monotonic()
        if started > ends_at:
            break
        look(number)
        took.append(time.monotonic() - started)
    return took


@dataclass
class Spent:
    """Seconds of processor time that the parts of the portal used."""

    web: float = 0.0
    workers: float = 0.0
    registers: float = 0.0
    database: float = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        before = self._now()
        yield
        for name, value in self._now().items():
            setattr(self, name, value - before[name])

    def _now(self) -> dict[str, float]:
        used = dict.fromkeys(PARTS, 0.0)
        mark = f"{MARK}={HOME}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = mark in (process / "environ").read_bytes().split(b"\0")
                part = next((name for name, word in PARTS.items() if word in (process / "cmdline").read_bytes()), None)
                if is_ours and part:
                    used[part] += busy(process)
            except OSError:
                continue
        return {**used, "database": database_busy()}

    def say_row(self, title: str, took: Sequence[float], seconds: float) -> None:
        """One line: how many a second, how long one takes, and what it costs each part."""
        many = len(took)
        times = "".join(f"{share(took, part) * 1000:9.1f}" for part in (0.5, 0.95))
        web, workers, database, registers = (
            cost * 1000 / many for cost in (self.web, self.workers, self.database, self.registers)
        )
        say(f"{title:<44}{many / seconds:10.2f}{times}{web:8.1f}{workers:9.1f}{database:8.1f}{registers:11.1f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
