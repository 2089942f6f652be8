"""The import of a folder: read and check every file, then load what is good. Running it again adds what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.acting import Actor
from applications.journal import noted
from legacy import loading, reading, staging
from legacy.kinds import Kind, all_kinds
from legacy.models import RegistryImport
from legacy.reading import FileTrouble
from legacy.report import Report

CHAIN = "import"
# One import at a time; the number means nothing else.
LOCK = 743_003
Advance = Callable[[int], None]
# Shows how far a step of so many bytes or rows has come.
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@dataclass(frozen=True)
class Outcome:
    """What an import did; `pk` is None when nothing was to be written."""

    pk: int | None
    counts: Mapping[str, Mapping[str, int]]

    @property
    def bad(self) -> int:
        return sum(numbers["bad"] for numbers in self.counts.values())


def run(
    folder: Path, *, actor: Actor, now: datetime, report_path: Path, dry: bool = False, progress: Progress | None = None
) -> Outcome:
    """Load the files of `folder`; rows that cannot be loaded stand in the report with line and reason.

    An entry that the register has already is counted and left alone. An import that was broken off is gone on with
    when the same files come again. `dry`: read and check only. Raises FileTrouble before anything is written.
    """
    paths = _files(folder)
    progress = progress or _silent
    with _alone(), staging.tables(), Report(report_path) as report:
        counts = {}
        for kind, path in paths.items():
            with progress(_("Reading %(file)s") % {"file": path.name}, _lines(path)) as advance:
                read = staging.stage(kind, path, report, advance)
            counts[kind.file] = {"read": read, "loaded": 0, "known": 0, "bad": 0}
        with progress(_("Checking"), len(paths)) as advance:
            for kind in paths:
                staging.check(kind)
                advance(1)
        current = None if dry else _begin(paths, actor, now, counts)
        if current is not None:
            _load(paths, current, progress)
        _count(paths, report, current, counts)
        if current is not None:
            _finish(current, actor, counts)
    return Outcome(current.pk if current else None, counts)


def _files(folder: Path) -> dict[Kind, Path]:
    kinds = {kind.file: kind for kind in all_kinds()}
    found = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if strange := [path.name for path in found if path.name not in kinds]:
        message = _("%(files)s: no such file is known. Known are: %(known)s.")
        raise FileTrouble(message % {"files": ", ".join(strange), "known": ", ".join(kinds)})
    if not found:
        message = _("%(folder)s holds none of the files: %(known)s.")
        raise FileTrouble(message % {"folder": folder, "known": ", ".join(kinds)})
    return {kind: folder / kind.file for kind in kinds.values() if folder / kind.file in found}


def _lines(path: Path) -> int:
    """How many lines the file has: nothing but the progress bar needs it."""
    count = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            count += block.count(b"\n")
    return count


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise FileTrouble(_("Another import is running. Wait until it is done."))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _begin(
    paths: Mapping[Kind, Path], actor: Actor, now: datetime, counts: Mapping[str, Mapping[str, int]]
) -> RegistryImport:
    """The import of these very files that was broken off, or a new one."""
    files = {kind.file: {"sha256": reading.digest(path), "size": path.stat().st_size} for kind, path in paths.items()}
    digest = hashlib.sha256(repr(sorted((name, item["sha256"]) for name, item in files.items())).encode()).hexdigest()
    with transaction.atomic():
        current = RegistryImport.objects.filter(digest=digest, finished_at=None).first()
        action = "registry_import_resumed"
        if current is None:
            action = "registry_import_started"
            current = RegistryImport.objects.create(
                digest=digest,
                files=files,
                started_at=now,
                started_by=actor.staff,
                counts={file: dict(numbers) for file, numbers in counts.items()},
            )
        noted(chain=CHAIN, actor=actor, action=action, now=now, changes={"import": current.pk, "files": files})
    return current


def _load(paths: Mapping[Kind, Path], current: RegistryImport, progress: Progress) -> None:
    refused = 0
    for kind, path in paths.items():
        if refused:
            staging.check_again(kind)
        with progress(_("Loading %(file)s") % {"file": path.name}, loading.waiting(kind)) as advance:
            refused += loading.load(kind, current, advance)


def _count(
    paths: Mapping[Kind, Path], report: Report, current: RegistryImport | None, counts: dict[str, dict[str, int]]
) -> None:
    """Report what was marked and complete the counts: every row is loaded, known or bad – or good, if not loaded."""
    for kind in paths:
        staging.report_marked(kind, report)
        numbers = counts[kind.file]
        numbers["bad"] = report.bad(kind)
        numbers["loaded"] = current.counts[kind.file]["loaded"] if current else loading.waiting(kind)
        # Rows that an earlier, broken-off part of this import loaded are found as known now.
        numbers["known"] = numbers["read"] - numbers["bad"] - numbers["loaded"]


def _finish(current: RegistryImport, actor: Actor, counts: dict[str, dict[str, int]]) -> None:
    now = max(timezone.now(), current.started_at)
    with transaction.atomic():
        current.finished_at, current.counts = now, counts
        current.save(update_fields=["finished_at", "counts"])
        changes = {"import": current.pk, "counts": counts}
        noted(chain=CHAIN, actor=actor, action="registry_imported", now=now, changes=changes)


@contextmanager
def _silent(label: str, length: int) -> Iterator[Advance]:
    yield lambda steps: None
