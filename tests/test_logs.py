"""What a fault leaves in the log: where it happened, and nothing of what was worked on."""

from __future__ import annotations

import json
import logging
import sys

from portal.logs import configuration


def logged(identifier: str) -> str:
    """The line of a fault in a function that holds an identifier in a variable."""
    wanted = configuration("INFO")["formatters"]["json"]
    formatter = wanted["()"](**{name: value for name, value in wanted.items() if name != "()"})
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "Fault", (), sys.exc_info())
    assert identifier
    return formatter.format(record)


def test_a_fault_tells_its_place_and_no_identifier_or_secret():
    """Variables hold identifiers, tokens and secrets of clients: none of their values goes into the log."""
    line = logged("850412" + "330078")
    (told,) = json.loads(line)["exception"]
    assert (told["exc_type"], told["exc_value"]) == ("ValueError", "broken")
    assert told["frames"][-1]["name"] == "logged"
    assert "850412330078" not in line
