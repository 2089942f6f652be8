"""manage.py connect_system CODE --by ADMINISTRATOR: connect a system, or give a connected one a further secret."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from api.clients import make_secret, save_system
from api.models import Scope
from applications.acting import Actor
from applications.errors import DomainError
from offices.models import ConnectedSystem, Role, Staff, SystemChannel


class Command(BaseCommand):
    """Prints the client id and a secret, which is shown this once and kept only as its hash."""

    help = "Connect a portal or platform, or give a connected one a further secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--by", required=True, help="user name of the administrator who does it")
        parser.add_argument("--channel", choices=SystemChannel.values, default=SystemChannel.EGOV.value)
        parser.add_argument("--services", nargs="+", default=["VR", "PD", "DL"])
        parser.add_argument("--scopes", nargs="+", choices=Scope.values, default=Scope.values)
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown administrator, and while two secrets hold already."""
        staff = Staff.objects.filter(username=options["by"], role=Role.ADMINISTRATOR, is_active=True).first()
        if staff is None:
            raise CommandError("There is no active administrator with this user name.")
        code, name, now = options["code"], options["name"] or options["code"], timezone.now()
        system = ConnectedSystem.objects.filter(code=code).first()
        if system is None:
            names = {f"name_{language}": name for language in ("en", "ru", "kk")}
            system = ConnectedSystem(code=code, channel=options["channel"], services=options["services"], **names)
        actor = Actor.of(staff)
        try:
            client = save_system(actor=actor, system=system, scopes=options["scopes"], now=now)
            _credential, secret = make_secret(actor=actor, client=client, now=now)
        except DomainError as error:
            raise CommandError(str(error)) from error
        print(f"client_id={client.client_id}\nclient_secret={secret}")
