"""The command line: file, follow, collect, listen."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .filing import pay_in_demo, read_filings
from .many import file_all
from .portal import Portal
from .webhooks import Receiver
from .wire import Refused, Unreachable, new_key


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns 0, or 1 when the portal refused."""
    parser = argparse.ArgumentParser(
        prog="portal_client.py",
        description="File, follow and collect applications over the portal's API.",
        epilog="PORTAL, CLIENT_ID and CLIENT_SECRET of the environment say where the portal is and who asks.",
    )
    parser.add_argument("--language", default="en", choices=["kk", "ru", "en"])
    commands = parser.add_subparsers(dest="command", required=True)
    filing = commands.add_parser("file", help="file applications, each from draft to acceptance")
    filing.add_argument("applications", type=Path, help="one application as JSON, or one on every line")
    filing.add_argument("--times", type=int, help="how many lines to file (default: all)")
    filing.add_argument("--at-once", type=int, default=4, help="how many at a time (default %(default)s)")
    filing.add_argument("--reference", default="", help="the one of an earlier start that is to be gone on with")
    filing.add_argument("--pay-in-demo", action="store_true", help="press the button of the demo's payment page")
    following = commands.add_parser("follow", help="print each event of an application until it is at its end")
    following.add_argument("number")
    collecting = commands.add_parser("collect", help="save the papers of an application")
    collecting.add_argument("number")
    collecting.add_argument("--into", type=Path, default=Path())
    listening = commands.add_parser("listen", help="print webhooks; WEBHOOK_SECRET of the environment verifies them")
    listening.add_argument("--port", type=int, default=9000)
    options = parser.parse_args(words)
    act = {"file": _file, "follow": _follow, "collect": _collect, "listen": _listen}[options.command]
    try:
        return act(options)
    except (Refused, Unreachable) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _portal(options: argparse.Namespace) -> Portal:
    place = os.environ.get("PORTAL", "http://127.0.0.1:8000")
    return Portal(place, _of_environment("CLIENT_ID"), _of_environment("CLIENT_SECRET"), options.language)


def _of_environment(name: str) -> str:
    if not os.environ.get(name):
        raise SystemExit(f"Set {name} in the environment.")
    return os.environ[name]


def _file(options: argparse.Namespace) -> int:
    reference = options.reference or new_key()
    print(f"reference {reference}: after a crash, file with --reference {reference} to go on")
    filings = read_filings(options.applications, reference)[: options.times]
    if options.times is not None and len(filings) < options.times:
        print(f"There are only {len(filings)} applications in {options.applications}.", file=sys.stderr)
        return 1
    report = file_all(_portal(options), filings, pay_in_demo if options.pay_in_demo else _tell_payer, options.at_once)
    for number, application in sorted(report.filed.items()):
        print(f"{number} {application['state']}, due {application['due_at']}")
    print(report)
    return 0 if report.is_complete else 1


def _tell_payer(address: str) -> None:
    print(f"to be paid at {address}", flush=True)


def _follow(options: argparse.Namespace) -> int:
    for event in _portal(options).follow(options.number):
        print(f"{event['at']}  {event['type']:<16} {event['text']}", flush=True)
    return 0


def _collect(options: argparse.Namespace) -> int:
    portal = _portal(options)
    told = portal.results(options.number)
    for given in told["results"]:
        print(f"{given['name']}: {given['number']}")
    for reason in told["refusal"]:
        print(f"refused by {reason['row']}: {reason['text']} {reason['finding']} {reason['remark']}")
    for paper in told["papers"]:
        place = options.into / f"{options.number}-{paper['kind']}-{paper['id']}.pdf"
        place.write_bytes(portal.paper(options.number, paper["id"]))
        print(f"{place}: {paper['name']}, to be verified at {paper['verification_address']}")
    return 0


def _listen(options: argparse.Namespace) -> int:
    secrets = _of_environment("WEBHOOK_SECRET").split()
    receiver = Receiver(secrets, lambda event: print(json.dumps(event), flush=True), options.port).start()
    print(f"listening at {receiver.address}", flush=True)
    try:
        threading.Event().wait()
    finally:
        receiver.stop()
    return 0
