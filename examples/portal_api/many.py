"""Many applications at once, and a report of what came of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .filing import Filing
from .portal import Portal
from .wire import Json, Refused, Unreachable


@dataclass
class Report:
    """What came of filing many applications; `str` is the text to print."""

    asked: int
    filed: dict[str, Json]
    failed: dict[str, str]
    settled: int
    seconds: float
    took: list[float]
    calls: int
    attempts: int

    @property
    def is_complete(self) -> bool:
        """Whether each was filed once and is paid."""
        return len(self.filed) == self.settled == self.asked and not self.failed

    def __str__(self) -> str:
        states = Counter(application["state"] for application in self.filed.values())
        lines = [
            f"{self.asked} to file, {len(self.filed)} filed, {self.settled} paid, {len(self.failed)} failed",
            f"states: {', '.join(f'{state} {count}' for state, count in sorted(states.items())) or 'none'}",
            f"{self.calls} calls, sent {self.attempts} times; {self.seconds:.1f} s, "
            f"{len(self.filed) / self.seconds:.2f} applications a second",
            *(f"  {reference}: {why}" for reference, why in sorted(self.failed.items())),
        ]
        return "\n".join(lines)


def file_all(
    portal: Portal, filings: Sequence[Filing], pay: Callable[[str], None], at_once: int = 4, patience: float = 120.0
) -> Report:
    """File them all, `at_once` at a time, and ask the portal in the end whether each is paid."""
    started = time.monotonic()
    filed: dict[str, Json] = {}
    failed: dict[str, str] = {}
    took: list[float] = []

    def file(filing: Filing) -> bool:
        begun = time.monotonic()
        try:
            application = filing.file(portal, pay, patience)
            filed[application["number"]] = application
            took.append(time.monotonic() - begun)
            return bool(portal.charges(application["number"])["is_settled"])
        except (Refused, Unreachable, TimeoutError) as error:
            failed[filing.reference] = str(error)
            return False

    with ThreadPoolExecutor(at_once) as pool:
        settled = sum(pool.map(file, filings))
    spent = time.monotonic() - started
    return Report(len(filings), filed, failed, settled, spent, took, portal.wire.calls, portal.wire.attempts)
