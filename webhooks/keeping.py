"""What administrators and supervisors do: endpoints, their secrets, tests and dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotFoundError
from applications.journal import noted
from applications.models import Application
from offices.models import ConnectedSystem, Role, Staff
from webhooks import delivering
from webhooks.models import Delivery, DeliveryQuerySet, Endpoint
from webhooks.sealing import new_secret, seal
from webhooks.targets import require_allowed

# Both secrets sign for a day after a new one was made.
ROTATION = timedelta(hours=24)


@transaction.atomic
def enter_endpoint(
    *, actor: Actor, system: ConnectedSystem, url: str, kinds: Sequence[str], is_active: bool, now: datetime
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which nobody can read again. Raises InvalidInputError for the address."""
    require_role(actor, Role.ADMINISTRATOR)
    _require_address(system, url)
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        system=system, url=url, kinds=list(kinds), is_active=is_active, secret=seal(secret), created_at=now
    )
    _note(actor, endpoint, "endpoint_entered", now)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *, actor: Actor, pk: int, url: str, kinds: Sequence[str], is_active: bool, now: datetime
) -> Endpoint:
    """Another address or other events; what rests is tried again at once. Raises InvalidInputError, NotFoundError."""
    endpoint = _locked(actor, pk)
    _require_address(endpoint.system, url, pk)
    endpoint.url, endpoint.kinds, endpoint.is_active = url, list(kinds), is_active
    endpoint.failures, endpoint.rests_until = 0, None
    endpoint.save(update_fields=["url", "kinds", "is_active", "failures", "rests_until"])
    _note(actor, endpoint, "endpoint_changed", now)
    return endpoint


@transaction.atomic
def rotate_secret(*, actor: Actor, pk: int, now: datetime) -> str:
    """A new secret; the one before it signs, too, for a day. Raises DomainError "rotation_running" within that day."""
    endpoint = _locked(actor, pk)
    if endpoint.has_two_secrets(now):
        raise DomainError("rotation_running", _("A secret was made less than a day ago. End the old one first."))
    secret = new_secret()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + ROTATION
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    _note(actor, endpoint, "endpoint_secret_made", now)
    return secret


@transaction.atomic
def end_old_secret(*, actor: Actor, pk: int, now: datetime) -> None:
    """Sign with the new secret alone from now on: the client has taken it over, or the old one is known to others."""
    endpoint = _locked(actor, pk)
    endpoint.previous_secret, endpoint.previous_until = "", None
    endpoint.save(update_fields=["previous_secret", "previous_until"])
    _note(actor, endpoint, "endpoint_secret_ended", now)


@transaction.atomic
def try_out(*, actor: Actor, pk: int, now: datetime) -> Delivery:
    """Send a test event to the endpoint. Raises NotFoundError."""
    endpoint = _locked(actor, pk)
    _note(actor, endpoint, "endpoint_tested", now)
    return delivering.send_test(endpoint, now)


@transaction.atomic
def replay(*, actor: Actor, deliveries: Sequence[int], now: datetime) -> int:
    """Offer the named dead letters anew, as far as the acting staff sees them; returns how many."""
    staff = require_role(actor, Role.SUPERVISOR, Role.ADMINISTRATOR)
    seen = list(dead_letters(staff).filter(pk__in=list(deliveries)).values_list("pk", flat=True))
    if not seen:
        raise NotFoundError
    count = delivering.replay(seen, now)
    noted(chain=f"staff:{staff.username}", actor=actor, action="dead_letters_replayed", now=now, changes={"n": count})
    return count


def dead_letters(staff: Staff) -> DeliveryQuerySet:
    """What could not be delivered, newest first: of their own cases to supervisors, all to administrators."""
    dead = Delivery.objects.dead().select_related("event", "endpoint__system", "application").order_by("-pk")
    if staff.role == Role.ADMINISTRATOR:
        return dead
    return dead.filter(application__in=Application.objects.visible_to(staff))


def _locked(actor: Actor, pk: int) -> Endpoint:
    require_role(actor, Role.ADMINISTRATOR)
    endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("system").filter(pk=pk).first()
    if endpoint is None:
        raise NotFoundError
    return endpoint


def _require_address(system: ConnectedSystem, url: str, pk: int = 0) -> None:
    require_allowed(url)
    if Endpoint.objects.filter(system=system, url=url).exclude(pk=pk).exists():
        raise InvalidInputError({"url": _("This system has an endpoint with this address already.")})


def _note(actor: Actor, endpoint: Endpoint, action: str, now: datetime) -> None:
    changes = {"url": endpoint.url, "kinds": endpoint.kinds, "is_active": endpoint.is_active}
    noted(chain=f"system:{endpoint.system.code}", actor=actor, action=action, now=now, changes=changes)
