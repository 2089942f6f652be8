"""Choosing a number: groups and prices by date, and the hold while it is paid (VR.6a)."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError
from applications.states import State
from fees.models import Tariff
from plates import choosing
from plates.high_demand import choice_group, is_high_demand
from plates.models import HolderKind, Plate, PlateHold, PlateState, VehicleKind
from plates.numbers import series
from plates.stock import allocate, enter
from tests.fixtures_registration import guarded, make_applicant, make_case, refused_by

PORTAL = Actor.automatic()
PERSON, CAR = HolderKind.PERSON, VehicleKind.CAR
DAYS = (date(2018, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 25))


def special_numbers():
    with (settings.BASE_DIR / "fixtures" / "reference" / "special_numbers.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def in_force(row, on):
    ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
    return date.fromisoformat(row["valid_from"]) <= on <= ends


@pytest.mark.parametrize("on", DAYS)
def test_every_row_of_the_special_numbers_has_its_group_and_rate(rates, on):
    """VR.6a: the rule in code and the list of the law agree, for all thousand numbers and both kinds of letters."""
    listed = {row["digits"]: row for row in special_numbers() if in_force(row, on) and row["digits"] != "*"}
    other = next((row for row in special_numbers() if row["group"] == "any other digits" and in_force(row, on)), None)
    day = on.isoformat()
    tariffs = Tariff.objects.filter(code="plate_duty", valid_from__lte=day).exclude(valid_to__lt=day)
    rate_of = {row.group: row.rate for row in tariffs}
    for digits in (f"{number:03d}" for number in range(1, 1000)):
        row = listed.get(digits, other)
        for letters, column in (("KZN", "rate_mrp_letters_differ"), ("AAA", "rate_mrp_letters_identical")):
            group = choice_group(digits + letters, on)
            if row is not None:
                assert rate_of[group] == Decimal(row[column]), (digits, letters)
            else:
                assert group in {"", "same_letters"}, (digits, letters)
        assert is_high_demand(f"{digits}KZN", on) == (digits in listed)


@pytest.mark.parametrize(
    ("main", "on", "group"),
    [
        ("777KZN", date(2025, 6, 1), "high_demand_c"),
        ("777AAA", date(2026, 6, 1), "high_demand_c_same_letters"),
        ("141KZN", date(2025, 12, 31), ""),
        ("141KZ", date(2026, 1, 1), "high_demand_d"),
        ("417KZN", date(2026, 1, 1), "custom"),
        ("12ABC", date(2026, 1, 1), "custom"),
        ("F1111", date(2025, 1, 1), ""),
    ],
)
def test_the_group_of_a_chosen_number(main, on, group):
    assert choice_group(main, on) == group


@pytest.fixture
def dear_stock(almaty_stock, plate_formats, rates):
    """Beside 417KZN02 … 421KZN02: 777KZN02, 141AAA02 and 707QQQ02."""
    numbers = ["777KZN02", "141AAA02", "707QQQ02"]
    enter(
        almaty_stock,
        plate_formats["person_car_2012"],
        numbers,
        reference="dear",
        received_by=None,
        now=timezone.now(),
    )
    return almaty_stock


def found(office, pattern=""):
    now = timezone.now()
    return {item.number: item for item in choosing.free_numbers(office, PERSON, CAR, pattern=pattern, now=now)}


def test_free_numbers_are_shown_with_their_prices(dear_stock):
    offers = found(dear_stock)
    assert len(offers) == 8
    assert offers["417KZN02"].group == "custom"
    mci = offers["417KZN02"].price / 10
    assert (offers["777KZN02"].price, offers["141AAA02"].price) == (228 * mci, 72 * mci)


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("7?7", {"777KZN02", "707QQQ02"}),
        ("aaa", {"141AAA02"}),
        ("777", {"777KZN02"}),
        ("02", set()),
        ("1 ? 1", {"141AAA02"}),
        ("9К", {"419KZN02"}),
        ("418KZN", {"418KZN02"}),
    ],
)
def test_numbers_are_searched_by_pattern(dear_stock, pattern, numbers):
    assert set(found(dear_stock, pattern)) == numbers


@pytest.mark.parametrize("pattern", ["7%", "[0-9]", "777777777", "Ж"])
def test_a_pattern_that_cannot_be_is_refused_in_words(dear_stock, pattern):
    with pytest.raises(InvalidInputError) as refused:
        found(dear_stock, pattern)
    assert "pattern" in refused.value.fields


def test_the_list_costs_the_same_however_long(dear_stock, plate_formats, django_assert_num_queries):
    with django_assert_num_queries(5):
        found(dear_stock, "7")
    more = series(plate_formats["person_car_2012"], "500KZN02", 30)
    enter(dear_stock, plate_formats["person_car_2012"], more, reference="30", received_by=None, now=timezone.now())
    with django_assert_num_queries(5):
        assert len(found(dear_stock)) == choosing.MOST_SHOWN


@pytest.fixture
def case(dear_stock, front_desk):
    return make_case(front_desk, state=State.DRAFT)


def hold(case, number, now=None):
    return choosing.hold(case, number, PERSON, CAR, actor=PORTAL, now=now or timezone.now())


def state_of(number):
    return Plate.objects.get(number=number).state


def test_a_held_number_is_nobody_elses(case, front_desk):
    hold(case, "777 kzn 02")
    other = make_case(front_desk, number=2, state=State.DRAFT, applicant=make_applicant(2))
    with pytest.raises(DomainError) as refused:
        hold(other, "777KZN02")
    assert refused.value.code == "plates.taken"
    assert "777KZN02" not in found(case.office)
    assert PlateHold.objects.get().application == case


def test_a_hold_lasts_as_long_as_the_setting_says(case):
    now = timezone.now()
    hold(case, "777KZN02", now)
    assert choosing.held(case).until == now + timedelta(minutes=120)
    assert choosing.release_expired(now + timedelta(minutes=119)) == 0
    assert choosing.release_expired(now + timedelta(minutes=121)) == 1
    assert (state_of("777KZN02"), choosing.held(case)) == ("in_stock", None)


def test_another_number_frees_the_first(case):
    hold(case, "777KZN02")
    hold(case, "141AAA02", timezone.now())
    assert (state_of("777KZN02"), state_of("141AAA02")) == ("in_stock", "reserved")
    assert choosing.held(case).plate.number == "141AAA02"


def test_an_accepted_application_keeps_its_number_until_it_ends(dear_stock, front_desk):
    case = make_case(front_desk, state=State.REVIEW)
    hold(case, "777KZN02")
    later = timezone.now() + timedelta(days=40)
    assert choosing.release_expired(later) == 0
    type(case).objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    assert choosing.release_expired(later) == 1
    assert state_of("777KZN02") == PlateState.IN_STOCK


def test_an_expired_hold_is_released_to_whoever_asks(case, front_desk):
    hold(case, "777KZN02", timezone.now() - timedelta(minutes=121))
    other = make_case(front_desk, number=2, state=State.DRAFT, applicant=make_applicant(2))
    assert hold(other, "777KZN02").state == PlateState.RESERVED
    assert choosing.held(other).plate.number == "777KZN02"


def test_plates_of_another_kind_cannot_be_chosen(case):
    with pytest.raises(DomainError) as refused:
        hold(case, "41KZN02")
    assert refused.value.code == "plates.other_kind"
    with pytest.raises(DomainError) as refused:
        hold(case, "999ZZZ02")
    assert refused.value.code == "plates.taken"


def test_the_held_number_is_the_one_issued_and_never_the_next(case):
    hold(case, "417KZN02")
    assert allocate(office=case.office, holder=PERSON, vehicle=CAR, now=timezone.now()).number == "418KZN02"
    assert choosing.assign_held(case, timezone.now()).number == "417KZN02"
    with pytest.raises(DomainError) as refused:
        choosing.assign_held(case, timezone.now())
    assert refused.value.code == "plates.not_held"


def test_the_database_keeps_the_holds(case, front_desk):
    free = Plate.objects.filter(number="418KZN02")
    with refused_by("plate_reserved_for_an_application"):
        free.update(state="reserved")
    hold(case, "417KZN02")
    with refused_by("plate_hold_one_per_application"):
        free.update(state="reserved", moved_for=case)
    other = make_case(front_desk, number=2, state=State.DRAFT, applicant=make_applicant(2))
    with refused_by("plate_reserved_for_another"):
        Plate.objects.filter(number="417KZN02").update(state="assigned", moved_for=other)
    with guarded("Cannot insert or update"):
        PlateHold.objects.update(ended_at=timezone.now())
