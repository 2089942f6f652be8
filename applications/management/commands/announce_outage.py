"""manage.py announce_outage --by ADMINISTRATOR --from … --until … --ru … --kk …: tell on every page of planned work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from applications.acting import Actor
from applications.errors import DomainError
from applications.outage import PlannedOutage, announce, call_off
from applications.standards import Text
from offices.models import Role, Staff


class Command(BaseCommand):
    """Times are those of Asia/Almaty, as 2026-12-01T22:00."""

    help = "Announce planned work on every page of the desk, or call it off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="user name of the administrator who does it")
        parser.add_argument("--from", dest="starts_at", type=datetime.fromisoformat)
        parser.add_argument("--until", dest="ends_at", type=datetime.fromisoformat)
        parser.add_argument("--ru", default="", help="what the work is for, in Russian")
        parser.add_argument("--kk", default="", help="the same in Kazakh")
        parser.add_argument("--en", default="", help="the same in English; Russian where it is left out")
        parser.add_argument("--call-off", action="store_true", help="take the announcement from the pages")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown administrator, and for whatever the verb refuses."""
        staff = Staff.objects.filter(username=options["by"], role=Role.ADMINISTRATOR, is_active=True).first()
        if staff is None:
            raise CommandError("There is no active administrator with this user name.")
        actor, now = Actor.of(staff), timezone.now()
        if options["call_off"]:
            call_off(actor=actor, now=now)
            return
        if not (options["starts_at"] and options["ends_at"]):
            raise CommandError("Say --from and --until.")
        begins, ends = (timezone.make_aware(options[name].replace(tzinfo=None)) for name in ("starts_at", "ends_at"))
        why = Text(en=options["en"] or options["ru"], ru=options["ru"], kk=options["kk"])
        try:
            announce(actor=actor, outage=PlannedOutage(begins, ends, why), now=now)
        except DomainError as error:
            raise CommandError(f"{error.message} {' '.join(str(text) for text in error.fields.values())}") from error
