"""What refuses a VR-2: answers of registers about the car and the people, and whoever may not act (rows VR.9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import intake
from applications.errors import DomainError
from applications.models import Application
from applications.powers import keep_power_of_attorney
from people.models import Person
from registration.models import Vehicle
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_registration import refuse_on
from tests.fixtures_road import Road
from tests.fixtures_sale import contract, filled, hand_in, held, leaving, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(road: Road):
    return road.registered()


def known_as(vehicle: str) -> None:
    """The car on record carries the VIN of a car that the registers of the demo data say something about."""
    Vehicle.objects.update(vin=demo_vehicle(vehicle)["vin"])


def refused_rows(road: Road, application: Application) -> set[str]:
    """The rows that bar approval."""
    with pytest.raises(DomainError) as refused:
        road.approve(application)
    assert refused.value.code == "not_approvable"
    return {check.row for check in application.checks.all() if check.outcome == "hit"}


def test_a_restricted_car_is_not_sold(road: Road, registered):
    """VR.9.7: the register is asked by the numbers of the car on record, and the refusal names the row."""
    known_as("V-23")
    application = held(road, sold(road, registered))

    assert refused_rows(road, application) == {"VR.9.7"}
    refuse_on(road, application, "VR.9.7")
    assert road.fresh(application).state == "refused"


def test_a_restricted_car_does_not_leave_the_record(road: Road, registered):
    """VR.9.7"""
    known_as("V-24")
    application = leaving(road, registered)
    hand_in(road, application, "certificate", "plates")

    assert refused_rows(road, held(road, application, is_inspected=False)) == {"VR.9.7"}


def test_a_wanted_car_is_not_sold(road: Road, registered):
    """VR.9.5"""
    known_as("V-20")
    application = held(road, sold(road, registered))

    assert refused_rows(road, application) == {"VR.9.5"}


def test_a_buyer_with_a_fine_is_refused(road: Road, registered):
    """VR.9.4: the fines of the applicant count, not those of the seller."""
    application = held(road, sold(road, registered, "P-13"))

    assert refused_rows(road, application) == {"VR.9.4"}


@pytest.mark.parametrize(
    ("act", "scope", "is_allowed"),
    [
        ("registration", "register", True),
        ("registration", "deregister", False),
        ("deregistration", "deregister", True),
        ("deregistration", "register", False),
    ],
)
def test_a_power_of_attorney_allows_the_act_it_names(road: Road, registered, act, scope, is_allowed):
    """VR.9.1: to register and to take off the record are two deeds."""
    buyer, holder = road.applicant("P-02"), road.applicant("P-03")
    assert isinstance(holder, Person)
    today = timezone.localdate()
    power = keep_power_of_attorney(
        actor=road.desk,
        grantor=buyer,
        representative=holder,
        number="2-204",
        scope=[scope],
        issued_on=today - timedelta(days=3),
        expires_on=today + timedelta(days=30),
        now=timezone.now(),
    )
    application = opened(road, "P-02", representative=holder, power_of_attorney=power)
    details = contract(registered, act=act, deregistration_reason="export" if act == "deregistration" else "")
    application = filled(road, application, **details)

    assert ("power_of_attorney" not in intake.problems(application, timezone.now())) is is_allowed
