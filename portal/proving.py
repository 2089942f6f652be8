"""`make test`: every proof in turn, none hiding another, on servers of its own; ends with one line per stage."""

import os
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from shutil import rmtree

from portal.bare_machine import OUTSIDE, PYTHON, ROOT, RUNTIME, Trouble, only_one, say, sentence_of
from portal.embedded import place, start_servers
from portal.launch import SECRET_NAMES
from portal.supervisor import Program, Supervisor, supervisor

HOME = RUNTIME / "test"
PLACE = "test-data"
IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# What production sets (docs/operations.md), so that `check --deploy` judges the settings as they are deployed.
AS_IN_PRODUCTION = {
    "DEBUG": "false",
    "PORTAL_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "SECURE_SSL_REDIRECT": "true",
}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One proof: a Python command line that exits with 0 when it holds."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def stages() -> list[Stage]:
    """All proofs, quick ones first, the tests last so that their closing line stands near the end."""
    manage = "manage.py"
    return [
        Stage(name="ruff check", words=["-m", "ruff", "check", "."]),
        Stage(name="ruff format", words=["-m", "ruff", "format", "--check", "."]),
        Stage(name="import contract", words=["-c", IMPORT_LINTER]),
        Stage(name="templates", words=["-m", "djlint", "templates", "examples", "--lint", "--quiet"]),
        Stage(name="types", words=["-m", "mypy", "."]),
        Stage(name="migrations", words=[manage, "makemigrations", "--check", "--dry-run"]),
        Stage(
            name="deployment check",
            words=[manage, "check", "--deploy", "--fail-level", "WARNING"],
            environment=AS_IN_PRODUCTION,
        ),
        Stage(name="assets", words=["-m", "portal.prepare", "assets"]),
        Stage(name="tests", words=["-m", "pytest", "-n", str(os.cpu_count() or 2)]),
    ]


def prove() -> int:
    """Run every stage. Returns 0 when all hold, 1 otherwise."""
    with only_one(RUNTIME / "test.lock", "`make test` is already running from this folder"):
        with supervisor(home=HOME) as keeper:
            environment = _environment(keeper)
            results = [(stage, *_run(keeper, stage, environment)) for stage in stages()]
        _forget()
    say("")
    for stage, code, seconds in results:
        say(f"  {'holds ' if code == 0 else 'FAILED'}  {stage.name:<18} {seconds:6.1f} s")
    failed = [stage.name for stage, code, _ in results if code]
    say(f"Not proven: {', '.join(failed)}." if failed else "Everything holds.")
    return 1 if failed else 0


def _run(keeper: Supervisor, stage: Stage, environment: Mapping[str, str]) -> tuple[int, float]:
    say(f"\n── {stage.name}")
    started = time.monotonic()
    program = Program(
        name=stage.name,
        command=[str(PYTHON), *stage.words],
        environment={**environment, **stage.environment},
        grace_seconds=5.0,
    )
    return keeper.complete(program), time.monotonic() - started


def _environment(keeper: Supervisor) -> dict[str, str]:
    """What every stage gets: secrets of this run alone, and servers that are thrown away."""
    made = {name: secrets.token_urlsafe(48) for name in SECRET_NAMES}
    _forget()
    servers = start_servers(keeper, place(PLACE), secrets=made, thrown_away=True, given=os.environ)
    return made | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "MEDIA_ROOT": str(HOME / "media"),
        "KEYS_DIR": str(HOME / "keys"),
        "SECURE_SSL_REDIRECT": "false",  # the tests speak plain http to a server of their own
    }


def _forget() -> None:
    for folder in (RUNTIME / PLACE, OUTSIDE / PLACE):
        rmtree(folder, ignore_errors=True)


def main() -> int:
    """Prove, telling trouble in a sentence. Returns the exit code."""
    os.chdir(ROOT)
    try:
        return prove()
    except Trouble as trouble:
        say(str(trouble))
    except OSError as error:
        say(sentence_of(error))
    except KeyboardInterrupt:
        say("Stopped; no process is left.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
