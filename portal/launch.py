"""`make run` and `make manage`, once the machine is ready: servers, set-up of the data, processes, the address.

Started by `portal.bare_machine` inside `.venv`; `make test` goes on in `portal.proving`.
"""

import os
import secrets
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from portal.bare_machine import (
    OUTSIDE,
    PYTHON,
    ROOM_TO_START,
    ROOT,
    RUN_LOCK,
    RUNTIME,
    Trouble,
    check_room,
    is_held,
    only_one,
    say,
    sentence_of,
)
from portal.embedded import place, start_servers
from portal.supervisor import Program, Supervisor, supervisor

SECRETS = RUNTIME / "secrets.env"
ADDRESSES = RUNTIME / "portal.env"
PKI = RUNTIME / "pki"
SIGN_INS = RUNTIME / "demo_logins.txt"
DEMO_PORTAL = RUNTIME / "demo_portal"
DEMO_ACCESS = DEMO_PORTAL / "access.env"
SECRET_NAMES = ("SECRET_KEY", "PAYMENT_CALLBACK_SECRET", "POSTGRES_PASSWORD", "DATABASE_PASSWORD", "REDIS_PASSWORD")
READY_SECONDS = 120.0


def run() -> None:
    """Start the portal and keep it until Ctrl-C. Raises Trouble with what stands in the way."""
    with only_one(RUN_LOCK, "The portal is already running from this folder; stop it there with Ctrl-C"):
        environment = _environment(_kept_secrets())
        with supervisor(home=RUNTIME) as keeper:
            _check_ports(environment)
            servers = start_servers(keeper, place("data"), secrets=environment, thrown_away=False, given=os.environ)
            environment |= {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
            _write_private(ADDRESSES, environment)
            try:
                _prepare(keeper, environment)
                front, behind = _programs(environment)
                for program in front:
                    keeper.start(program)
                keeper.wait_until(_healthy(environment["PORT"]), what="The web server", seconds=READY_SECONDS)
                for program in behind:
                    keeper.start(program)
                _greet(environment)
                keeper.watch()
            finally:
                say("\nStopping …")
                ADDRESSES.unlink()


def manage(words: Sequence[str]) -> None:
    """Become a management command against the running portal. Raises Trouble when it is not running."""
    if not ADDRESSES.exists() or not is_held(RUN_LOCK):
        raise Trouble("The portal is not running from this folder: start it with `make run` first.")
    os.execve(PYTHON, [str(PYTHON), "manage.py", *words], {**os.environ, **_read_private(ADDRESSES)})  # noqa: S606


def _kept_secrets() -> dict[str, str]:
    """The secrets of this machine: made at the first start, kept where only this account reads them."""
    kept = _read_private(SECRETS) if SECRETS.exists() else {}
    if not kept and OUTSIDE.exists():
        aside = OUTSIDE.with_name(f"{OUTSIDE.name}-{datetime.now(UTC):%Y%m%d%H%M%S}")
        OUTSIDE.rename(aside)
        say(f"The data of an earlier clone in this place are set aside in {aside}.")
    if missing := [name for name in SECRET_NAMES if name not in kept]:
        kept |= {name: secrets.token_urlsafe(48) for name in missing}
        _write_private(SECRETS, kept)
    return kept


def _environment(kept: Mapping[str, str]) -> dict[str, str]:
    """What the portal's processes get: the environment's own values win over the ones made here."""
    port = _port("PORT", 8000)
    simulator = os.environ.get("SIMULATOR_URL") or f"http://127.0.0.1:{_port('SIMULATOR_PORT', 8100)}"
    made = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "SIMULATOR_URL": simulator,
        "MEDIA_ROOT": str(RUNTIME / "media"),
        "KEYS_DIR": str(RUNTIME / "keys"),
        "SIGNATURE_AUTHORITIES_DIR": str(PKI / "trusted"),
        "SIGNATURE_REVOCATION_HOSTS": urlsplit(simulator).netloc,  # the demo's certificate authority is there
        "SECURE_COOKIES": "false",  # plain http, on the loopback alone
        "WEBHOOK_DEMO_HOSTS": "127.0.0.1",  # the demo portal listens beside it
        "SANDBOX": "true",  # a demo beside the simulator; it acts for the fixed numbers alone
        "PORT": str(port),
        "DEMO_PORTAL_PORT": str(_port("DEMO_PORTAL_PORT", 8200)),
        **kept,
    }
    return made | {name: os.environ[name] for name in made if os.environ.get(name)}


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Trouble(f"{name} must be a port between 1 and 65535, not {value!r}.")
    return int(value)


def _check_ports(environment: Mapping[str, str]) -> None:
    """Raises Trouble naming the port that another program holds and the word that chooses another."""
    ports = {name: int(environment[name]) for name in ("PORT", "DEMO_PORTAL_PORT")}
    if (simulator := _simulator_port(environment)) is not None:
        ports["SIMULATOR_PORT"] = simulator
    if len(set(ports.values())) < len(ports):
        raise Trouble(f"{', '.join(ports)} must differ.")
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                raise Trouble(f"This account may not use port {port}: choose one above 1023 with {name}=….") from None
            except OSError:
                raise Trouble(
                    f"Port {port} is in use by another program: stop that, or choose another port, "
                    f"for example `make run {name}={port % 50_000 + 1010}`."
                ) from None


def _simulator_port(environment: Mapping[str, str]) -> int | None:
    """Where the simulator of the registers is to listen; None when SIMULATOR_URL names one elsewhere."""
    address = urlsplit(environment["SIMULATOR_URL"])
    return address.port if address.hostname in ("127.0.0.1", "localhost") else None


def _demo_address(environment: Mapping[str, str]) -> str:
    return f"http://127.0.0.1:{environment['DEMO_PORTAL_PORT']}"


def _prepare(keeper: Supervisor, environment: Mapping[str, str]) -> None:
    DEMO_PORTAL.mkdir(mode=0o700, exist_ok=True)
    step = Program(
        name="prepare",
        command=[str(PYTHON), "-m", "portal.prepare", str(SIGN_INS), str(DEMO_ACCESS), _demo_address(environment)],
        environment=environment,
        grace_seconds=2.0,
    )
    if keeper.complete(step):
        raise Trouble("The data could not be set up; the lines above say why.")


def _programs(environment: Mapping[str, str]) -> tuple[list[Program], list[Program]]:
    """The parts of docker-compose.yml on one machine: those a visitor meets, then those that work behind them."""
    python, celery = str(PYTHON), [str(PYTHON), "-m", "celery", "-A", "portal"]
    front: dict[str, list[str]] = {
        "web": [
            *(python, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{environment['PORT']}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload", "--no-control-socket"),
        ],
    }
    if (port := _simulator_port(environment)) is not None:
        kept = ["--state", str(RUNTIME / "simulator.json"), "--public-url", environment["SIMULATOR_URL"]]
        kept += ["--pki", str(PKI)]
        front["simulator"] = [python, "-m", "registers.simulator", "--port", str(port), *kept]
    behind = {
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip"],
        "webhooks": [
            *(*celery, "worker", "--pool", "threads", "--concurrency", "8", "--hostname", "webhooks@%h"),
            *("--queues", f"{os.environ.get('INSTANCE', 'portal')}.webhooks"),
            *("--loglevel", "INFO", "--without-gossip"),
        ],
        "beat": [*celery, "beat", "--schedule", str(RUNTIME / "beat-schedule"), "--pidfile="],
    }
    first, second = (
        [Program(name=name, command=command, environment=environment) for name, command in parts.items()]
        for parts in (front, behind)
    )
    return first, [*second, *_demo_portal(environment)]


def _demo_portal(environment: Mapping[str, str]) -> list[Program]:
    """A citizen's portal as a partner would run it: it knows the API, its own access and the demo's keys, no more."""
    if not DEMO_ACCESS.exists():
        return []
    own = {
        **{f"DEMO_PORTAL_{name}": value for name, value in _read_private(DEMO_ACCESS).items()},
        "DJANGO_SETTINGS_MODULE": "examples.portal.settings",
        "DEMO_PORTAL_URL": _demo_address(environment),
        "DEMO_PORTAL_API": f"http://127.0.0.1:{environment['PORT']}",
        "DEMO_PORTAL_KEYS": str(PKI / "keys"),
        "DEMO_PORTAL_STORE": str(DEMO_PORTAL / "cases.sqlite3"),
    }
    command = [str(PYTHON), "-m", "gunicorn", "examples.portal.wsgi", "--bind", urlsplit(own["DEMO_PORTAL_URL"]).netloc]
    command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
    return [Program(name="demo_portal", command=command, environment=own)]


def _healthy(port: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    return ready


def _greet(environment: Mapping[str, str]) -> None:
    say(f"\nThe portal is running: {environment['PORTAL_URL']}")
    if DEMO_ACCESS.exists():
        say(f"A citizen's demo portal beside it: {_demo_address(environment)}")
    if SIGN_INS.exists():
        say(SIGN_INS.read_text().rstrip())
    say("Logs: .runtime/logs/   Ctrl-C stops everything.")


def _read_private(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def _write_private(file: Path, values: Mapping[str, str]) -> None:
    with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        output.writelines(f"{name}={value}\n" for name, value in values.items())


def main(words: Sequence[str]) -> int:
    """Carry out `run` or `manage …`. Returns the exit code."""
    command, *rest = words
    os.chdir(ROOT)
    try:
        if command == "manage":
            manage(rest)
        check_room(ROOM_TO_START)
        run()
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except OSError as error:
        say(sentence_of(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped; no process is left. The data stay for the next `make run`.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
