"""PD walked by its verbs: a duplicate from the front desk to the hand-over, row by row."""

from decimal import Decimal

import pytest
from django.utils import timezone

from applications import handover, surrendering
from applications.errors import DomainError
from applications.services import service
from applications.states import State
from fees.models import Charge
from plates.models import PlateDuplicate
from tests.fixtures_plates import FADED_FRONT

PD = service("PD")


def test_a_lost_pair_is_made_again_and_handed_over(duplicates):
    """PD.5, PD.8.1: nothing is left to hand in, so the duplicate is given out as it comes."""
    application = duplicates.issued()
    assert application.state == State.ISSUED
    duplicate = PlateDuplicate.objects.get()
    assert (duplicate.plate.number, duplicate.plate_count) == (duplicates.plate, 2)
    assert [item.number for item in PD.results(application)] == [duplicates.plate] * 2
    handover.hand_over(actor=duplicates.road.desk, number=application.number, version=None, now=timezone.now())


def test_an_old_piece_that_is_left_is_handed_in_first(duplicates):
    """PD.8.1"""
    application = duplicates.issued(**FADED_FRONT)
    hand_over = {"actor": duplicates.road.desk, "number": application.number, "version": None, "now": timezone.now()}
    with pytest.raises(DomainError) as refused:
        handover.hand_over(**hand_over)
    assert (refused.value.code, refused.value.row) == ("not_surrendered", "PD.8.1")
    surrendering.take_in(**hand_over, requirement="previous_plates", thing="front", outcome="returned")
    assert handover.hand_over(**hand_over).handed_over_at is not None


@pytest.mark.parametrize(("details", "amount"), [({}, "12110"), (FADED_FRONT, "6055")])
def test_the_duty_is_by_the_number_of_pieces(duplicates, details, amount):
    """PD.6"""
    application = duplicates.fill(duplicates.open(), **details)
    charge = Charge.objects.live().get(application=application)
    assert (charge.row, charge.amount) == ("PD.6", Decimal(amount))
