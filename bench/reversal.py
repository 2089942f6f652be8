"""How long a bulk reversal takes: `python bench/reversal.py [--decisions 2000]`.

A database of its own is filled with issued registrations, each resting on an answer about fines; then the batch is
previewed and carried out as one worker does it, row by row, one transaction each.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from bench.measuring import environment, make_database, tidy_up  # noqa: E402
from portal.bare_machine import RUNTIME, Trouble, say  # noqa: E402
from portal.supervisor import supervisor  # noqa: E402


def main(words: Sequence[str]) -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="bench/reversal.py", description=__doc__)
    parser.add_argument("--decisions", type=int, default=2000)
    options = parser.parse_args(words)
    try:
        with supervisor(home=RUNTIME / "bench") as keeper:
            settings = environment(keeper)
            os.environ.update(settings)
            make_database(settings["DATABASE_URL"])
            reversing = import_module("bench.reversing")
            reversing.fill(options.decisions)
            reversing.measure()
    except Trouble as trouble:
        say(str(trouble))
        return 1
    finally:
        tidy_up()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
