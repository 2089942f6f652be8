"""Brings the data of a bare machine up to date in one process: translations, static files, database, reference, demo.

Every step may run again at each start and changes nothing the second time.
"""

import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError

from portal import settings as settings_module
from portal.bare_machine import say

IGNORED_FOLDERS = [".venv", ".runtime", "staticfiles"]
# The pages load bootstrap.min.css alone; its siblings would be hashed and compressed for nobody.
IGNORED_ASSETS = ["bootstrap-*", "*.rtl.*", "bootstrap.css*"]


def prepare(sign_ins: Path, demo_access: Path, demo_address: str) -> None:
    """Run every step, saying which and how long. Writes one line per demo sign-in to `sign_ins`, and to `demo_access`
    what the demo portal at `demo_address` proves itself by.

    Raises CommandError or DatabaseError when a step fails.
    """
    django.setup()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Translations", _compile_messages),
        ("Static files", _collect_static),
        ("Database", lambda: call_command("migrate", interactive=False, verbosity=0)),
        ("Reference data", lambda: _call_if_known("load_reference")),
        ("Demo data", lambda: _call_if_known("load_demo")),
        ("Signing keys", lambda: _call_if_known("make_keys")),
        ("Demo portal", lambda: _call_if_known("connect_demo_portal", str(demo_access), address=demo_address)),
    ]
    for name, step in steps:
        started = time.monotonic()
        step()
        say(f"  {name}: done in {time.monotonic() - started:.1f} s")
    lines = _call_if_known("demo_logins")
    with open(sign_ins, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        output.write(lines)


def _compile_messages() -> None:
    if any(Path("locale").glob("*/LC_MESSAGES/*.po")):
        call_command("compilemessages", ignore_patterns=IGNORED_FOLDERS, verbosity=0)


def _collect_static() -> None:
    """Collect unless nothing changed since the last time: hashing and compressing costs seconds of every start."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    state = _state_of_sources()
    if stamp.is_file() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=IGNORED_ASSETS)
    stamp.write_text(state)


def _state_of_sources() -> str:
    """A digest of every static file's name, size and time, and of the settings that shape what becomes of them."""
    digest = hashlib.sha256(Path(settings_module.__file__).read_bytes())
    for finder in get_finders():
        for name, storage in finder.list(IGNORED_ASSETS):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _call_if_known(command: str, *words: str, **options: str) -> str:
    if command not in get_commands():
        return ""
    output = io.StringIO()
    call_command(command, *words, stdout=output, **options)
    return output.getvalue()


def main(words: Sequence[str]) -> int:
    """Prepare all for a start (the words are those of `prepare`), or only what a build needs (`assets`).

    Returns the exit code.
    """
    try:
        if words == ["assets"]:
            django.setup()
            _compile_messages()
            _collect_static()
        else:
            say("Setting up the data …")
            prepare(Path(words[0]), Path(words[1]), words[2])
    except (CommandError, DatabaseError) as error:
        say(f"{type(error).__name__}: {error}".strip())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
