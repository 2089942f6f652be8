"""Acts on one vehicle at the same instant: brought past the door, issued together, and what has to stand afterwards.

The door lets only one open application for a vehicle in, so a case is brought past it as if it were about another car:
only the register is left to keep two acts apart.
"""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from applications import intake, issuing
from applications.models import Application
from registration.models import Ownership, PlateAssignment, Registration, RegistrationCertificate, Vehicle
from tests.at_once import at_once, codes, meeting_at
from tests.fixtures_road import Road


def past_the_door(application: Application) -> Application:
    """As if it were about another car."""
    Application.objects.filter(pk=application.pk).update(subject=f"VIN:OF {application.number}")
    return Application.objects.get(pk=application.pk)


def submitted_at_once(road: Road, *drafts: Application) -> list[str]:
    """Submit them at the same instant; the codes of those that were refused."""
    submit = partial(intake.submit, actor=road.desk, version=None, now=timezone.now())
    return codes(at_once(*(partial(submit, number=draft.number) for draft in drafts)))


def issued_at_once(road: Road, *cases: Application) -> list[str]:
    """Approve them all and issue them at the same instant; the codes of those that were refused.

    All are held at the row of the vehicle and of its registration, so none has run ahead when they go on.
    """
    for case in cases:
        road.approve(case)
    rows = [Vehicle.objects.all(), Registration.objects.filter(ended_at=None)]
    return codes(meeting_at(rows, *(partial(issuing.issue, case.number) for case in cases)))


def whole(registrations: int = 1) -> None:
    """VR.5a: so many registrations in force, each with its one valid SRTS and its plates, and one owner."""
    active = list(Registration.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert len(active) == registrations
    valid = RegistrationCertificate.objects.filter(state="valid")
    assert list(valid.values_list("registration", flat=True)) == active
    on = PlateAssignment.objects.filter(ended_at=None)
    assert list(on.values_list("registration", flat=True)) == active
    assert Ownership.objects.filter(period__upper_inf=True).count() == 1
