"""A power of attorney on record: what it says, and the step that revokes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError, InvalidInputError
from applications.journal import noted
from applications.powers import revoke_power_of_attorney
from desk.case import BOTH
from desk.guards import StaffRequest, actor, staff_view
from offices.models import Role
from people.models import PowerOfAttorney


@staff_view(Role.FRONT_DESK, Role.SUPERVISOR, methods=BOTH)
def power(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the paper; with a reason, revoke it. Each look is journaled: it shows two people's names."""
    related = ("representative", "grantor_person", "grantor_organisation")
    found = PowerOfAttorney.objects.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise DomainError("no_power", _("There is no such power of attorney."), status=404)
    now = timezone.now()
    reason = request.POST.get("reason", "")
    context = {"power": found, "reason": reason}
    if request.method != "POST":
        noted(chain=f"power:{pk}", actor=actor(request), action="viewed", now=now, changes={"what": found.number})
        return render(request, "desk/power.html", context)
    try:
        revoke_power_of_attorney(actor=actor(request), power_id=pk, reason=reason, now=now)
    except InvalidInputError as error:
        return render(request, "desk/power.html", {**context, "error": error}, status=422)
    messages.success(request, _("Power of attorney No. %(number)s is revoked.") % {"number": found.number})
    return redirect("desk:power", pk=pk)
