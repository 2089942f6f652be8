"""How each register misbehaves at the moment, and who asked what in which order."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

MODES = ("ok", "delay", "error", "garbage", "down", "hang", "drip")
GARBAGE: dict[str, bytes] = {
    "html": b"<!DOCTYPE html><title>502</title><h1>Technical works</h1>",
    "truncated": b'{"person": {"iin": "90',
    "types": b'{"person": 7, "organisation": "x", "state": 1, "fines": "none", "entries": null, "restrictions": 0, '
    b'"registrations": {}, "passport": [], "certificates": 5, "declarations": true, "attempts": 3, '
    b'"deprivations": "none", "payments": "paid"}',
    "nul": b'{"person": null, "note": "\\u0000"}',
    "binary": bytes(range(256)),
    "empty": b"",
}
CALLS_REMEMBERED = 2000


@dataclass(frozen=True)
class Switch:
    """One register's mode: `seconds` counts for delay, `kind` for garbage."""

    mode: str = "ok"
    seconds: float = 0
    kind: str = "html"

    @classmethod
    def read(cls, values: dict[str, Any]) -> "Switch":
        """A switch from a request. Raises ValueError if it names no mode or kind, or a wait of over an hour."""
        switch = cls(str(values.get("mode", "ok")), float(values.get("seconds") or 0), str(values.get("kind", "html")))
        if switch.mode not in MODES or switch.kind not in GARBAGE or not 0 <= switch.seconds <= 3600:
            raise ValueError("no such mode")
        return switch


class Switches:
    """The switches of all registers, shared by the server's threads. Whoever hangs is let go at the next change."""

    def __init__(self, registers: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._switches = {name: Switch() for name in registers}
        self._calls: deque[dict[str, str]] = deque(maxlen=CALLS_REMEMBERED)

    def get(self, register: str) -> tuple[Switch, threading.Event]:
        """The register's switch and the event that the next change of any switch sets."""
        with self._lock:
            return self._switches[register], self._changed

    def set(self, changes: dict[str, Switch]) -> None:
        """Change some registers. Raises KeyError for an unknown one and then changes none."""
        with self._lock:
            for register in changes:
                self._switches[register]
            self._switches.update(changes)
            self._wake()

    def reset(self) -> None:
        """All registers are well again and the list of calls is empty."""
        with self._lock:
            self._switches = {name: Switch() for name in self._switches}
            self._calls.clear()
            self._wake()

    def note_call(self, register: str, request_id: str, event: str) -> None:
        """Remember that a question was asked or answered; no content is kept."""
        with self._lock:
            self._calls.append({"register": register, "request_id": request_id, "event": event})

    def calls(self) -> list[dict[str, str]]:
        """The remembered calls, oldest first."""
        with self._lock:
            return list(self._calls)

    def to_json(self) -> dict[str, dict[str, Any]]:
        """All switches as plain data."""
        with self._lock:
            return {name: asdict(switch) for name, switch in self._switches.items()}

    def _wake(self) -> None:
        self._changed.set()
        self._changed = threading.Event()
