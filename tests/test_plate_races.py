"""Two people want one number at the same instant: exactly one gets it, the other is told so (VR.6a)."""

from functools import partial

import pytest
from django.utils import timezone

from plates.models import Plate, PlateHold, PlateState
from registration.choosing import choose
from tests.at_once import at_once, codes

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
