"""A vehicle that was taken off the record: why, and whether it can come back (VR-2)."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from registration.models import DeregistrationReason, Registration, Vehicle


def last_registration(vehicle: Vehicle) -> Registration | None:
    """The registration that ended last, with what ended it, or None for a vehicle that never had one."""
    ended = vehicle.registrations.filter(ended_at__isnull=False)
    related = "ended_by__vehicle_details__deregistration_reason"
    return ended.select_related(related).order_by("-ended_at", "-pk").first()


def gone_for_good(vehicle: Vehicle) -> DeregistrationReason | None:
    """The reason for which a vehicle off the record is not registered again, or None when it may come back."""
    last = last_registration(vehicle)
    if last is None or last.ended_by is None:
        return None
    reason: DeregistrationReason | None = last.ended_by.vehicle_details.deregistration_reason
    return reason if reason is not None and reason.is_final else None


def off_the_record_message(vehicle: Vehicle) -> str:
    """What is said of a vehicle that is not registered where a registered one is asked for."""
    last = last_registration(vehicle)
    if last is None or last.ended_at is None:
        return str(_("This vehicle is not registered now."))
    message = _(
        "This vehicle is off the record already, since %(day)s. To put it back on the road, take in its registration "
        "under “Registration and deregistration”."
    )
    return message % {"day": date_format(localtime(last.ended_at), "d.m.Y")}
