"""Keeps the portal's processes alive, and leaves none behind.

Every process leads a group of its own, is told to stop when this one dies, carries a mark in its environment by which
a later start finds what a killed one left, and is started again with growing pauses when it ends by itself.
"""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.bare_machine import Trouble, say

MARK = "PORTAL_SUPERVISED_FROM"
QUICK_DEATH_SECONDS = 10.0
QUICK_DEATHS_ALLOWED = 5
LOG_KEPT_BYTES = 10_000_000
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process to keep: what to run, as whom, and how it likes to be stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    standard_input: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    floor: int = 1  # the higher floors stop first: the servers everything stands on are floor 0


@dataclass(kw_only=True)
class _Running:
    program: Program
    process: subprocess.Popen[str]
    started: float
    quick_deaths: int = 0
    start_again_at: float | None = None


class Supervisor:
    """Starts, watches, restarts and stops programs. Logs go to one file each below `logs`."""

    def __init__(self, *, home: Path) -> None:
        self.home = home
        self.logs = home / "logs"
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._running: dict[str, _Running] = {}
        self._hurry = False

    def start(self, program: Program) -> None:
        """Start `program` and keep it. Raises Trouble when its command cannot be run at all."""
        self._running[program.name] = _Running(
            program=program, process=self._spawn(program, self._log(program.name)), started=time.monotonic()
        )

    def complete(self, program: Program) -> int:
        """Run `program` to its end, its words going to the terminal. Returns its exit code."""
        running = _Running(program=program, process=self._spawn(program, None), started=time.monotonic())
        self._running[program.name] = running
        try:
            return running.process.wait()
        finally:
            if running.process.poll() is not None:
                del self._running[program.name]

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Wait until `ready()`. Raises Trouble when a program dies meanwhile or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while not ready():
            for running in self._running.values():
                if running.process.poll() is not None:
                    raise Trouble(f"{running.program.name} stopped while starting: {self._last_words(running)}")
            if time.monotonic() > deadline:
                raise Trouble(f"{what} did not answer within {seconds:.0f} s; its log is in {self.logs}.")
            time.sleep(0.1)

    def watch(self) -> None:
        """Look after the programs until interrupted. Raises Trouble when one will not stay up."""
        while True:
            for running in self._running.values():
                self._look_after(running)
            time.sleep(0.3)

    def _look_after(self, running: _Running) -> None:
        program = running.program
        if running.start_again_at is not None:
            if time.monotonic() >= running.start_again_at:
                running.start_again_at = None
                running.process, running.started = self._spawn(program, self._log(program.name)), time.monotonic()
                say(f"{program.name} is running again.")
            return
        if running.process.poll() is None:
            return
        _signal_group(running.process, signal.SIGKILL)
        quick = time.monotonic() - running.started < QUICK_DEATH_SECONDS
        running.quick_deaths = running.quick_deaths + 1 if quick else 0
        if running.quick_deaths >= QUICK_DEATHS_ALLOWED:
            raise Trouble(f"{program.name} stopped {QUICK_DEATHS_ALLOWED} times in a row: {self._last_words(running)}")
        pause = 2.0**running.quick_deaths / 2
        running.start_again_at = time.monotonic() + pause
        say(f"{program.name} stopped ({_reason(running.process.returncode)}); starting it again in {pause:.1f} s.")

    def stop(self) -> None:
        """Stop every program, the upper floors first; a whole group is killed after its grace. A signal hurries it."""
        for floor in sorted({running.program.floor for running in self._running.values()}, reverse=True):
            here = [running for running in self._running.values() if running.program.floor == floor]
            for running in here:
                if running.process.poll() is None:
                    _signal_process(running.process, running.program.stop_signal)
            for running in here:
                self._await_end(running)
        self._running.clear()
        end_leftovers(self.home)

    def hurry(self) -> None:
        """Let a stop that is under way kill what it would have waited for."""
        self._hurry = True

    def _await_end(self, running: _Running) -> None:
        deadline = time.monotonic() + running.program.grace_seconds
        while running.process.poll() is None and time.monotonic() < deadline and not self._hurry:
            time.sleep(0.05)
        if running.process.poll() is None and running.program.floor == 0:
            _signal_process(running.process, signal.SIGQUIT)  # PostgreSQL: stop at once, recover at the next start
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(timeout=2)
        _signal_group(running.process, signal.SIGKILL)
        running.process.wait()

    def _spawn(self, program: Program, log: Path | None) -> subprocess.Popen[str]:
        environment = {**os.environ, **program.environment, MARK: str(self.home)}
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(log.open("a")) if log else None
            try:
                process = subprocess.Popen(
                    program.command,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=subprocess.STDOUT if output else None,
                    text=True,
                    start_new_session=True,
                    preexec_fn=lambda: _die_with_parent(program.stop_signal),  # noqa: PLW1509 - one thread only
                    **identity(program.account),
                )
            except OSError as error:
                raise Trouble(f"{program.name} could not be started: {error}.") from None
        with contextlib.suppress(BrokenPipeError), process.stdin or contextlib.nullcontext() as words:
            if words is not None:
                words.write(program.standard_input)
        return process

    def _log(self, name: str) -> Path:
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log

    def _last_words(self, running: _Running) -> str:
        log = self._log(running.program.name)
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
        return f"{lines[-1] if lines else _reason(running.process.returncode)} (whole log: {log})"


@contextlib.contextmanager
def supervisor(*, home: Path) -> Iterator[Supervisor]:
    """A supervisor whose programs are all gone when the block ends, whatever ended it: Ctrl-C, a signal, an error."""
    end_leftovers(home)
    keeper = Supervisor(home=home)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, _interrupt)
    try:
        yield keeper
    finally:
        for number in before:
            signal.signal(number, lambda *_: keeper.hurry())
        keeper.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def end_leftovers(home: Path) -> None:
    """End what an earlier start below `home` left behind, known by the mark in its environment."""
    for number, patience_seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
        left = _marked(home)
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + patience_seconds
        while left and time.monotonic() < deadline:
            time.sleep(0.1)
            left = _marked(home)


def _marked(home: Path) -> list[int]:
    mark = f"{MARK}={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def identity(account: str | None) -> dict[str, Any]:
    """The arguments of subprocess that make a child run as `account`; None is our own."""
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []} if account else {}


def _die_with_parent(number: signal.Signals) -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, int(number))


def _signal_process(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _reason(code: int | None) -> str:
    return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
