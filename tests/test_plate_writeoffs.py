"""Stored numbers, acts that two people sign, and plates that were found again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import storage
from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import JournalEntry, Paper
from applications.states import State
from plates import movements, storing
from plates.choosing import free_numbers, hold
from plates.models import HolderKind, Plate, PlateState, PlateTerm, VehicleKind, WantedPlate, WriteOffLine
from plates.stock import allocate, shelves
from tests.fixtures_papers import text_of
from tests.fixtures_registration import guarded, make_case, refused_by
from tests.fixtures_road import work
from write_offs import acts
from write_offs.models import WriteOffAct
from write_offs.paper import paper_of

PORTAL = Actor.automatic()


@pytest.fixture
def plate(almaty_stock):
    return Plate.objects.select_related("office", "format").get(number="417KZN02")


@pytest.fixture
def first(officer):
    return Actor.of(officer)


@pytest.fixture
def second(supervisor):
    return Actor.of(supervisor)


def stored(plate, days_ago=0):
    now = timezone.now() - timedelta(days=days_ago)
    movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=now - timedelta(days=1))
    movements.surrendered(plate, actor=PORTAL, now=now)
    plate.refresh_from_db()
    return plate


def drawn_up(actor, office, *numbers, kind="destroyed"):
    written = {"stock": "plates", "kind": kind, "numbers": numbers, "explanation": "bent beyond use"}
    return acts.draw_up(actor=actor, office=office, now=timezone.now(), **written)


def test_a_number_handed_in_is_stored_for_the_term_of_its_day(plate, administrator):
    assert stored(plate).stored_until == timezone.localdate() + timedelta(days=30)

    today = timezone.localdate()
    PlateTerm.objects.filter(code="storage_days").update(valid_to=today - timedelta(days=1))
    PlateTerm.objects.create(code="storage_days", amount=180, valid_from=today, confidence="medium", source="order")
    other = Plate.objects.get(number="418KZN02")
    assert stored(other).stored_until == today + timedelta(days=180)


def test_beat_sets_aside_what_nobody_took_back(plate):
    stored(plate, days_ago=31)
    fresh = stored(Plate.objects.get(number="418KZN02"), days_ago=30)

    assert (storing.expire(timezone.now()), storing.expire(timezone.now())) == (1, 0)
    plate.refresh_from_db()
    assert plate.state == PlateState.TO_DESTROY
    assert plate.movements.last().reason == storing.TERM_OVER
    fresh.refresh_from_db()
    assert fresh.state == PlateState.SURRENDERED


def test_a_stored_number_is_its_holders_until_the_term_is_over(plate, first):
    stored(plate)
    with pytest.raises(DomainError) as refused:
        storing.release(actor=first, number=plate.number, reason="needed", now=timezone.now())
    assert refused.value.code == "plates.still_stored"
    with refused_by("plate_stored_for_its_holder"):
        Plate.objects.filter(pk=plate.pk).update(state="in_stock")


def test_a_number_is_released_with_a_reason(plate, first):
    stored(plate, days_ago=31)
    with pytest.raises(InvalidInputError):
        storing.release(actor=first, number=plate.number, reason=" ", now=timezone.now())
    storing.release(actor=first, number=plate.number, reason="in good order", now=timezone.now())

    plate.refresh_from_db()
    assert (plate.state, plate.stored_until) == (PlateState.IN_STOCK, None)
    assert JournalEntry.objects.filter(action="plate_released", changes__plate=plate.number).count() == 1


def test_another_offices_plate_is_not_seen(plate, first, astana_police):
    stored(plate, days_ago=31)
    stranger = first.staff
    stranger.office = astana_police
    stranger.save()
    with pytest.raises(DomainError) as refused:
        storing.release(actor=Actor.of(stranger), number=plate.number, reason="x", now=timezone.now())
    assert refused.value.status == 404


def test_a_stolen_plate_that_is_found_is_no_longer_wanted_and_never_released(plate, first):
    movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=timezone.now())
    movements.lost(plate, actor=PORTAL, now=timezone.now(), is_stolen=True, explanation="stolen at night")
    with pytest.raises(InvalidInputError):
        storing.found(actor=first, number=plate.number, reason="", now=timezone.now())
    storing.found(actor=first, number=plate.number, reason="brought by a passer-by", now=timezone.now())

    wanted = WantedPlate.objects.get(plate=plate)
    assert (wanted.lifted_by, wanted.lifted_because) == (first.staff, "brought by a passer-by")
    with pytest.raises(DomainError) as refused:
        storing.release(actor=first, number=plate.number, reason="as new", now=timezone.now())
    assert refused.value.code == "plates.never_reissued"


def test_plates_leave_only_when_a_second_person_confirms(plate, first, second):
    act = drawn_up(first, plate.office, "417 KZN 02", "418KZN02")
    assert Plate.objects.filter(state="in_stock", number__in=["417KZN02", "418KZN02"]).count() == 2
    with pytest.raises(NotAllowedError) as refused:
        acts.confirm(actor=first, act_id=act.pk, now=timezone.now())
    assert refused.value.code == "four_eyes"

    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    plate.refresh_from_db()
    movement = plate.movements.get()
    assert (plate.state, movement.by) == (PlateState.DESTROYED, second.staff)
    assert act.number in movement.reason


def test_a_loss_from_the_stock_wants_a_second_person_too(plate, first, second):
    act = drawn_up(first, plate.office, "417KZN02", kind="stolen")
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())

    plate.refresh_from_db()
    assert plate.state == PlateState.STOLEN
    assert WantedPlate.objects.get(plate=plate).declared_by == second.staff


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "melted"}, "kind"),
        ({"explanation": "  "}, "explanation"),
        ({"numbers": []}, "numbers"),
        ({"numbers": ["999AAA02"]}, "numbers"),
        ({"numbers": ["417KZN02", "419KZN02"]}, "numbers"),
    ],
)
def test_an_act_that_cannot_be_is_not_drawn_up(plate, first, changes, field):
    movements.move(Plate.objects.get(number="419KZN02"), PlateState.ASSIGNED, actor=PORTAL, now=timezone.now())
    typed = {"kind": "destroyed", "numbers": ["417KZN02"], "explanation": "bent", **changes}
    with pytest.raises(InvalidInputError) as refused:
        acts.draw_up(actor=first, office=plate.office, stock="plates", now=timezone.now(), **typed)
    assert field in refused.value.fields
    assert not WriteOffAct.objects.exists()


def test_a_plate_stands_on_one_open_act(plate, first, second):
    act = drawn_up(first, plate.office, "417KZN02")
    with pytest.raises(InvalidInputError) as refused:
        drawn_up(second, plate.office, "417KZN02")
    assert "417KZN02" in str(refused.value.fields["numbers"])

    acts.drop(actor=first, act_id=act.pk, now=timezone.now())
    assert drawn_up(second, plate.office, "417KZN02").is_open


def test_an_act_whose_plate_has_gone_is_not_confirmed(plate, first, second):
    stored(plate)
    act = drawn_up(first, plate.office, "417KZN02", "418KZN02")
    movements.given_back(plate, actor=PORTAL, now=timezone.now())
    with pytest.raises(DomainError) as refused:
        acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    assert refused.value.code == "write_offs.act_outdated"
    assert WriteOffAct.objects.get(pk=act.pk).is_open
    assert Plate.objects.get(number="418KZN02").state == PlateState.IN_STOCK


def next_plate(office):
    return allocate(office=office, holder=HolderKind.PERSON, vehicle=VehicleKind.CAR, now=timezone.now())


def free(office):
    found = free_numbers(office, HolderKind.PERSON, VehicleKind.CAR, pattern="", now=timezone.now())
    return {offer.number for offer in found}


def test_a_plate_on_an_open_act_is_given_to_nobody(plate, first, front_desk):
    act = drawn_up(first, plate.office, "417KZN02", "418KZN02")
    case = make_case(front_desk, state=State.DRAFT)
    chosen = (case, "418KZN02", HolderKind.PERSON, VehicleKind.CAR)

    assert next_plate(plate.office).number == "419KZN02"
    assert free(plate.office) == {"420KZN02", "421KZN02"}
    with pytest.raises(DomainError, check=lambda error: error.code == "plates.taken"):
        hold(*chosen, actor=PORTAL, now=timezone.now())
    with pytest.raises(DomainError, check=lambda error: error.code == "plates.illegal_move"):
        movements.move(plate, PlateState.ASSIGNED, actor=PORTAL, now=timezone.now())
    shelf = next(shelf for shelf in shelves(plate.office) if shelf.format == plate.format)
    assert (shelf.free, shelf.set_aside, shelf.dear, shelf.next_number) == (2, 2, 0, "420KZN02")

    acts.drop(actor=first, act_id=act.pk, now=timezone.now())
    assert next_plate(plate.office).number == "417KZN02"
    assert hold(*chosen, actor=PORTAL, now=timezone.now()).number == "418KZN02"


def test_a_stock_that_stands_on_acts_is_empty(plate, first, second):
    act = drawn_up(first, plate.office, *(f"{digits}KZN02" for digits in range(417, 422)))
    with pytest.raises(DomainError, check=lambda error: error.code == "plates.stock_empty"):
        next_plate(plate.office)

    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    assert Plate.objects.filter(state="destroyed", set_aside_by=None).count() == 5


def test_the_database_gives_no_plate_out_that_stands_on_an_act(plate, first):
    act = drawn_up(first, plate.office, "417KZN02")
    one = Plate.objects.filter(pk=plate.pk)
    with refused_by("plate_on_an_act_is_given_to_nobody"):
        one.update(state="assigned")
    with refused_by("plate_on_an_act_is_given_to_nobody"):
        one.update(state="reserved")
    with refused_by("plate_set_aside_until_the_act_is_closed"):
        one.update(set_aside_by=None)
    with refused_by("plate_set_aside_by_an_act"):
        Plate.objects.filter(number="418KZN02").update(set_aside_by=act)


def test_the_pages_say_that_a_plate_stands_on_an_act(plate, first, client):
    act = drawn_up(first, plate.office, "417KZN02")
    client.force_login(first.staff)
    to_the_act = reverse("desk:stock_act", args=[act.pk])
    listed = client.post(reverse("desk:stock_plates"), {"state": "in_stock"}).content.decode()
    page = client.get(reverse("desk:stock_plate", args=[plate.pk])).content.decode()

    assert to_the_act in listed
    assert 'name="numbers" value="417KZN02"' not in listed
    assert 'name="numbers" value="418KZN02"' in listed
    assert to_the_act in page
    assert 'name="begin"' not in page


def test_the_database_keeps_the_acts(plate, first, second):
    with refused_by("plate_written_off_by_an_act"):
        Plate.objects.filter(pk=plate.pk).update(state="destroyed")
    act = drawn_up(first, plate.office, "417KZN02", kind="lost")
    with refused_by("plate_written_off_by_an_act"):
        Plate.objects.filter(pk=plate.pk).update(state="lost")
    with refused_by("write_off_four_eyes"):
        WriteOffAct.objects.update(confirmed_by=first.staff, confirmed_at=timezone.now())
    with refused_by("write_off_confirmed_by_somebody"):
        WriteOffAct.objects.update(confirmed_at=timezone.now())
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    with guarded("Cannot update"):
        WriteOffAct.objects.update(explanation="otherwise")
    with refused_by("plate_write_off_line_fits"):
        WriteOffLine.objects.create(act=act, plate=Plate.objects.get(number="418KZN02"))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"code": "years"}, "plate_term_known"),
        ({"amount": 0}, "plate_term_has_a_length"),
        ({"source": ""}, "plate_term_has_a_source"),
        ({}, "plate_term_one_a_day"),
    ],
)
def test_the_database_keeps_the_terms(plate, changes, constraint):
    row = {"code": "hold_minutes", "amount": 5, "valid_from": timezone.localdate(), "confidence": "low", "source": "x"}
    with refused_by(constraint):
        PlateTerm.objects.create(**{**row, **changes})


@pytest.fixture
def printed(plate, first, second, keys):
    """An act on two plates that a second person has confirmed, and its paper made as a worker would."""
    act = drawn_up(first, plate.office, "417 KZN 02", "418 KZN 02")
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    work(papers=True)
    return act


def test_a_confirmed_act_is_a_signed_paper_in_both_languages(printed, first, second):
    paper = paper_of(printed)
    text = text_of(storage.fetch("papers", paper.sha256))

    assert (paper.state, paper.number, paper.application) == ("ready", printed.number, None)
    for said in ("417KZN02", "418KZN02", "уничтожены", "жойылды", "bent beyond use", printed.number):
        assert said in text
    for actor in (first, second):
        assert actor.staff.full_name in text
    assert JournalEntry.objects.get(action="paper_made").chain == f"office:{printed.office.code}"


def test_the_code_of_an_act_proves_it_to_anybody(printed, client):
    paper = paper_of(printed)
    page = client.get(f"/verify/{paper.verification_code}/")

    assert page.status_code == 200
    assert printed.number in page.content.decode()


def test_an_act_confirmed_before_acts_were_printed_is_printed_once(plate, first, second, keys):
    act = drawn_up(first, plate.office, "417 KZN 02")
    with pytest.raises(DomainError, check=lambda error: error.code == "write_offs.act_not_confirmed"):
        acts.print_act(actor=first, act_id=act.pk, now=timezone.now())
    acts.confirm(actor=second, act_id=act.pk, now=timezone.now())
    made = paper_of(act)
    assert acts.print_act(actor=first, act_id=act.pk, now=timezone.now()) == made
    Paper.objects.all().delete()
    again = acts.print_act(actor=first, act_id=act.pk, now=timezone.now())

    assert acts.print_act(actor=second, act_id=act.pk, now=timezone.now()) == again
    assert Paper.objects.count() == 1


def test_the_page_leads_to_the_paper_once_it_is_made(printed, client, officer, officer_astana):
    client.force_login(officer)
    address = reverse("desk:stock_act_paper", args=[printed.pk])
    assert address in client.get(reverse("desk:stock_act", args=[printed.pk])).content.decode()
    answer = client.get(address)
    client.force_login(officer_astana)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert client.get(address).status_code == 404
