"""Search."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from desk.guards import StaffRequest, staff_view
from desk.navigation import DECIDERS_AND_DESK


@staff_view(*DECIDERS_AND_DESK, methods=("GET", "POST"))
def search(request: StaffRequest) -> HttpResponse:
    """Find by number."""
    return render(request, "desk/search.html")
