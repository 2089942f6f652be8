"""`manage.py verify_licence TEXT`: what the QR code of a licence on a phone proves, without network and database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from applications.paper_codes import ForgedCodeError
from licensing.mobile import hash_of, verified


class Command(BaseCommand):
    help = "Checks the signature in the QR code of a mobile licence with the portal's public keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", help="the text of the QR code, as a phone reads it")
        parser.add_argument("--iin", default="", help="the IIN on the identity card shown")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            licence = verified(options["text"])
        except ForgedCodeError as error:
            raise CommandError(str(error)) from error
        term = f"{licence.issued_on.isoformat()} to {licence.valid_until.isoformat()}"
        self.stdout.write(f"Genuine: licence {licence.number} of {licence.initials}, {term}, key {licence.key_id}.")
        for code, since in licence.categories.items():
            self.stdout.write(f"{code} since {since.isoformat()}")
        if licence.has_restrictions:
            self.stdout.write("There are restrictions: see the card.")
        if not licence.holds(timezone.localdate()):
            raise CommandError("The code is genuine, but its term does not run today.")
        if options["iin"]:
            code = options["text"].split("#")[0].rstrip("/").rsplit("/", maxsplit=1)[-1]
            if hash_of(code, options["iin"]) != licence.subject_hash:
                raise CommandError("The licence is genuine, but it belongs to another person.")
            self.stdout.write("The identity card is that of the holder.")
        self.stdout.write("Whether it was withdrawn since, only the address in the code tells.")
