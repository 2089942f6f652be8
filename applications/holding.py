"""Who works on a case: taking, releasing, taking over with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.errors import DomainError, NotAllowedError, written
from applications.models import Application
from applications.states import UNDECIDED_STATES, State
from offices.models import Role, Staff


@transaction.atomic
def take(*, actor: Actor, number: str, now: datetime) -> Application:
    """Hold the case for the acting officer. Raises DomainError "held" naming the colleague who was first.

    Needs no version: taking rests on who holds the case, not on what else the page showed.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = lock(number=number, actor=actor)
    if application.holder_id == staff.pk:
        return application
    if application.holder_id is not None:
        raise held(application)
    require_undecided(application)
    hold(application, actor, staff, now)
    return application


@transaction.atomic
def take_next(*, actor: Actor, now: datetime) -> Application | None:
    """The soonest due free case of the officer's office, held for them; None when the queue is empty.

    Skips what the officer may not decide (their own intake) and rows a colleague is taking this instant.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    application = (
        Application.objects.visible_to(staff)
        .filter(state=State.REVIEW, holder__isnull=True)
        .exclude(accepted_by=staff)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("due_at", "id")
        .first()
    )
    if application is not None:
        hold(application, actor, staff, now)
    return application


@transaction.atomic
def release(*, actor: Actor, number: str, version: int | None, now: datetime) -> Application:
    """Put the case back into the queue. Only its holder can."""
    application = lock(number=number, actor=actor, version=version)
    if actor.staff is None or application.holder_id != actor.staff.pk:
        raise NotAllowedError("not_holder", _("Only the officer who holds the application can put it back."))
    application.holder = application.held_since = None
    save(application, "holder", "held_since")
    record(application, actor, "released", now)
    return application


@transaction.atomic
def take_over(*, actor: Actor, number: str, version: int | None, reason: str, now: datetime) -> Application:
    """Take a case from the colleague who holds it; the reason is journaled."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    reason = written("reason", reason, _("Say why you take the application over."))
    application = lock(number=number, actor=actor, version=version)
    require_undecided(application)
    previous = application.holder.short_name if application.holder else ""
    hold(application, actor, staff, now, {"from": previous, "reason": reason})
    return application


def hold(
    application: Application, actor: Actor, staff: Staff, now: datetime, changes: dict[str, str] | None = None
) -> None:
    application.holder = staff
    application.held_since = now
    save(application, "holder", "held_since")
    record(application, actor, "taken_over" if changes else "taken", now, changes)


def require_undecided(application: Application) -> None:
    if application.state not in UNDECIDED_STATES:
        raise DomainError("illegal_move", _("This application is already decided."))


def held(application: Application) -> DomainError:
    holder, since = application.holder, application.held_since
    if holder is None or since is None:
        raise ValueError("Nobody holds this application.")
    message = _("%(who)s took the application at %(time)s. Nothing of yours was lost.") % {
        "who": holder.short_name,
        "time": date_format(timezone.localtime(since), "H:i"),
    }
    return DomainError("held", message)
