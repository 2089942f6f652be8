"""The register of licences, read: which licence a person has, and what it grants."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from licensing.models import DriverLicence, LicenceState
from people.models import Organisation, Person

# What a new licence may take the place of.
STANDING = (LicenceState.VALID, LicenceState.EXPIRED, LicenceState.LOST, LicenceState.WITHDRAWN)


def standing_licences(person: Person) -> QuerySet[DriverLicence]:
    """The licences of `person` that nothing has replaced: the valid one first, then the newest."""
    is_valid_first = Case(When(state=LicenceState.VALID, then=Value(0)), default=Value(1), output_field=IntegerField())
    licences = DriverLicence.objects.filter(driver__person=person, state__in=STANDING)
    return licences.order_by(is_valid_first, "-issued_at", "-pk")


def current_licence(person: Person | Organisation) -> DriverLicence | None:
    """The licence that a new one would take the place of; an organisation has none."""
    return standing_licences(person).first() if isinstance(person, Person) else None


def held_on(licence: DriverLicence | None) -> dict[str, date]:
    """Category → since when it is held, in the order of the table of a licence; one query."""
    return {} if licence is None else {grant.category_id: grant.since for grant in licence.grants.all()}


def issued_on(licence: DriverLicence) -> date:
    """The day of issue (Asia/Almaty)."""
    return timezone.localdate(licence.issued_at)
