"""A driver of the register: the licences, what each grants, and how they came and went."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.errors import DomainError
from applications.journal import noted
from applications.models import Application
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK, OFFICERS
from desk.rows import address_of
from licensing.licences import STANDING
from licensing.models import Driver, DriverLicence, LicenceState
from licensing.withdrawing import ask_about
from offices.models import Staff

# More than this of anything is history that the register keeps and no page needs at once.
SHOWN = 50


def driver_of(staff: Staff, pk: int) -> tuple[Driver, list[DriverLicence]]:
    """The driver and the licences, newest first, for staff of the region that issued the newest.

    Raises DomainError 404 for everyone else: whether a driver exists elsewhere is not told.
    """
    gone = DomainError("no_driver", gettext_lazy("There is no such driver among those of your region."), status=404)
    found = DriverLicence.objects.filter(driver=pk).select_related("driver__person", "office", "application")
    licences = list(found.prefetch_related("grants")[:SHOWN])
    if not licences or staff.office is None or licences[0].office.region_id != staff.office.region_id:
        raise gone
    return licences[0].driver, licences


def current_of(licences: list[DriverLicence]) -> DriverLicence | None:
    """The licence that stands: the valid one, else the newest that nothing has replaced."""
    standing = [item for item in licences if item.state in STANDING]
    valid = [item for item in standing if item.state == LicenceState.VALID]
    return next(iter(valid or standing), None)


@staff_view(*DECIDERS_AND_DESK)
def driver(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of one driver; opening it is a look at personal data."""
    found, licences = driver_of(request.user, pk)
    noted(chain=f"driver:{pk}", actor=actor(request), action="viewed", now=timezone.now(), changes={"what": "driver"})
    subject = f"DRIVER:{found.person.identifier}"
    seen = Application.objects.visible_to(request.user).filter(service="DL", subject=subject).order_by("-id")[:SHOWN]
    context = {
        "driver": found,
        "licences": licences,
        "current": current_of(licences),
        "applications": [{"row": item, "address": address_of(item)} for item in seen],
        "may_ask": request.user.role in OFFICERS,
    }
    return render(request, "desk/driver/driver.html", context)


@staff_view(*OFFICERS, methods=("POST",))
def ask_about_deprivations(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask the register of deprivations; a running ruling withdraws the licence, one set aside gives it back."""
    _found, licences = driver_of(request.user, pk)
    current = current_of(licences)
    if current is None:
        raise DomainError("no_licence", gettext_lazy("This driver has no licence to ask about."))
    licence = ask_about(actor=actor(request), licence=current, now=timezone.now())
    said = _("The register has answered. Licence %(number)s: %(state)s.")
    messages.success(request, said % {"number": licence.number, "state": licence.get_state_display()})
    return redirect("desk:driver", pk=pk)
