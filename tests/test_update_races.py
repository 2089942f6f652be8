"""Two acts on one car at the same instant, one of them an update (VR-3): whoever is second sees what the first did.

Both cases are approved already; that the door lets only one of them in is shown first.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from applications import issuing
from applications.models import Application, Paper
from applications.states import State
from plates.models import Plate
from registration.models import PlateAssignment, Registration, RegistrationCertificate, VehicleChange
from tests import acts_at_once
from tests import fixtures_sale as sale
from tests import fixtures_updates as updates
from tests.acts_at_once import issued_at_once, past_the_door, submitted_at_once
from tests.at_once import at_once, codes
from tests.fixtures_road import Road, work
from tests.fixtures_updates import ENGINE

pytestmark = pytest.mark.django_db(transaction=True)


def held(road: Road, *reasons: str, **data: Any) -> Application:
    return past_the_door(updates.held(road, *reasons, **data))


def held_sale(road: Road, registered: Application, **details: str) -> Application:
    case = past_the_door(sale.sold(road, registered, **details))
    sale.hand_in(road, case, "certificate", *(["plates"] if details else []))
    return sale.held(road, case)


def whole() -> None:
    """As after every act (VR.5a), and no paper but that of the valid SRTS says that it is valid."""
    acts_at_once.whole()
    work()
    printed = Paper.objects.filter(kind="registration_certificate", standing="valid")
    valid = RegistrationCertificate.objects.filter(state="valid")
    assert set(printed.values_list("content__number", flat=True)) <= set(valid.values_list("blank__number", flat=True))


def test_of_two_updates_submitted_at_once_one_is_accepted(road: Road):
    """VR.9.2: one open application for one vehicle."""
    road.issued()
    drafts = []
    for colour in ("red", "blue"):
        drafts.append(updates.drafted(road, "colour", colour=colour))
        road.pay(drafts[-1])

    assert submitted_at_once(road, *drafts) == ["second_open"]
    assert Application.objects.filter(state=State.SUBMITTED).count() == 1


def test_two_updates_of_different_data_both_stand(road: Road):
    """VR.6d, VR.5a: the later SRTS replaces the earlier one, though both replace the first."""
    road.issued()
    cases = [held(road, "colour", colour="red"), held(road, "engine", **ENGINE)]

    assert issued_at_once(road, *cases) == []
    car = updates.on_record()
    assert (car.colour, car.engine_number) == ("red", "EA900417")
    states = RegistrationCertificate.objects.values_list("state", flat=True)
    assert sorted(states) == ["replaced", "replaced", "valid"]
    replaced = VehicleChange.objects.filter(field="certificate").order_by("pk")
    assert replaced[0].after == replaced[1].before
    whole()


def test_two_updates_of_the_same_data_are_told_one_after_the_other(road: Road):
    """The history of a car has no gap: what was before is what the earlier one entered."""
    road.issued()
    issued_at_once(road, *(held(road, "colour", colour=colour) for colour in ("red", "blue")))

    first, second = VehicleChange.objects.filter(field="colour").order_by("pk")
    assert (first.before, first.after) == ("white", second.before)
    assert updates.on_record().colour == second.after
    whole()


def test_the_same_update_twice_changes_nothing_the_second_time(road: Road):
    road.issued()
    cases = [held(road, "colour", colour="red") for _ in range(2)]

    assert issued_at_once(road, *cases) == ["nothing_changes"]
    assert VehicleChange.objects.filter(field="colour").count() == 1
    whole()


def test_new_plates_asked_for_twice_come_off_again_once(road: Road):
    """VR.6a, VR.8.1f: every number that the car had is accounted for, and it carries one."""
    road.issued()
    cases = [held(road, "plates") for _ in range(2)]

    assert issued_at_once(road, *cases) == []
    first, second = VehicleChange.objects.filter(field="plate").order_by("pk")
    assert (first.after, second.after) == (second.before, updates.road_plate("V-01"))
    assert Plate.objects.filter(number__in=[first.before, first.after, second.after]).count() == 3
    whole()


@pytest.mark.parametrize("kept", [{}, {"plates_kept": "no"}], ids=["plates kept", "new plates"])
@pytest.mark.parametrize("reason", ["colour", "plates"])
def test_an_update_and_a_sale_leave_one_registration_whole(road: Road, reason: str, kept: dict[str, str]):
    """VR.5a: either the sale ended what the update gave, or the update found nothing to update any more."""
    registered = road.registered()
    data = {"colour": "red"} if reason == "colour" else {}
    cases = [held(road, reason, **data), held_sale(road, registered, **kept)]

    assert issued_at_once(road, *cases) in ([], ["registration_ended"])
    assert Registration.objects.get(ended_at=None).application == cases[1]
    whole()


def test_an_update_and_a_deregistration_leave_nothing_in_force(road: Road):
    """VR.5b"""
    registered = road.registered()
    update = held(road, "colour", colour="red")
    leaves = past_the_door(sale.leaving(road, registered))
    sale.hand_in(road, leaves, "certificate", "plates")
    leaves = sale.held(road, leaves, is_inspected=False)

    assert issued_at_once(road, update, leaves) in ([], ["registration_ended"])
    assert not Registration.objects.filter(ended_at=None).exists()
    assert not RegistrationCertificate.objects.filter(state="valid").exists()
    assert not PlateAssignment.objects.filter(ended_at=None).exists()


def test_an_update_issued_by_two_workers_happens_once(road: Road):
    road.issued()
    case = road.approve(updates.held(road, "colour", colour="red"))

    assert codes(at_once(*[partial(issuing.issue, case.number)] * 2)) == []
    assert VehicleChange.objects.filter(field="colour").count() == 1
    assert RegistrationCertificate.objects.count() == 2
    whole()
