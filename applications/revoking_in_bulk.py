"""A bulk reversal, verb by verb: chosen and looked at, asked for, confirmed by a second person, carried out by workers.

What workers do with it stands in applications/revocation_work.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from applications import revocation_lists
from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError, written
from applications.journal import noted
from applications.models import Application, BatchState, Foreseen, RevocationBatch, RevocationBatchRow
from applications.models.application import ApplicationQuerySet
from applications.outbox import promise
from applications.states import REVOCABLE_STATES
from offices.models import Office, Role, Staff

Choice = dict[str, Any]


@transaction.atomic
def choose(
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    register: str = "",
    service: str = "",
    answered_from: datetime | None = None,
    answered_until: datetime | None = None,
    numbers: UploadedFile[Any] | None = None,
) -> RevocationBatch:
    """A supervisor chooses decisions and gets a preview: by answers of a register or a service, or by a list.

    Raises InvalidInputError that names what is missing or wrong.
    """
    staff = require_role(actor, Role.SUPERVISOR)
    office = office_of(staff)
    reason = written("reason", reason, _("Say why the decisions are withdrawn."))
    if numbers is None:
        choice = by_answers(register, service, answered_from, answered_until)
        listed = None
    else:
        if (numbers.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise InvalidInputError({"numbers": _("The file is too large.")})
        listed = revocation_lists.read(numbers.read(), staff)
        choice = {"list_name": (numbers.name or "list.csv")[:200], "bad_lines": listed.bad_lines}
    batch = RevocationBatch.objects.create(
        region_id=office.region_id, reason=reason, asked_by=staff, created_at=now, **choice
    )
    if listed is not None:
        gather(batch, Application.objects.filter(pk__in=listed.applications), now)
    told = {"reason": batch.reason, "register": batch.register, "service": batch.service, "list": batch.list_name}
    journal(batch, actor, "batch_chosen", now, told)
    promise("revocation_preview", application=None, now=now, payload={"batch": batch.pk})
    return batch


def office_of(staff: Staff) -> Office:
    if staff.office is None:
        raise NotAllowedError("office", _("Your account belongs to no office."))
    return staff.office


def by_answers(register: str, service: str, since: datetime | None, until: datetime | None) -> Choice:
    wrong = {}
    if not register and not service:
        wrong["register"] = _("Choose a register, a service, or give a list.")
    if since is None or until is None:
        wrong["answered_from"] = _("Say from when until when the wrong answers came.")
    elif since >= until:
        wrong["answered_until"] = _("The end lies before the beginning.")
    if wrong:
        raise InvalidInputError(dict(wrong))
    return {"register": register, "service": service, "answered_from": since, "answered_until": until}


def resting_on_answers(batch: RevocationBatch) -> ApplicationQuerySet:
    """The standing decisions, among those that whoever chose them sees, that rest on the answers of the batch."""
    answers: dict[str, Any] = {
        "checks__evidence__answered_at__gte": batch.answered_from,
        "checks__evidence__answered_at__lt": batch.answered_until,
    }
    if batch.register:
        answers["checks__evidence__register"] = batch.register
    found = Application.objects.visible_to(batch.asked_by).filter(state__in=REVOCABLE_STATES)
    if batch.service:
        found = found.filter(service=batch.service)
    return found.filter(pk__in=Application.objects.filter(**answers).values("pk"))


def gather(batch: RevocationBatch, chosen: ApplicationQuerySet, now: datetime) -> None:
    """Write a row for each chosen decision, the latest first; the caller holds the batch."""
    keys = chosen.order_by("-decided_at", "-id").values_list("pk", flat=True)
    rows = (
        RevocationBatchRow(batch=batch, application_id=pk, position=place)
        for place, pk in enumerate(keys.iterator(chunk_size=5000), start=1)
    )
    RevocationBatchRow.objects.bulk_create(rows, batch_size=2000)
    batch.gathered_at = now
    batch.save(update_fields=["gathered_at"])


def journal(
    batch: RevocationBatch, actor: Actor, action: str, now: datetime, changes: dict[str, Any] | None = None
) -> None:
    """One row of the journal of the batch."""
    noted(chain=f"revocations:{batch.pk}", actor=actor, action=action, now=now, changes=changes)


def locked(batch_id: int, staff: Staff | None = None) -> RevocationBatch:
    """The batch, held until the transaction ends. Raises NotFoundError when `staff` may not see it."""
    batches = RevocationBatch.objects.select_for_update(of=("self",)).select_related("asked_by", "confirmed_by")
    if staff is not None:
        batches = batches.visible_to(staff)
    batch = batches.filter(pk=batch_id).first()
    if batch is None:
        raise NotFoundError
    return batch


def move(batch: RevocationBatch, transition: str) -> None:
    """Make the named move. Raises DomainError "illegal_move" that says where the batch stands."""
    method = getattr(batch, transition)
    if not can_proceed(method):
        message = _("This step is not possible now: the bulk reversal is “%(state)s”.")
        raise DomainError("illegal_move", message % {"state": BatchState(batch.state).label})
    method()


@transaction.atomic
def ask(*, actor: Actor, batch_id: int, now: datetime) -> RevocationBatch:
    """Whoever chose the decisions has read the preview and asks a second person.

    Raises NotAllowedError, DomainError "nothing_to_withdraw", "illegal_move".
    """
    staff = require_role(actor, Role.SUPERVISOR)
    batch = locked(batch_id, staff)
    move(batch, "ask")
    if batch.asked_by_id != staff.pk:
        raise NotAllowedError("not_asker", _("Whoever chose the decisions asks for their withdrawal."))
    if not batch.rows.filter(foreseen=Foreseen.REVOCABLE).exists():
        raise DomainError("nothing_to_withdraw", _("None of these decisions can be withdrawn now."))
    batch.asked_at = now
    batch.save(update_fields=["state", "asked_at"])
    journal(batch, actor, "batch_asked", now, {"rows": batch.rows.count()})
    return batch


@transaction.atomic
def confirm(*, actor: Actor, batch_id: int, now: datetime) -> RevocationBatch:
    """The second person has read the preview; workers begin. Whoever asked cannot confirm.

    Raises NotAllowedError "four_eyes", or "office" for somebody who does not see each of the cases.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    batch = locked(batch_id, staff)
    move(batch, "confirm")
    if batch.asked_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("You asked for this withdrawal: a second person must confirm it."))
    seen = Application.objects.visible_to(staff).values("pk")
    if batch.rows.exclude(application__in=seen).exists():
        message = _("Some of these cases belong to other offices: a supervisor of the region must confirm.")
        raise NotAllowedError("office", message)
    batch.confirmed_by, batch.confirmed_at = staff, now
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    journal(batch, actor, "batch_confirmed", now, {"rows": batch.rows.count()})
    promise("revocation_run", application=None, now=now, payload={"batch": batch.pk})
    return batch


@transaction.atomic
def pause(*, actor: Actor, batch_id: int, now: datetime) -> RevocationBatch:
    """Let the workers rest after the row they are at."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    batch = locked(batch_id, staff)
    move(batch, "pause")
    batch.save(update_fields=["state"])
    journal(batch, actor, "batch_paused", now)
    return batch


@transaction.atomic
def resume(*, actor: Actor, batch_id: int, now: datetime) -> RevocationBatch:
    """Go on with the rows that are not done."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    batch = locked(batch_id, staff)
    move(batch, "resume")
    batch.save(update_fields=["state"])
    journal(batch, actor, "batch_resumed", now)
    promise("revocation_run", application=None, now=now, payload={"batch": batch.pk})
    return batch


@transaction.atomic
def stop(*, actor: Actor, batch_id: int, reason: str, now: datetime) -> RevocationBatch:
    """End it for good, before or while it runs, with a reason; what is withdrawn stays withdrawn.

    This is also how a second person says no. Raises InvalidInputError without a reason.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    batch = locked(batch_id, staff)
    move(batch, "stop")
    batch.stop_reason, batch.ended_at = written("reason", reason, _("Say why it is stopped.")), now
    batch.save(update_fields=["state", "stop_reason", "ended_at"])
    journal(batch, actor, "batch_stopped", now, {"reason": batch.stop_reason})
    return batch
