"""Load the registers of the earlier systems from a folder of CSV files (docs/import.md)."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.acting import Actor
from legacy.importing import Advance, run
from legacy.reading import FileTrouble
from legacy.report import table
from offices.models import Role, Staff


class Command(BaseCommand):
    """Exit code 0: all rows loaded or known; 1: nothing was done; 2: done, but some rows are bad."""

    help = "Load vehicles, owners, plates, certificates and licences from CSV files. Safe to run again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with the files, see docs/import.md")
        parser.add_argument("--by", metavar="USERNAME", help="the administrator who answers for the import")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--report", type=Path, default=Path("import-report.csv"), help="where bad rows are listed")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="ru")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, show how far it is, and print the summary."""
        with translation.override(options["language"]):
            try:
                actor = Actor.of(_administrator(options["by"])) if options["by"] else Actor.automatic()
                if actor.staff is None and not options["dry_run"]:
                    raise CommandError(_("Say who answers for the import: --by USERNAME."))
                outcome = run(
                    options["folder"],
                    actor=actor,
                    now=timezone.now(),
                    report_path=options["report"],
                    dry=options["dry_run"],
                    progress=_bar,
                )
            except FileTrouble as trouble:
                raise CommandError(str(trouble)) from trouble
            for line in table(outcome.counts):
                self.stdout.write(line)
            if options["dry_run"]:
                self.stdout.write(_("Checked only: “loaded” are the rows that would be."))
            if outcome.bad:
                raise CommandError(
                    _("Bad rows with line and reason: %(path)s") % {"path": options["report"]}, returncode=2
                )


def _administrator(username: str) -> Staff:
    staff = Staff.objects.filter(username=username, is_active=True, role=Role.ADMINISTRATOR).first()
    if staff is None:
        raise CommandError(_("There is no active administrator “%(name)s”.") % {"name": username})
    return staff


@contextmanager
def _bar(label: str, length: int) -> Iterator[Advance]:
    with click.progressbar(length=length, label=f"{label:<32}", show_pos=True) as bar:
        yield bar.update
