"""Nothing lost, nothing doubled: `python bench/portal_clients.py [--applications 1000] [--seed 743] [--deaths 5]`.

The example client files and pays that many applications at a whole portal, as a process of its own, while every tenth
of its connections is cut at a random point, every request arrives twice, and the process itself is killed now and then
and started again. In the end database and API are counted; the exit code is 1 unless every count is right.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
# The folder of a script comes first on the path, and there bench/queue.py would hide the standard library's `queue`.
sys.path[0] = str(ROOT)

from bench import bad_network, whole_portal  # noqa: E402
from bench.measuring import tidy_up  # noqa: E402
from examples.portal_api import Portal, file_all, filing, pay_in_demo, read_filings  # noqa: E402
from portal.bare_machine import RUNTIME, Trouble, say  # noqa: E402
from portal.supervisor import supervisor  # noqa: E402

PATIENCE_SECONDS = 900.0
LIVES_SECONDS = (10.0, 60.0)
# Workers that have everything of a thousand applications to do are not asked every second.
LOOK_EVERY_SECONDS = 5.0


def main(words: Sequence[str]) -> int:
    """Prove it and print the report; 0 if every count is right."""
    parser = argparse.ArgumentParser(prog="bench/portal_clients.py", description=__doc__)
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=8, help="applications that the client files at a time")
    parser.add_argument("--seed", type=int, default=743, help="of the cuts, the doubles and the deaths")
    parser.add_argument("--deaths", type=int, default=5, help="how often the client is killed")
    parser.add_argument("--client", metavar="ADDRESS", help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.client:
        return be_client(options.client, options.cases, options.seed, options.at_once)
    try:
        with supervisor(home=RUNTIME / "bench") as keeper, TemporaryDirectory() as folder:
            say(f"{options.applications} applications, seed {options.seed}; load {os.getloadavg()[0]:.1f}")
            portal = whole_portal.begin(keeper, options.applications)
            cases = Path(folder, "cases.jsonl")
            whole_portal.write_cases(cases, options.applications)
            cutter = bad_network.Cutter(portal.port, seed=options.seed).start()
            started = time.monotonic()
            is_filed = _file(portal, cutter, cases, options)
            say(f"{cutter.connections} connections, {cutter.cuts} of them cut; {time.monotonic() - started:.0f} s")
            cutter.stop()
            is_right = _counted(portal, options.applications)
            say(f"load at the end {os.getloadavg()[0]:.1f}")
    except Trouble as trouble:
        say(str(trouble))
        return 1
    finally:
        tidy_up()
    return 0 if is_filed and is_right else 1


def be_client(address: str, cases: Path, seed: int, at_once: int) -> int:
    """File all cases from this process over the bad network, and print the client's report."""
    filing.LOOK_EVERY_SECONDS = LOOK_EVERY_SECONDS
    wire = bad_network.Twice(seed)
    portal = Portal(address, os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"], "en", transport=wire)

    def pay_twice(page: str) -> None:
        for _press in range(2):
            pay_in_demo(page)

    report = file_all(portal, read_filings(cases, "bench"), pay_twice, at_once, PATIENCE_SECONDS)
    say(f"The client's report:\n{report}\n{wire.sent} requests arrived at the network, every one twice")
    return 0 if report.is_complete else 1


def _file(portal: whole_portal.Whole, cutter: bad_network.Cutter, cases: Path, options: argparse.Namespace) -> bool:
    """Run the client until it has come to its end, whatever it dies of on the way; whether it is content."""
    random = Random(options.seed)
    for death in range(options.deaths + 1):
        command = [sys.executable, str(Path(__file__)), "--client", f"http://127.0.0.1:{cutter.port}"]
        command += ["--cases", str(cases), "--seed", str(options.seed + death), "--at-once", str(options.at_once)]
        known = {"CLIENT_ID": portal.client_id, "CLIENT_SECRET": portal.client_secret}
        client = subprocess.Popen(command, env={**os.environ, **known})
        try:
            return client.wait(random.uniform(*LIVES_SECONDS) if death < options.deaths else None) == 0
        except subprocess.TimeoutExpired:
            say(f"The client is killed, {cutter.connections} connections so far; it starts again.")
        finally:
            client.kill()
            client.wait()
    return False


def _counted(portal: whole_portal.Whole, wanted: int) -> bool:
    """Count in the database and over the API, print each count, and tell whether all are right."""
    counting = import_module("bench.counting")
    counts = counting.counts(whole_portal.CODE)
    client = Portal(portal.address, portal.client_id, portal.client_secret, "en")
    listed = list(client.applications())
    counts["API: applications listed"] = len({application["number"] for application in listed})
    counts["API: of them submitted"] = sum(application["submitted_at"] is not None for application in listed)
    charges = [client.charges(application["number"]) for application in listed]
    counts["API: of them paid"] = sum(told["is_settled"] for told in charges)
    lines = Counter(len(told["charges"]) for told in charges)
    say(f"charges of each application: {dict(lines)}")
    wrong = counting.wrong(counts, wanted)
    for name, count in counts.items():
        say(f"  {name:<60}{count:>8}{'   WRONG' if name in wrong else ''}")
    say("Every count is right." if not wrong else f"{len(wrong)} counts are wrong.")
    return not wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
