"""Charges that grew old unpaid: a new year, a new index or a rate just entered gives them another amount."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from applications.models import Application, OutboxMessage
from applications.outbox import handles, promise
from applications.services import service_of
from applications.states import UNDECIDED_STATES, State
from fees.models import Charge, MonthlyIndex, Tariff

# Until the decision a charge can still change; a closed application owes nothing more.
CHARGED_STATES = (State.DRAFT, *UNDECIDED_STATES)
BATCH = 100


@handles("reassess")
def keep_reassessment(message: OutboxMessage) -> None:
    """Outbox: have the service say anew what is due, as after a change of rates."""
    if message.application is not None:
        reassess(message.application, timezone.now())


@transaction.atomic
def reassess(application: Application, now: datetime) -> None:
    """Assess an undecided application by the rates of the day; a decided one stays as it is."""
    locked = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if locked.state in CHARGED_STATES:
        service_of(locked).assess(locked, now)


@transaction.atomic
def reassess_outdated(now: datetime) -> int:
    """Promise a new assessment to applications whose unpaid charges are older than the last change of rates.

    Returns how many were promised, at most a batch; the mark of the day keeps the next sweep from promising again.
    """
    today = timezone.localdate(now)
    outdated = Charge.objects.unpaid().filter(assessed_on__lt=rates_changed_on(today))
    undecided = outdated.filter(application__state__in=CHARGED_STATES).order_by("assessed_on", "id")
    found = list(undecided.values_list("application_id", flat=True)[:BATCH])
    applications = Application.objects.filter(pk__in=found)
    Charge.objects.unpaid().filter(application__in=found).update(assessed_on=today)
    for application in applications:
        promise("reassess", application=application, now=now)
    return len(applications)


def rates_changed_on(today: date) -> date:
    """The last day, up to `today`, from which an index or a rate began or ceased, or vehicles became a year older."""
    days = [date(today.year, 1, 1)]
    for model in (MonthlyIndex, Tariff):
        began = model.objects.filter(valid_from__lte=today).aggregate(day=Max("valid_from"))["day"]
        ceased = model.objects.filter(valid_to__lt=today).aggregate(day=Max("valid_to"))["day"]
        days += [began] if began else []
        days += [ceased + timedelta(days=1)] if ceased else []
    return max(days)
