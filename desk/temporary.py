"""Temporary registrations that have run out or end soon, for the supervisors of the region (VR.8.1e)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.guards import StaffRequest, staff_view
from offices.access import offices_visible_to
from offices.models import Role
from registration.models import PlateAssignment
from registration.terms import WARNED_BEFORE, running

SHOWN = 200


@staff_view(Role.SUPERVISOR)
def temporary(request: StaffRequest) -> HttpResponse:
    """The soonest ended first; a vehicle that still drives after its term is a matter for the road police."""
    today = timezone.localdate()
    found = list(
        running()
        .filter(office__in=offices_visible_to(request.user), valid_until__lte=today + timedelta(days=WARNED_BEFORE))
        .select_related("vehicle", "office")
        .order_by("valid_until", "pk")[:SHOWN]
    )
    on_them = PlateAssignment.objects.filter(registration__in=found, ended_at__isnull=True)
    plates = {item.registration_id: item.plate.number for item in on_them.select_related("plate")}
    rows = [{"registration": item, "plate": plates.get(item.pk, "")} for item in found]
    return render(request, "desk/vehicle/temporary.html", {"rows": rows, "days": WARNED_BEFORE, "today": today})
