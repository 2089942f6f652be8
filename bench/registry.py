"""How fast the earlier register is loaded, and what its size does to the desk: `python bench/registry.py`.

[--first 100000] [--vehicles 900000] [--requests 100]. A database of its own gets the first vehicles, then as many more
as asked for; each time the files are made, the command is run as an operator runs it, and pages are asked for.
"""

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
# The folder of a script comes first on the path, and there bench/queue.py would hide the standard library's `queue`.
sys.path[0] = str(ROOT)

from bench.measuring import FEW, Taken, begin, fill, measure, tidy_up, timed  # noqa: E402
from portal.bare_machine import RUNTIME, Trouble, say  # noqa: E402
from portal.supervisor import supervisor  # noqa: E402


def main(words: Sequence[str]) -> int:
    """Load, measure and print; the exit code tells errors, not slowness."""
    parser = argparse.ArgumentParser(prog="bench/registry.py", description=__doc__)
    parser.add_argument("--first", type=int, default=100_000, help="vehicles loaded by the first import")
    parser.add_argument("--vehicles", type=int, default=900_000, help="vehicles loaded by the second import")
    parser.add_argument("--requests", type=int, default=100, help="requests for each page")
    options = parser.parse_args(words)
    try:
        with supervisor(home=RUNTIME / "bench") as keeper, TemporaryDirectory() as place:
            address = begin(keeper)
            fill(FEW)
            tables = []
            for first, last in ((0, options.first), (options.first, options.first + options.vehicles)):
                folder = Path(place, str(last))
                _load(folder, first, last)
                if not first:
                    _load(folder, first, last)
                pages = import_module("bench.register_pages").pages(last)
                tables.append(measure(address, f"{last} vehicles, {FEW} open applications", pages, options.requests))
            _compare(*tables)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    finally:
        tidy_up()
    return 0


def _load(folder: Path, first: int, last: int) -> None:
    """Run the command on the folder, whose files are made first; the second time everything is known."""
    if folder.exists():
        title = "The same files again"
    else:
        title = "Import"
        folder.mkdir()
        with timed(f"Files of {last - first} vehicles"):
            rows = import_module("bench.register_files").write(folder, first, last)
        Path(folder, "..", "rows").write_text(str(rows))
    rows = int(Path(folder, "..", "rows").read_text())
    command = [sys.executable, str(ROOT / "manage.py"), "import_registry", str(folder), "--by", "administrator"]
    command += ["--language", "en", "--report", str(folder.parent / "report.csv")]
    started = time.monotonic()
    busy, memory = _run(command)
    took = time.monotonic() - started
    say(
        f"{title}: {last - first} vehicles, {rows} rows in {took:.0f} s, {rows / took:.0f} rows per second; "
        f"the command used {busy:.0f} s of processor time and at most {memory:.0f} MB"
    )
    with timed("Vacuum and analyse"), import_module("django.db").connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Run it to its end: seconds of processor time, and the most memory it held in megabytes.

    The kernel's figure for a finished child begins with the size of the process that started it, hence the looks.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = 0.0
    process = subprocess.Popen(command, env=os.environ)
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            memory = max(memory, int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024)
        time.sleep(0.2)
    if process.returncode:
        raise Trouble(f"import_registry ended with {process.returncode}.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory


def _compare(small: dict[str, Taken], large: dict[str, Taken]) -> None:
    say("\nThe second size as a multiple of the first: p50, processor time of the worker and of the database")
    for name, taken in large.items():
        before = small[name]
        pairs = ((before.share(0.5), taken.share(0.5)), (before.web, taken.web), (before.database, taken.database))
        ratios = "".join(f"{after / first:9.2f}" if first else f"{'–':>9}" for first, after in pairs)
        say(f"{name:<40}{ratios}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
