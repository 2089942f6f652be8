"""File, follow and collect applications over the portal's API: `python portal_client.py --help`.

The client itself is the folder `portal_api` beside this file; copy both.
"""

import sys

from portal_api.commands import main  # type: ignore[import-not-found]

if __name__ == "__main__":
    sys.exit(main())
