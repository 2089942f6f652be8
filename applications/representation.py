"""Who may act for the applicant: a representative and the paper that says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from people.models import Organisation, Person, PowerOfAttorney

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
