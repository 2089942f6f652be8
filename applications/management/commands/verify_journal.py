from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.journal import verify
from applications.models import JournalEntry


class Command(BaseCommand):
    help = "Recompute the journal's hash chains and name the first row that does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chain", help="one chain only, for example application:0201-26-004178-3")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify(options["chain"])
        if broken is not None:
            raise CommandError(f"Broken: row {broken.pk}, {broken.chain} no. {broken.sequence} ({broken.action}).")
        self.stdout.write(f"{JournalEntry.objects.count()} rows, every chain is whole.")
