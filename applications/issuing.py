"""The effect of an approval on the registers the portal keeps: one transaction, by a worker, once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from applications import producing
from applications.acting import Actor, lock, move, record, save
from applications.errors import DomainError
from applications.models import Application, OutboxMessage, PaperStanding
from applications.outbox import Later, handles, hurry, promise_each
from applications.papers import HANDOVER_SHEET, order
from applications.services import service_of
from applications.states import State
from applications.surrendering import asks_for_surrender
from offices.models import Office

# Stock arrives by hand; asking every half minute shows it at once and costs nothing.
RETRY_PAUSE = timedelta(seconds=30)


@handles("issue")
def keep_issue(message: OutboxMessage) -> None:
    if message.application is None:
        raise ValueError("An issue belongs to an application.")
    try:
        issue(message.application.number)
    except DomainError as error:
        hold_up(message.application.number, error)
        raise Later(RETRY_PAUSE, error.code) from error


@transaction.atomic
def issue(number: str) -> Application:
    """Registration, ownership, plate, blank, certificate, journal and the promise of papers: all of it or nothing.

    Done twice it happens once: whatever is no longer approved is left alone. Raises DomainError when stock is short.
    """
    now = timezone.now()
    actor = Actor.automatic()
    application = lock(number=number, actor=actor)
    if application.state not in {State.APPROVED, State.READY}:
        return application
    service = service_of(application)
    if application.state == State.APPROVED and service.is_made_to_order(application):
        producing.order(application, actor, now)
        return application
    given = service.issue(application, now)
    move(application, "issue")
    application.issued_at, application.held_up_by = now, ""
    application.holder = application.held_since = None
    save(application, "state", "issued_at", "held_up_by", "plate_number", "holder", "held_since")
    results = [item.number for item in given]
    record(application, actor, "issued", now, {"plate": application.plate_number, "results": results})
    before_papers = ["surrenders"] if asks_for_surrender(application) else []
    promise_each(*before_papers, "issue_papers", application=application, now=now)
    return application


@handles("issue_papers")
def keep_issue_papers(message: OutboxMessage) -> None:
    if message.application is None:
        raise ValueError("Papers belong to an application.")
    order_papers(message.application.number)


@transaction.atomic
def order_papers(number: str) -> None:
    """Order the papers that an issue brings with it; those that are ordered already stay as they are.

    Apart from the issue itself, so that the locks on its stock are not held while contents are gathered.
    """
    application = lock(number=number, actor=Actor.automatic())
    ordered = set(application.papers.filter(standing=PaperStanding.VALID).values_list("kind", flat=True))
    papers = service_of(application).papers
    kinds = [kind for kind in papers if kind.ordered_at == "issue" and kind.applies(application)]
    for kind in (*kinds, HANDOVER_SHEET):
        if application.state == State.ISSUED and kind.code not in ordered:
            order(application=application, kind=kind, now=timezone.now())


@transaction.atomic
def hold_up(number: str, error: DomainError) -> None:
    """Leave the case approved and say on it what the issue waits for."""
    actor = Actor.automatic()
    application = lock(number=number, actor=actor)
    if application.state in {State.APPROVED, State.READY} and application.held_up_by != error.code:
        application.held_up_by = error.code
        save(application, "held_up_by")
        record(application, actor, "held_up", timezone.now(), {"code": error.code})


def resume(*, office: Office, code: str, most: int) -> None:
    """Try at once the issues of `office` that `code` holds up, the soonest due first, at most `most` of them.

    What still cannot be issued is tried again by itself, as before.
    """
    held_up = Application.objects.open().filter(office=office, held_up_by=code).order_by("due_at", "id")
    hurry("issue", applications=held_up.values_list("pk", flat=True)[:most])
