"""Every change of a plate is written by the database; a lost or stolen number never goes out again (VR.8.1f)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from plates import movements
from plates.models import MOVES, Plate, PlateMovement, PlateState, WantedPlate
from tests.fixtures_registration import guarded, refused_by

PORTAL = Actor.automatic()


@pytest.fixture
def plate(almaty_stock):
    return Plate.objects.get(number="417KZN02")


def assigned(plate):
    movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=timezone.now())
    return plate


def test_every_change_is_written_with_who_when_and_why(plate, officer):
    now = timezone.now()
    movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=now)
    later = now + timedelta(days=1)
    movements.lost(plate, actor=Actor.of(officer), now=later, is_stolen=False, explanation=" fell off on the road ")

    written = plate.movements.values_list("from_state", "to_state", "at", "by", "reason")
    assert list(written) == [
        ("in_stock", "assigned", now, None, ""),
        ("assigned", "lost", later, officer.pk, "fell off on the road"),
    ]
    plate.refresh_from_db()
    assert (plate.state, plate.moved_by, plate.moved_because) == ("lost", None, "")


def test_a_change_that_tells_nothing_is_written_all_the_same(plate):
    Plate.objects.filter(pk=plate.pk).update(state="assigned")

    movement = plate.movements.get()
    assert (movement.from_state, movement.to_state, movement.by_id) == ("in_stock", "assigned", None)
    assert movement.at == Plate.objects.get(pk=plate.pk).state_changed_at != plate.state_changed_at


def test_a_change_is_one_statement(plate, django_assert_num_queries):
    assigned(plate)
    with django_assert_num_queries(1):
        movements.surrendered(plate, actor=PORTAL, now=timezone.now())
    with django_assert_num_queries(1):
        movements.given_back(plate, actor=PORTAL, now=timezone.now())
    with django_assert_num_queries(1):
        movements.lost(plate, actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="stolen at night")


def test_a_plate_that_moved_meanwhile_is_left_alone(plate):
    same = assigned(Plate.objects.get(pk=plate.pk))
    with pytest.raises(DomainError) as refused:
        movements.move(plate, PlateState.RESERVED, actor=PORTAL, now=timezone.now())
    assert refused.value.code == "plates.illegal_move"
    assert same.movements.count() == 1


def test_only_a_stored_number_is_given_back(plate):
    with pytest.raises(DomainError) as refused:
        movements.given_back(plate, actor=PORTAL, now=timezone.now())
    assert "417KZN02" in str(refused.value.message)
    assert not PlateMovement.objects.exists()


def test_a_loss_wants_an_explanation(plate):
    with pytest.raises(InvalidInputError) as refused:
        movements.lost(assigned(plate), actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="  ")
    assert "explanation" in refused.value.fields
    assert not WantedPlate.objects.exists()


def test_a_stolen_plate_is_wanted_at_once(plate, officer):
    now = timezone.now()
    movements.lost(assigned(plate), actor=Actor.of(officer), now=now, is_stolen=True, explanation="stolen at night")

    wanted = WantedPlate.objects.get(plate=plate)
    assert (wanted.since, wanted.declared_by, wanted.explanation) == (now, officer, "stolen at night")
    assert wanted.lifted_at is None


@pytest.mark.parametrize("is_stolen", [True, False])
@pytest.mark.parametrize("state", ["in_stock", "reserved", "assigned"])
def test_a_lost_or_stolen_number_never_goes_out_again(plate, is_stolen, state):
    movements.lost(assigned(plate), actor=PORTAL, now=timezone.now(), is_stolen=is_stolen, explanation="gone")
    with guarded("never issued again|Invalid transition"):
        Plate.objects.filter(pk=plate.pk).update(state=state)

    movements.move(plate, PlateState.TO_DESTROY, actor=PORTAL, now=timezone.now(), reason="found")
    with guarded("never issued again|Invalid transition"):
        Plate.objects.filter(pk=plate.pk).update(state=state)


def test_a_found_plate_is_refused_to_the_stock_by_name(plate):
    movements.lost(assigned(plate), actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="gone")
    movements.move(plate, PlateState.TO_DESTROY, actor=PORTAL, now=timezone.now(), reason="found")
    with refused_by("plate_lost_never_reissued"):
        Plate.objects.filter(pk=plate.pk).update(state="in_stock")


def test_the_database_allows_the_moves_of_the_table_and_no_other(plate):
    values = {name: getattr(plate, name) for name in ("format", "region_id", "office", "receipt", "state_changed_at")}
    for before in PlateState:
        other = Plate.objects.create(number=f"{900 + list(PlateState).index(before)}KZN02", state=before, **values)
        for after in set(PlateState) - MOVES[before] - {before}:
            with guarded("Invalid transition"):
                Plate.objects.filter(pk=other.pk).update(state=after)


def test_nobody_writes_or_mends_movements_by_hand(plate):
    assigned(plate)
    with guarded("Cannot insert"):
        PlateMovement.objects.create(plate=plate, from_state="assigned", to_state="lost", at=timezone.now())
    with guarded("Cannot update or delete"):
        PlateMovement.objects.update(reason="otherwise")
    with guarded("Cannot update or delete"):
        PlateMovement.objects.all()._raw_delete("default")


def test_the_list_of_the_wanted_is_kept_as_it_was_written(plate, officer):
    with guarded("Cannot insert"):
        WantedPlate.objects.create(plate=plate, since=timezone.now())
    movements.lost(assigned(plate), actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="gone")
    with guarded("Cannot update"):
        WantedPlate.objects.update(explanation="otherwise")
    with refused_by("wanted_plate_lifted_by_somebody_with_a_reason"):
        WantedPlate.objects.update(lifted_at=timezone.now(), lifted_by=officer)
