"""`manage.py verify_qr TEXT`: what a paper's QR code proves, without network and without the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.paper_codes import ForgedCodeError, subject_hash, verify_text


class Command(BaseCommand):
    help = "Checks the signature in the text of a paper's QR code with the portal's public keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", help="the text of the QR code, as a phone reads it")
        parser.add_argument("--plate", default="", help="the plate seen on the vehicle")
        parser.add_argument("--vin", default="", help="the VIN seen on the vehicle")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proof = verify_text(options["text"])
        except ForgedCodeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Genuine: {proof.kind} {proof.number} of {proof.on.isoformat()}, key {proof.key_id}.")
        if options["plate"] or options["vin"]:
            code = options["text"].split("#")[0].rstrip("/").rsplit("/", maxsplit=1)[-1]
            seen = subject_hash(code, plate=options["plate"], vin=options["vin"])
            if seen != proof.subject_hash:
                raise CommandError("The paper is genuine, but it belongs to another vehicle.")
            self.stdout.write("The vehicle is the one the paper was issued for.")
