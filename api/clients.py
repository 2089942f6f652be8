"""What an administrator does about connected systems: connect one, give it secrets and keys, take them back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken

from api.models import Client, Credential, CredentialKind, Scope
from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotFoundError
from applications.journal import noted
from offices.models import ConnectedSystem, Role

SECRET_BYTES = 32
SMALLEST_RSA_BITS = 3072
SLOTS = (1, 2)


@transaction.atomic
def save_system(*, actor: Actor, system: ConnectedSystem, scopes: Sequence[str], now: datetime) -> Client:
    """Store a new or changed connected system and what its tokens may allow; administrators only, journaled."""
    require_role(actor, Role.ADMINISTRATOR)
    if unknown := set(scopes) - set(Scope.values):
        raise InvalidInputError({"scopes": ", ".join(sorted(unknown))})
    is_new = system.pk is None
    system.save()
    client: Client
    client, _made = Client.objects.update_or_create(
        system=system,
        defaults={"scopes": sorted(scopes), "name": system.code},
        create_defaults={
            "client_id": system.code,
            "name": system.code,
            "scopes": sorted(scopes),
            "client_type": Client.CLIENT_CONFIDENTIAL,
            "authorization_grant_type": Client.GRANT_CLIENT_CREDENTIALS,
            "client_secret": "",
            "hash_client_secret": False,
        },
    )
    told = {
        "services": system.services,
        "scopes": sorted(scopes),
        "is_active": system.is_active,
        "quota_per_hour": system.quota_per_hour,
        "burst": system.burst,
        "requires_message_signature": system.requires_message_signature,
        "return_hosts": system.return_hosts,
    }
    noted(chain=_chain(client), actor=actor, action="created" if is_new else "changed", now=now, changes=told)
    return client


@transaction.atomic
def make_secret(*, actor: Actor, client: Client, now: datetime) -> tuple[Credential, str]:
    """A new secret and its text, which is shown once and kept nowhere; the other one goes on holding.

    Raises DomainError "two_at_once" while two hold.
    """
    text = secrets.token_urlsafe(SECRET_BYTES)
    credential = _keep(actor, client, CredentialKind.SECRET, now, secret_sha256=digest(text))
    return credential, text


@transaction.atomic
def add_key(*, actor: Actor, client: Client, public_key: str, now: datetime) -> Credential:
    """Keep a public key (PEM) by which the client signs assertions and messages.

    Raises InvalidInputError for anything but Ed25519, P-256 or RSA of 3072 bits and more, "two_at_once" while two hold.
    """
    try:
        key = load_pem_public_key(public_key.encode())
    except ValueError as error:
        raise InvalidInputError(
            {"public_key": _("This is no public key in PEM. Copy it with its first line.")}
        ) from error
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_BITS
    is_curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not (is_rsa or is_curve or isinstance(key, ed25519.Ed25519PublicKey)):
        raise InvalidInputError({"public_key": _("Use Ed25519, P-256, or RSA of at least 3072 bits.")})
    return _keep(actor, client, CredentialKind.KEY, now, public_key=public_key.strip())


@transaction.atomic
def revoke(*, actor: Actor, client: Client, name: str, now: datetime) -> None:
    """Take a secret or key back at once, and every token with it: nobody knows who took which by what.

    Raises NotFoundError for one that does not hold.
    """
    require_role(actor, Role.ADMINISTRATOR)
    credential = client.credentials.valid().select_for_update().filter(name=name).first()
    if credential is None:
        raise NotFoundError
    credential.revoked_at = now
    credential.save(update_fields=["revoked_at"])
    AccessToken.objects.filter(application=client).delete()
    noted(chain=_chain(client), actor=actor, action="credential_revoked", now=now, changes={"name": name})


def _keep(actor: Actor, client: Client, kind: CredentialKind, now: datetime, **content: str) -> Credential:
    staff = require_role(actor, Role.ADMINISTRATOR)
    Client.objects.select_for_update().get(pk=client.pk)
    taken = set(client.credentials.valid().filter(kind=kind).values_list("slot", flat=True))
    slot = next((slot for slot in SLOTS if slot not in taken), None)
    if slot is None:
        raise DomainError("two_at_once", _("Two of them hold already. Revoke the one that is out of use first."))
    name = f"{client.client_id[:31]}-{secrets.token_hex(4)}"
    credential = Credential.objects.create(
        client=client, kind=kind, name=name, slot=slot, created_at=now, created_by=staff, **content
    )
    changes = {"name": name, "kind": kind.value}
    noted(chain=_chain(client), actor=actor, action="credential_made", now=now, changes=changes)
    return credential


def digest(text: str) -> str:
    """What is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _chain(client: Client) -> str:
    return f"system:{client.system.code}"
