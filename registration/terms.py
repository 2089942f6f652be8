"""The temporary registrations whose term runs, and how long before its end somebody is told (VR.8.1e)."""

from __future__ import annotations

from django.db.models import QuerySet

from registration.models import Registration, RegistrationKind

# Days: enough for a new customs declaration, and for an extension after it.
WARNED_BEFORE = 30


def running() -> QuerySet[Registration]:
    """Every temporary registration that has not been ended by an act, run out or not."""
    return Registration.objects.filter(kind=RegistrationKind.TEMPORARY, ended_at__isnull=True)
