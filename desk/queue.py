"""The queue."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from desk.guards import StaffRequest, staff_view
from desk.navigation import DECIDERS_AND_DESK


@staff_view(*DECIDERS_AND_DESK)
def queue(request: StaffRequest) -> HttpResponse:
    """The landing page."""
    return render(request, "desk/queue.html")
