"""Starts the simulator: `python -m registers.simulator --port 8100`."""

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from registers.simulator import authority
from registers.simulator.data import DEFAULT_FOLDER, Data
from registers.simulator.gateway import Gateway
from registers.simulator.server import Simulator


def main() -> int:
    """Serve until interrupted; the exit code is 0, or 1 with a sentence if it could not start."""
    options = _options()
    secret = os.environ.get("PAYMENT_CALLBACK_SECRET", "")
    if not secret:
        return _fail("Set PAYMENT_CALLBACK_SECRET: payment callbacks are signed with it.")
    if options.state:
        options.state.parent.mkdir(parents=True, exist_ok=True)
    try:
        data = Data(options.data)
        if options.pki and options.public_url:
            authority.make_for_all(options.pki, data, base_url=options.public_url, now=datetime.now(UTC))
        gateway = Gateway(secret=secret, state=options.state, late_seconds=options.late_seconds)
        server = Simulator(
            (options.host, options.port),
            data=data,
            gateway=gateway,
            public_url=options.public_url,
            pki_folder=options.pki,
        )
    except OSError as error:
        return _fail(f"The simulator cannot start: {error}")
    except (ValueError, KeyError, TypeError) as error:
        return _fail(f"The state file {options.state} cannot be read ({error}); delete it to start afresh.")
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.write(f"Simulator of the registers: http://{options.host}:{server.server_address[1]}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m registers.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8100, help="port, 0 for any free one (default %(default)s)")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder of the CSV tables")
    parser.add_argument("--state", type=Path, help="JSON file that keeps orders and receipts over a restart")
    parser.add_argument("--pki", type=Path, help="folder of the demo's certificate authority, made for --public-url")
    parser.add_argument("--public-url", default="", help="address of the payment page as browsers reach it")
    parser.add_argument("--late-seconds", type=float, default=30, help="how late a late callback is")
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
