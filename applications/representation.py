"""Who may act for the applicant: a representative and the paper that says so, the same for every service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.models import Application
from applications.standards import Facts
from people.models import Organisation, Person, PowerOfAttorney, Scope

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def keep_power_of_attorney(
    *,
    grantor: Person | Organisation,
    representative: Person,
    number: str,
    scope: Sequence[str],
    issued_on: date,
    expires_on: date,
    now: datetime,
) -> PowerOfAttorney:
    """The power of attorney as shown at the desk; the same paper shown again is the same row.

    Raises InvalidInputError, naming the field, for a paper that has run out, is not yet valid, or is given to oneself.
    """
    today = timezone.localdate(now)
    wrong: dict[str, str | _StrPromise] = {}
    if expires_on < today:
        wrong["expires_on"] = _("The power of attorney ran out on %(day)s; a new one is needed.") % {
            "day": date_format(expires_on, "d.m.Y")
        }
    elif expires_on <= issued_on:
        wrong["expires_on"] = _("The power of attorney must end after the day it was given.")
    if issued_on > today:
        wrong["issued_on"] = _("The power of attorney was given on a day that has not come yet.")
    if grantor == representative:
        wrong["representative"] = _("The applicant needs no power of attorney for themselves.")
    if wrong:
        raise InvalidInputError(wrong)
    power, _is_new = PowerOfAttorney.objects.update_or_create(
        number=number,
        representative=representative,
        issued_on=issued_on,
        defaults={
            "grantor_person": grantor if isinstance(grantor, Person) else None,
            "grantor_organisation": grantor if isinstance(grantor, Organisation) else None,
            "scope": list(scope),
            "expires_on": expires_on,
        },
    )
    return power


def representation_problems(application: Application, facts: Facts, scope: str) -> dict[str, str]:
    """Field → what is wrong with who acts for the applicant in a deed of `scope` (people.models.Scope); often empty."""
    representative, power = application.representative, application.power_of_attorney
    if representative is None:
        if application.applicant_organisation is None:
            return {}
        return {"representative": str(_("An organisation acts through a person: enter who represents it."))}
    if power is None:
        if _is_head(application):
            return {}
        return {"power_of_attorney": str(_("Enter the power of attorney of the representative."))}
    if power.representative_id != representative.pk or power.grantor != application.applicant:
        return {"power_of_attorney": str(_("This power of attorney was given by or to somebody else."))}
    if power.expires_on < facts.on:
        message = _("The power of attorney expired on %(day)s. A new one is needed.")
        return {"power_of_attorney": message % {"day": f"{power.expires_on:%d.%m.%Y}"}}
    if not power.covers(scope, facts.on):
        message = _("The power of attorney does not allow this (“%(deed)s”), or was revoked, or is not valid yet.")
        return {"power_of_attorney": message % {"deed": Scope(scope).label}}
    return {}


def _is_head(application: Application) -> bool:
    """Whether the register of legal entities names the representative as the head, who needs no power of attorney."""
    representative = application.representative
    if not isinstance(application.applicant, Organisation) or representative is None:
        return False
    check = next((check for check in application.checks.all() if check.code == "organisations"), None)
    head = (check.facts.get("head") or {}) if check is not None else {}
    return bool(representative.iin) and head.get("iin") == representative.iin
