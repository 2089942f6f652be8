"""manage.py connect_system CODE --by ADMINISTRATOR: connect a system, change it, give it a secret or key, revoke it."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.utils import timezone

from api.clients import add_key, make_secret, revoke, save_system
from api.models import Client, Scope
from applications.acting import Actor
from applications.errors import DomainError
from offices.models import ConnectedSystem, Role, Staff, SystemChannel

# What may be changed later; code and channel are given once.
CHANGEABLE = ("services", "is_active", "requires_message_signature", "quota_per_hour", "burst", "return_hosts")


class Command(BaseCommand):
    """Prints the client id and a secret, which is shown this once and kept only as its hash.

    With --key it keeps a public key instead of making a secret; with --revoke it takes one of the two back; a connected
    system that is only changed gets nothing new.
    """

    help = "Connect a portal or platform, change it, give it a further secret or key, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--by", required=True, help="user name of the administrator who does it")
        parser.add_argument("--channel", choices=SystemChannel.values, default=SystemChannel.EGOV.value)
        parser.add_argument("--services", nargs="+")
        parser.add_argument("--return-hosts", nargs="+", help="hosts of its pages that payers may be sent back to")
        parser.add_argument("--scopes", nargs="+", choices=Scope.values)
        parser.add_argument("--name", default="")
        parser.add_argument("--active", dest="is_active", action=BooleanOptionalAction)
        parser.add_argument("--sign-messages", dest="requires_message_signature", action=BooleanOptionalAction)
        parser.add_argument("--quota-per-hour", type=int)
        parser.add_argument("--burst", type=int)
        given = parser.add_mutually_exclusive_group()
        given.add_argument("--key", type=Path, help="file of a public key in PEM, instead of a secret")
        given.add_argument("--revoke", metavar="NAME", help="name of the secret or key to take back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown administrator, and for whatever the verbs refuse; then nothing is done."""
        staff = Staff.objects.filter(username=options["by"], role=Role.ADMINISTRATOR, is_active=True).first()
        if staff is None:
            raise CommandError("There is no active administrator with this user name.")
        try:
            with transaction.atomic():
                told = _done(Actor.of(staff), options, timezone.now())
        except ValidationError as error:
            named = (f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            raise CommandError(" ".join(named)) from error
        except (DomainError, IntegrityError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        print(told)


def _done(actor: Actor, options: dict[str, Any], now: datetime) -> str:
    """Do what the options say and tell what the other side has to know."""
    client = Client.objects.select_related("system").filter(system__code=options["code"]).first()
    changes = {name: options[name] for name in CHANGEABLE if options[name] is not None}
    is_changed = bool(changes or options["scopes"])
    if options["revoke"]:
        if client is None:
            raise CommandError("No system is connected under this code.")
        revoke(actor=actor, client=client, name=options["revoke"], now=now)
        return f"revoked={options['revoke']}"
    is_new = client is None
    if client is None or is_changed:
        system = client.system if client else _new(options)
        for name, value in changes.items():
            setattr(system, name, value)
        system.full_clean(exclude=() if system.return_hosts else ("return_hosts",))
        scopes = options["scopes"] or (client.scopes if client else Scope.values)
        client = save_system(actor=actor, system=system, scopes=scopes, now=now)
    if options["key"]:
        key = add_key(actor=actor, client=client, public_key=options["key"].read_text(), now=now)
        return f"client_id={client.client_id}\nkid={key.name}"
    if is_changed and not is_new:
        return f"client_id={client.client_id}"
    credential, secret = make_secret(actor=actor, client=client, now=now)
    return f"client_id={client.client_id}\nclient_secret={secret}\nname={credential.name}"


def _new(options: dict[str, Any]) -> ConnectedSystem:
    code, name = options["code"], options["name"] or options["code"]
    names = {f"name_{language}": name for language in ("en", "ru", "kk")}
    known = ConnectedSystem.objects.filter(code=code).first()
    return known or ConnectedSystem(code=code, channel=options["channel"], services=["VR", "PD", "DL"], **names)
