"""How long the desk's pages take, and how much memory their server: `python bench/queue.py [--cases 50000]`.

A database of its own on the server of DATABASE_URL (or on a server made for the occasion) is filled twice, with 3,500
open applications and with the number asked for, so that a page that grows with the work is seen to grow.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The folder of a script comes first on the path, and there this file would hide the standard library's `queue`.
sys.path[0] = str(ROOT)

from bench.measuring import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
