"""manage.py connect_demo_portal FILE --address URL: connect examples/portal/, its access kept in FILE."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from api.clients import digest, make_secret, revoke, save_system
from api.models import Client, CredentialKind, Scope
from applications.acting import Actor
from offices.models import ConnectedSystem, Role, Staff, SystemChannel
from webhooks.keeping import change_endpoint, enter_endpoint
from webhooks.models import Endpoint, EventKind
from webhooks.sealing import unseal

CODE = "demo-portal"
NAMES = {"name_en": "Demo portal", "name_ru": "Демонстрационный портал", "name_kk": "Көрсетілім порталы"}
TOLD = [EventKind.STATE_CHANGED.value, EventKind.DOCUMENT_MARKED_WRONG.value]


class Command(BaseCommand):
    """Writes CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET and SESSION_KEY, readable by this account alone.

    What holds already stays: a second call with the same file and address changes nothing. Where no administrator
    works yet nothing is connected, and no file is written.
    """

    help = "Connect the reference portal of examples/portal/ for a demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--address", required=True, help="where the demo portal listens, such as http://127.0.0.1:8200"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        staff = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()
        if staff is None:
            return
        file, address, now = options["file"], options["address"].rstrip("/"), timezone.now()
        kept = read(file)
        actor = Actor.of(staff)
        with transaction.atomic():
            client = _connected(actor, urlsplit(address).netloc, now)
            told = {
                "CLIENT_ID": client.client_id,
                "CLIENT_SECRET": _secret(actor, client, kept.get("CLIENT_SECRET", ""), now),
                "WEBHOOK_SECRET": _webhook_secret(actor, client.system, f"{address}/webhooks/", now),
                "SESSION_KEY": kept.get("SESSION_KEY") or secrets.token_urlsafe(48),
            }
        if told != kept:
            with open(file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
                output.writelines(f"{name}={value}\n" for name, value in told.items())


def read(file: Path) -> dict[str, str]:
    """What the file says, by name; nothing where there is none."""
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _connected(actor: Actor, host: str, now: datetime) -> Client:
    """The system with every service and scope, whose pages are on `host`."""
    client: Client | None = Client.objects.select_related("system").filter(system__code=CODE).first()
    if client is not None and client.system.return_hosts == [host]:
        return client
    system = client.system if client else ConnectedSystem(code=CODE, channel=SystemChannel.EGOV.value, **NAMES)
    system.services, system.return_hosts = ["VR", "PD", "DL"], [host]
    return save_system(actor=actor, system=system, scopes=Scope.values, now=now)


def _secret(actor: Actor, client: Client, kept: str, now: datetime) -> str:
    """The secret in use where it holds, else a new one in place of every other."""
    valid = client.credentials.valid().filter(kind=CredentialKind.SECRET)
    if kept and valid.filter(secret_sha256=digest(kept)).exists():
        return kept
    for name in list(valid.values_list("name", flat=True)):
        revoke(actor=actor, client=client, name=name, now=now)
    _credential, text = make_secret(actor=actor, client=client, now=now)
    return text


def _webhook_secret(actor: Actor, system: ConnectedSystem, url: str, now: datetime) -> str:
    """The secret of the system's only endpoint, which is brought to `url`."""
    endpoint = Endpoint.objects.filter(system=system).order_by("pk").first()
    if endpoint is None:
        _endpoint, secret = enter_endpoint(actor=actor, system=system, url=url, kinds=TOLD, is_active=True, now=now)
        return secret
    if endpoint.url != url:
        change_endpoint(actor=actor, pk=endpoint.pk, url=url, kinds=TOLD, is_active=True, now=now)
    return unseal(endpoint.secret)
