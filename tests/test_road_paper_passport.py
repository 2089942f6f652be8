"""LAW-E1, LAW-E2: until which day a scanned paper passport serves, by the kind of applicant."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.errors import DomainError
from applications.models import Application
from applications.states import State
from fees.models import Charge
from fees.payments import poll_unpaid
from refusals.grounds import propose
from tests.fixtures_registers import ScriptedServer
from tests.fixtures_road import Road, work

pytestmark = pytest.mark.django_db

# As its paper passport describes V-28, which has no electronic one.
TYPED = {
    "category": "M1",
    "make": "Hyundai",
    "model": "Tucson",
    "year": "2024",
    "colour": "white",
    "fuel": "petrol",
    "engine_volume_cm3": "1999",
    "unladen_mass_kg": "1580",
    "maximum_mass_kg": "2110",
}
PERSON, ORGANISATION = "P-01", "O-01"


def at_ten(day: date) -> datetime:
    """Ten in the morning in Almaty."""
    return timezone.make_aware(datetime.combine(day, time(10)))


def gateway_says_paid(scripted_server: ScriptedServer, settings, application: Application) -> None:
    """The gateway reports each charge as paid today: the simulator's own clock is not moved."""
    work()
    paid_at = timezone.now().isoformat()
    payments = []
    for place, charge in enumerate(Charge.objects.payable().filter(application=application)):
        told = {"reference": charge.reference, "amount": str(charge.amount), "receipt": f"R{application.pk}-{place}"}
        payer = {"payer_identifier": application.applicant.identifier, "paid_at": paid_at}
        payments.append({"reference": charge.reference, "status": "paid", "receipts": [{**told, **payer}]})
    scripted_server.say({"payments": payments})
    settings.REGISTER_PAYMENTS_URL = scripted_server.url
    poll_unpaid(timezone.now() + timedelta(minutes=2))
    work()


@pytest.mark.parametrize(
    ("applicant", "day"),
    [
        pytest.param(PERSON, date(2024, 12, 31), id="LAW-E1 a person, the day before"),
        pytest.param(ORGANISATION, date(2024, 10, 19), id="LAW-E2 an organisation, the day before"),
    ],
)
def test_before_the_day_a_scanned_paper_passport_serves(road: Road, settings, scripted_server, applicant, day):
    """VR.8.1d: the register holds nothing, the scan stands in, and the case is approved."""
    with time_machine.travel(at_ten(day)):
        application = road.draft(applicant, "V-28", **TYPED)
        road.attach(application, "vehicle_passport")
        gateway_says_paid(scripted_server, settings, application)
        road.submit(application)
        work()
        assert propose(road.fresh(application)) == []
        road.inspect(application)
        road.take(application)

        assert road.approve(application).state == State.APPROVED


@pytest.mark.parametrize(
    ("applicant", "day"),
    [
        pytest.param(PERSON, date(2025, 1, 2), id="LAW-E1 a person, since 1 January 2025"),
        pytest.param(ORGANISATION, date(2024, 10, 20), id="LAW-E2 an organisation, since 20 October 2024"),
    ],
)
def test_since_the_day_only_the_electronic_passport_serves(road: Road, applicant, day):
    """VR.8.1d: without one the ground is VR.9.1, and a scan is not even taken."""
    with time_machine.travel(at_ten(day)):
        application = road.draft(applicant, "V-28")
        with pytest.raises(DomainError) as scan:
            road.attach(application, "vehicle_passport")
        road.submit(application)
        work()
        (proposed,) = propose(road.fresh(application))

    assert list(scan.value.fields) == ["requirement"]
    assert (proposed.ground.row, proposed.check.findings[0]["code"]) == ("VR.9.1", "vehicle_passport.missing")


@pytest.mark.parametrize(
    ("applicant", "day"),
    [
        pytest.param(PERSON, date(2024, 12, 31), id="LAW-E1"),
        pytest.param(ORGANISATION, date(2024, 10, 19), id="LAW-E2"),
    ],
)
def test_before_the_day_the_paper_must_be_there(road: Road, applicant, day):
    """VR.8.1d: no electronic passport and no scan of the paper one: the draft is told what to bring."""
    with time_machine.travel(at_ten(day)):
        application = road.draft(applicant, "V-28")
        with pytest.raises(DomainError) as refused:
            road.submit(application)

    assert "vehicle_facts" in refused.value.fields
    assert road.fresh(application).state == State.DRAFT


def test_an_annulled_electronic_passport_is_no_missing_one(road: Road):
    """LAW-E1: before the day, too, the paper does not stand in for a passport that was annulled (VR.9.1)."""
    with time_machine.travel(at_ten(date(2024, 12, 31))):
        application = road.draft(PERSON, "V-31", **TYPED)
        road.attach(application, "vehicle_passport")
        check = application.checks.get(code="vehicle_passport")

    assert check.conclusion == "hit"
    assert check.findings[0]["code"] == "vehicle_passport.annulled"
