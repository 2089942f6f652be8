"""What `make` starts: readies a bare Debian or Ubuntu machine, then hands over to `portal.launch` inside `.venv`.

Runs under the system's Python with the standard library alone, and must parse under an old one to say so kindly.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / ".runtime"
RUN_LOCK = RUNTIME / "run.lock"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
# Where the servers' data go when the clone lies below a folder closed to the account PostgreSQL runs under.
OUTSIDE = Path("/var/lib") / f"portal-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"

PACKAGES_TO_RUN = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-noto-core",
    "fonts-noto-mono",
    "gettext",
    "tzdata",
)
PACKAGES_TO_TEST = ("chromium", "poppler-utils")
PROGRAMS_INSTEAD = {"chromium": ("chromium", "chromium-browser"), "poppler-utils": ("pdftoppm",)}
ROOM_TO_INSTALL = 2_500_000_000
ROOM_TO_START = 300_000_000


class Trouble(Exception):
    """What stops a command, told in one sentence to whoever typed it."""


def say(sentence: str) -> None:
    """Print one line of progress at once, also into a pipe; whoever closed that pipe hears no more."""
    try:
        print(sentence, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def sentence_of(error: OSError) -> str:
    """The sentence for what the system refused: a full disk and a closed folder first of all."""
    if error.errno == errno.ENOSPC:
        return f"The disk is full: free some space for {ROOT} and run the same command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"This account may not write {error.filename or ROOT}: the folder belongs to another account or is "
            "read-only. Use the account that made the clone, or make a clone of your own."
        )
    return f"The system refused: {error}."


@contextlib.contextmanager
def only_one(lock: Path, refusal: str) -> Iterator[None]:
    """Hold `lock` until the block ends. The kernel lets go of it when the process dies, so it is never stale.

    Raises Trouble with `refusal` and what the holder wrote about itself.
    """
    lock.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Trouble(f"{refusal} ({file.read().strip() or 'starting'}).") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def is_held(lock: Path) -> bool:
    """Whether a living process holds `lock`."""
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def check_room(needed: int) -> None:
    """Refuse to begin what a nearly full disk would break off half-way. `needed` is in bytes."""
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise Trouble(
            f"The disk is nearly full: {free // 1_000_000} MB are free at {ROOT}, {needed // 1_000_000} MB are needed."
        )


def missing_packages(names: Sequence[str]) -> list[str]:
    """The Debian packages of `names` that are not installed; where there is no dpkg nothing can be told, so none."""
    if shutil.which("dpkg-query") is None:
        return []
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed and not _has_program_for(name)]


def _has_program_for(package: str) -> bool:
    return any(shutil.which(program) for program in PROGRAMS_INSTEAD.get(package, ()))


def installer() -> list[str] | None:
    """The beginning of an apt-get command this account may run, or None."""
    if shutil.which("apt-get") is None:
        return None
    keep = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    if os.geteuid() == 0:
        return keep
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", *keep]
    return None


def install_packages(names: Sequence[str]) -> None:
    """Install what the system lacks through apt. Raises Trouble that says what to install where that cannot be."""
    missing = missing_packages(names)
    if not missing:
        return
    remedy = f"Install them with `apt-get install {' '.join(missing)}` as root, then run the same command again."
    apt = installer()
    if apt is None:
        raise Trouble(f"The system lacks {', '.join(missing)}. {remedy}")
    say(f"Installing system packages through apt: {', '.join(missing)} …")
    RUNTIME.mkdir(mode=0o711, exist_ok=True)
    install = [*apt, "install", "-y", "--no-install-recommends", *missing]
    with (RUNTIME / "apt.log").open("w") as log:
        for command in (install, [*apt, "update"], install):
            if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False).returncode == 0:
                if command is install:
                    return
            elif command is not install:
                break
    raise Trouble(f"apt could not install {', '.join(missing)} (.runtime/apt.log says why). {remedy}")


def make_environment(locks: Sequence[Path]) -> None:
    """Bring `.venv` to exactly the pinned packages of `locks`; a stamp makes the next time instant."""
    stamp = ENVIRONMENT / f".{'-'.join(lock.stem for lock in locks)}.stamp"
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks) + sys.version.encode()).hexdigest()
    if _environment_works() and stamp.is_file() and stamp.read_text() == wanted:
        return
    check_room(ROOM_TO_INSTALL)
    if not _environment_works():
        _create_environment()
    for other in ENVIRONMENT.glob(".requirements*.stamp"):
        other.unlink()
    _install_locks(locks)
    stamp.write_text(wanted)


def _environment_works() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        if installer() is None:
            raise Trouble(f"Python lacks its venv module: install it with `apt-get install {package}` as root.")
        install_packages([package])
    say("Making the virtual environment .venv …")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Trouble(f"The virtual environment could not be made: {_last_line(made.stdout + made.stderr)}")


def _install_locks(locks: Sequence[Path]) -> None:
    lines_of_locks = [line for lock in locks for line in lock.read_text().splitlines()]
    total = len({line.split("==")[0] for line in lines_of_locks if line[:1].isalnum() and "==" in line})
    say(f"Installing {total} pinned packages into .venv (a few minutes the first time) …")
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", *(word for lock in locks for word in ("-r", str(lock)))]
    seen, lines = 0, []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                if seen % 25 == 0:
                    say(f"  {seen} of {total} looked at")
            elif line.startswith("Installing collected"):
                say("  unpacking them")
    if pip.returncode:
        (RUNTIME / "pip.log").write_text("".join(lines))
        if any("No space left on device" in line for line in lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise Trouble(f"The pinned packages could not be installed (.runtime/pip.log): {_last_line(''.join(lines))}")


def _last_line(text: str) -> str:
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    return (errors or text.splitlines() or ["no reason given"])[-1]


def set_up(command: str) -> None:
    """Ready the machine for `command`: system packages, virtual environment, pinned packages."""
    locks = [ROOT / "requirements.txt"]
    if command in ("test", "lock"):
        locks.append(ROOT / "requirements-dev.txt")
    with only_one(RUNTIME / "setup.lock", "Another command is just setting up this folder; wait until it is done"):
        install_packages(PACKAGES_TO_RUN)
        if command == "test":
            try:
                install_packages(PACKAGES_TO_TEST)
            except Trouble as trouble:
                say(f"{trouble} Until then the browser tests fail.")
        make_environment(locks)
        check_room(ROOM_TO_START)


def reset() -> None:
    """Delete everything the portal keeps on this machine; the virtual environment stays."""
    with only_one(RUN_LOCK, "The portal is running from this folder; stop it with Ctrl-C first"):
        for folder in [RUNTIME, ROOT / "staticfiles", *OUTSIDE.parent.glob(OUTSIDE.name + "*")]:
            if folder.exists():
                shutil.rmtree(folder)
    say("Everything the portal kept here is deleted. `make run` begins anew.")


def lock_packages() -> None:
    """Pin requirements*.in anew. The lock names packages, versions and hashes: no host, no path of this machine."""
    quiet = ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options", "--quiet"]
    for name in ("requirements", "requirements-dev"):
        say(f"Pinning {name}.in …")
        command = [str(PYTHON), "-m", "piptools", "compile", "--generate-hashes", "--allow-unsafe", "--strip-extras"]
        environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
        pinned = subprocess.run([*command, *quiet, f"{name}.in"], cwd=ROOT, env=environment, check=False)
        if pinned.returncode:
            raise Trouble(f"{name}.in could not be pinned; the lines above say why.")


def main(words: Sequence[str]) -> int:
    """Carry out one command of the Makefile. Returns the exit code."""
    if sys.version_info < (3, 11):
        say("The portal needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))
        return 1
    command = words[0] if words else "run"
    try:
        if command == "reset":
            reset()
            return 0
        set_up(command)
        if command == "lock":
            lock_packages()
            return 0
        os.chdir(ROOT)
        module = "portal.proving" if command == "test" else "portal.launch"
        os.execv(PYTHON, [str(PYTHON), "-m", module, *words])  # noqa: S606
    except Trouble as trouble:
        say(str(trouble))
    except OSError as error:
        say(sentence_of(error))
    except KeyboardInterrupt:
        say("Stopped during set-up; the same command goes on from here.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
