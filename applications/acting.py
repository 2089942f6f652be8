"""The one shape of every verb: lock the row the actor may see, let the machine judge, write once, keep the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from applications.errors import DomainError, NotAllowedError, NotFoundError
from applications.models import Application, JournalEntry
from applications.states import State
from offices.models import ConnectedSystem, Staff


class Follower(Protocol):
    """Told of what was written into an application's journal, in the same transaction."""

    def __call__(
        self, application: Application, now: datetime, told: Sequence[tuple[str, dict[str, Any]]], *, has_moved: bool
    ) -> None: ...


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have `follower` called beside every journal entry of a case; `has_moved` when its state changed with it.

    For apps above this one, which plug themselves in when they are ready.
    """
    _followers.append(follower)


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, a connected system or the portal itself; from where, and its name in the journal."""

    staff: Staff | None
    label: str
    address: str | None = None
    system: ConnectedSystem | None = None

    @classmethod
    def of(cls, staff: Staff, address: str | None = None) -> Actor:
        return cls(staff=staff, label=staff.short_name, address=address)

    @classmethod
    def through(cls, system: ConnectedSystem, address: str | None = None) -> Actor:
        """The connected system, which acts for the people who apply through it."""
        return cls(staff=None, label=system.name_ru, address=address, system=system)

    @property
    def chain(self) -> str:
        """The chain of the journal that tells what this actor does outside of any case."""
        if self.system is not None:
            return f"system:{self.system.code}"
        return f"staff:{self.staff.username if self.staff else self.label}"

    @classmethod
    def automatic(cls, label: str = "portal") -> Actor:
        return cls(staff=None, label=label)


# The portal's own actors; the journal keeps their labels, people read their names.
_SYSTEMS = {"portal": _("portal"), "gateway": _("payment gateway")}


def actor_name(label: str) -> str:
    """Who stands behind the label of a journal entry, in the active language; people are labelled by their names."""
    return str(_SYSTEMS.get(label, label))


def lock(*, number: str, actor: Actor, version: int | None = None) -> Application:
    """The application, locked until the transaction ends.

    Staff get it only when it is visible to them, a connected system only when it filed it; `version` is the one their
    page showed (None for workers, which judge the state instead). Raises NotFoundError, or DomainError "stale" that
    says who changed it and when.
    """
    applications = Application.objects.select_for_update(of=("self",), no_key=True).select_related(
        "office", "front_desk", "applicant_person", "applicant_organisation", "representative", "power_of_attorney"
    )
    if actor.staff is not None:
        applications = applications.visible_to(actor.staff)
    if actor.system is not None:
        applications = applications.filed_through(actor.system)
    application = applications.filter(number=number).first()
    if application is None:
        raise NotFoundError
    if version is not None and application.version != version:
        raise stale(application)
    return application


def stale(application: Application) -> DomainError:
    """The kind refusal of a page that is older than the case: who changed it, and when."""
    last = application.journal.exclude(action="viewed").first()
    if last is None:
        return DomainError("stale", _("The application has changed since you opened this page. Look again."))
    message = _("%(who)s changed the application at %(time)s. Your change was not made; look at it as it stands now.")
    when = date_format(timezone.localtime(last.at), "H:i")
    return DomainError("stale", message % {"who": actor_name(last.actor_label), "time": when})


def require_role(actor: Actor, *roles: str) -> Staff:
    """The acting member of staff. Raises NotAllowedError when their role is not one of `roles`."""
    if actor.staff is None or actor.staff.role not in roles:
        raise NotAllowedError("role", _("Your role does not allow this step."))
    return actor.staff


def move(application: Application, transition: str) -> None:
    """Make the named move of the state machine. Raises DomainError "illegal_move" that says where the case stands."""
    method = getattr(application, transition)
    if not can_proceed(method):
        message = _("This step is not possible now: the application is “%(state)s”.") % {
            "state": State(application.state).label
        }
        raise DomainError("illegal_move", message)
    method()
    application.has_moved = True


def save(application: Application, *fields: str) -> None:
    """Write the named fields and count the change."""
    application.version += 1
    application.save(update_fields=[*fields, "version"])
    pulse_after_commit(application)


def record(
    application: Application, actor: Actor, action: str, now: datetime, changes: dict[str, Any] | None = None
) -> None:
    """One row of the application's journal."""
    record_all(application, actor, now, [(action, changes or {})])


def record_all(
    application: Application, actor: Actor, now: datetime, told: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Rows of the application's journal, each an action with its changes, in one statement.

    The database chains them in their order.
    """
    JournalEntry.objects.bulk_create(
        JournalEntry(
            chain=f"application:{application.number}",
            application=application,
            at=now,
            actor=actor.staff,
            actor_label=actor.label,
            address=actor.address,
            action=action,
            changes=changes,
        )
        for action, changes in told
    )
    has_moved, application.has_moved = application.has_moved, False
    for follower in _followers:
        follower(application, now, told, has_moved=has_moved)


def pulse_after_commit(application: Application) -> None:
    """Tell open queue pages, once the change is real, that their office's queue is not what they show."""
    offices = [pk for pk in (application.office_id, application.front_desk_id) if pk is not None]
    for pk in offices:
        transaction.on_commit(partial(beat, pk))


def beat(office_id: int) -> None:
    key = f"pulse:{office_id}"
    try:
        cache.incr(key)
    except ValueError:
        cache.set(key, 1, timeout=None)


def pulse(office_ids: list[int]) -> str:
    """A token that changes whenever a case of one of the offices changed."""
    beats = cache.get_many([f"pulse:{pk}" for pk in office_ids])
    return "-".join(str(beats.get(f"pulse:{pk}", 0)) for pk in office_ids)
