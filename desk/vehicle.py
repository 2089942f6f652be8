"""A vehicle of the register: what it is, whose it is and was, its registrations, plates and certificates."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.journal import noted
from applications.models import Application
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK
from desk.rows import address_of
from offices.models import Staff
from registration.changes import LABELS, in_words
from registration.models import (
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    Vehicle,
    VehicleChange,
)

# More than this of anything is history that the register keeps and no page needs at once.
SHOWN = 50


def vehicle_of(staff: Staff, pk: int) -> tuple[Vehicle, list[Registration]]:
    """The vehicle and its registrations, newest first, for staff of the region it is registered in.

    Raises DomainError 404 for everyone else: whether a vehicle exists elsewhere is not told.
    """
    gone = DomainError("no_vehicle", _("There is no such vehicle among those of your region."), status=404)
    registrations = list(
        Registration.objects.filter(vehicle=pk)
        .select_related("vehicle", "office", "application")
        .order_by("-registered_at", "-pk")[:SHOWN]
    )
    if not registrations or staff.office is None or registrations[0].office.region_id != staff.office.region_id:
        raise gone
    return registrations[0].vehicle, registrations


@staff_view(*DECIDERS_AND_DESK)
def vehicle(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one vehicle; opening it is a look at its owners."""
    found, registrations = vehicle_of(request.user, pk)
    noted(chain=f"vehicle:{pk}", actor=actor(request), action="viewed", now=timezone.now(), changes={"what": "vehicle"})
    ids = [item.pk for item in registrations]
    plates = PlateAssignment.objects.filter(registration__in=ids).select_related("plate__format")[:SHOWN]
    certificates = RegistrationCertificate.objects.filter(registration__in=ids).select_related("blank")[:SHOWN]
    seen = Application.objects.visible_to(request.user).filter(subject__in=keys(found)).order_by("-id")[:SHOWN]
    history = VehicleChange.objects.filter(vehicle=found).select_related("application")[:SHOWN]
    current = next((item for item in registrations if item.ended_at is None), None)
    context = {
        "vehicle": found,
        "registrations": registrations,
        "current": current,
        "plate": next((item for item in plates if item.ended_at is None), None),
        "plates": plates,
        "certificates": certificates,
        "certificate": next((item for item in certificates if item.state == "valid"), None),
        "owners": Ownership.objects.filter(vehicle=found).select_related("owner_person", "owner_organisation")[:SHOWN],
        "changes": [change_shown(item) for item in history],
        "is_over": current is not None and current.expired_at is not None,
        "applications": [{"row": item, "address": address_of(item)} for item in seen],
    }
    return render(request, "desk/vehicle/vehicle.html", context)


def change_shown(change: VehicleChange) -> dict[str, Any]:
    """A change of the register's data in words: what, before, after, when, by which application."""
    return {
        "row": change,
        "label": LABELS[change.field],
        "before": in_words(change.field, change.before),
        "after": in_words(change.field, change.after),
    }


def keys(vehicle: Vehicle) -> list[str]:
    """The subjects under which applications about the vehicle are filed."""
    numbers = (("VIN", vehicle.vin), ("BODY", vehicle.body_number), ("CHASSIS", vehicle.chassis_number))
    return [f"{kind}:{number}" for kind, number in numbers if number]
