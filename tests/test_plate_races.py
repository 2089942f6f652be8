"""Two people want one number at the same instant: exactly one gets it, the other is told so (VR.6a)."""

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from plates.models import HolderKind, Plate, PlateHold, PlateState, VehicleKind
from plates.stock import allocate
from registration.choosing import choose
from tests.at_once import at_once, codes, meeting_at
from write_offs import acts

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_want_one_number_exactly_one_gets_it(road):
    drafts = [road.draft(), road.draft("P-02", "V-02")]
    wants = [
        partial(choose, actor=road.desk, number=draft.number, plate="450KZN02", now=timezone.now()) for draft in drafts
    ]
    outcomes = at_once(*wants)

    assert codes(outcomes) == ["plates.taken"]
    assert PlateHold.objects.filter(plate__number="450KZN02", ended_at__isnull=True).count() == 1
    assert Plate.objects.get(number="450KZN02").movements.count() == 1
    assert Plate.objects.filter(state=PlateState.RESERVED).count() == 1


def drawing_up(road, number):
    """A step: the officer draws an act up on this plate."""
    written = {"stock": "plates", "kind": "destroyed", "numbers": [number], "explanation": "bent"}
    office = Plate.objects.get(number=number).office
    return partial(acts.draw_up, actor=road.officer, office=office, now=timezone.now(), **written)


def test_a_number_is_chosen_or_stands_on_an_act(road):
    """Both wait for the plate; whoever comes second finds what the first one did."""
    draft = road.draft()
    chosen = partial(choose, actor=road.desk, number=draft.number, plate="450KZN02", now=timezone.now())
    one = Plate.objects.filter(number="450KZN02")
    outcomes = meeting_at([one], chosen, drawing_up(road, "450KZN02"))

    assert codes(outcomes) in (["plates.taken"], ["invalid"])
    plate = one.get()
    assert (plate.state == PlateState.RESERVED) is (plate.set_aside_by is None)


def test_the_next_plate_goes_to_a_vehicle_or_onto_an_act(road):
    office = Plate.objects.get(number="450KZN02").office
    cars = {"office": office, "holder": HolderKind.PERSON, "vehicle": VehicleKind.CAR}
    stock = Plate.objects.filter(office=office, state=PlateState.IN_STOCK, is_high_demand=False)
    following = stock.filter(format__vehicle_kind="car", format__holder_kind="person").order_by("number")
    number = following.values_list("number", flat=True)[0]

    def next_one():
        with transaction.atomic():
            return allocate(**cars, now=timezone.now())

    outcomes = at_once(next_one, drawing_up(road, number))
    refused = codes(outcomes)

    assert refused in ([], ["invalid"])
    plate = Plate.objects.get(number=number)
    assert (plate.state == PlateState.ASSIGNED) is (plate.set_aside_by is None)
    assert outcomes[0].number == number or not refused
