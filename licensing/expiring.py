"""Licences whose term is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications.acting import Actor
from applications.journal import noted
from licensing.models import DriverLicence, LicenceState

AT_ONCE = 500


def expire_licences(now: datetime) -> int:
    """Let every valid licence whose last day lies before today (Asia/Almaty) expire; how many did.

    In small transactions, past licences that somebody else holds: those are for the next run.
    """
    count = 0
    while found := _some(now):
        count += found
    return count


@transaction.atomic
def _some(now: datetime) -> int:
    due = DriverLicence.objects.select_for_update(skip_locked=True, of=("self",))
    licences = list(due.filter(state=LicenceState.VALID, valid_until__lt=timezone.localdate(now))[:AT_ONCE])
    DriverLicence.objects.filter(pk__in=[licence.pk for licence in licences]).update(
        state=LicenceState.EXPIRED, state_changed_at=now
    )
    if licences:
        numbers = [licence.number for licence in licences]
        noted(
            chain="licences", actor=Actor.automatic(), action="licences_expired", now=now, changes={"numbers": numbers}
        )
    return len(licences)
