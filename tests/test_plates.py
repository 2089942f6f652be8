"""Formats and numbers of plates, the stock of an office, and what the database refuses about them (VR.5a)."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.acting import Actor
from applications.errors import DomainError, InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from people.models import Organisation, Person
from plates import reference, stock
from plates.high_demand import is_high_demand
from plates.models import HolderKind, Plate, PlateFormat, PlateReceipt, PlateState, RegionPlace, VehicleKind
from plates.numbers import SeriesEndsError, next_number, series
from tests.fixtures_registration import guarded, refused_by

PERSON = PlateFormat(code="p", regex=r"^\d{3}[A-Z]{3}(?:0[1-9]|1[0-9]|20)$", region_place=RegionPlace.RIGHT)
ORGANISATION = PlateFormat(code="o", regex=r"^\d{3}[A-Z]{2}(?:0[1-9]|1[0-9]|20)$", region_place=RegionPlace.RIGHT)
FOREIGNER = PlateFormat(code="f", regex=r"^F\d{4}(?:0[1-9]|1[0-9]|20)$", region_place=RegionPlace.RIGHT)
OLD = PlateFormat(code="old", regex=r"^[A-Z]\d{3}[A-Z]{3}$", region_place=RegionPlace.NONE)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("person_car_2012", "123ABC01"),
        ("organisation_car_2012", "123AB20"),
        ("foreign_person_car_2012", "F123401"),
        ("foreign_organisation_car_2012", "H123401"),
        ("yellow_series_a_limited", "A123401"),
        ("motorcycle_2012", "12ABC02"),
        ("trailer_2012", "123AB02"),
        ("person_car_1993", "A123ABC"),
        ("organisation_car_1993", "A123AB"),
    ],
)
def test_a_format_takes_its_own_numbers_only(plate_formats, code, number):
    assert plate_formats[code].fits(number)
    assert not plate_formats[code].fits(number + "1")
    assert not plate_formats[code].fits(number.replace("1", "I", 1))


@pytest.mark.parametrize(("number", "fits"), [("123ABC00", False), ("123ABC21", False), ("123ABC20", True)])
def test_only_the_twenty_regions_stand_on_a_plate(plate_formats, number, fits):
    assert plate_formats["person_car_2012"].fits(number) is fits


@pytest.mark.parametrize(
    ("plate_format", "number", "parts"),
    [
        ("person_car_2012", "417KZN02", ("417 KZN", "02")),
        ("foreign_person_car_2012", "F123401", ("F 1234", "01")),
        ("person_car_1993", "A123ABC", ("A 123 ABC", "")),
    ],
)
def test_a_plate_is_drawn_in_parts(plate_formats, plate_format, number, parts):
    plate = Plate(number=number, format=plate_formats[plate_format])

    assert plate.parts == parts
    assert plate.drawing.background == plate_formats[plate_format].background


def test_loading_the_formats_leaves_an_edited_one_alone(plate_formats, administrator):
    PlateFormat.objects.filter(code="transit").update(regex=r"^\d{4}[A-Z]{2}$", edited_by=administrator)

    assert reference.load() == {"plate formats": 14, "plate terms": 2}
    assert PlateFormat.objects.get(code="transit").regex == r"^\d{4}[A-Z]{2}$"


core = st.tuples(st.integers(0, 999), st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3))
regions = st.integers(1, 20).map(lambda number: f"{number:02d}")


@settings(deadline=None)
@given(core, regions)
def test_the_next_number_has_the_same_layout_and_region(parts, region):
    number = f"{parts[0]:03d}{parts[1]}{region}"
    if parts == (999, "ZZZ"):
        return
    following = next_number(PERSON, number)

    assert PERSON.fits(following)
    assert following[-2:] == region
    assert (following[3:6], following[:3]) > (number[3:6], number[:3])


@settings(deadline=None)
@given(core, regions, st.integers(1, 300))
def test_a_series_never_repeats_a_number(parts, region, count):
    try:
        numbers = series(PERSON, f"{parts[0]:03d}{parts[1]}{region}", count)
    except SeriesEndsError:
        assert parts[1] == "ZZZ"
        return
    assert len(set(numbers)) == count
    assert numbers == sorted(numbers, key=lambda number: (number[3:6], number[:3]))


@pytest.mark.parametrize(
    ("plate_format", "number", "following"),
    [
        (PERSON, "417KZN02", "418KZN02"),
        (PERSON, "999KZN02", "001KZO02"),
        (PERSON, "999KZZ02", "001LAA02"),
        (ORGANISATION, "999AZ17", "001BA17"),
        (FOREIGNER, "F120901", "F121001"),
        (OLD, "A999ABC", "A001ABD"),
    ],
)
def test_digits_run_before_letters(plate_format, number, following):
    assert next_number(plate_format, number) == following


@pytest.mark.parametrize(("plate_format", "last"), [(PERSON, "999ZZZ02"), (FOREIGNER, "F999902"), (PERSON, "12ABC02")])
def test_a_series_ends(plate_format, last):
    with pytest.raises(SeriesEndsError):
        next_number(plate_format, last)


@pytest.mark.parametrize(
    ("main", "on", "expected"),
    [
        ("777KZN", date(2025, 6, 1), True),
        ("001KZN", date(2025, 6, 1), True),
        ("070KZN", date(2025, 6, 1), True),
        ("707KZN", date(2025, 6, 1), True),
        ("141KZN", date(2025, 6, 1), False),
        ("141KZN", date(2026, 1, 1), True),
        ("417AAA", date(2025, 12, 31), False),
        ("417AAA", date(2026, 1, 1), True),
        ("417KZN", date(2026, 6, 1), False),
        ("F1111", date(2026, 6, 1), False),
    ],
)
def test_numbers_of_higher_demand(main, on, expected):
    assert is_high_demand(main, on) is expected


def receive(actor, office, plate_format, numbers, reference="N-1"):
    return stock.receive(
        actor=actor,
        office=office,
        plate_format=plate_format,
        numbers=numbers,
        reference=reference,
        now=timezone.now(),
    )


def test_a_series_is_received_into_the_stock_and_journaled(plate_formats, almaty_police, officer):
    receipt = receive(Actor.of(officer), almaty_police, plate_formats["person_car_2012"], ["417 kzn 02", "418KZN02"])

    assert (receipt.count, receipt.last_number) == (2, "418KZN02")
    entry = JournalEntry.objects.get(chain="office:0201")
    assert (entry.action, entry.changes["first"], entry.actor) == ("plates_received", "417KZN02", officer)
    assert dict(stock.counts(almaty_police))[plate_formats["person_car_2012"]]["in_stock"] == 2


def test_plates_of_another_region_are_not_received(plate_formats, almaty_police, officer):
    with pytest.raises(InvalidInputError) as refused:
        receive(Actor.of(officer), almaty_police, plate_formats["person_car_2012"], ["417KZN02", "417KZN05"])

    assert "417KZN05" in str(refused.value.fields["numbers"])
    assert not Plate.objects.exists()


def test_a_plate_is_received_once(plate_formats, almaty_police, officer):
    car = plate_formats["person_car_2012"]
    receive(Actor.of(officer), almaty_police, car, ["417KZN02"])
    with pytest.raises(DomainError) as refused:
        receive(Actor.of(officer), almaty_police, car, ["416KZN02", "417KZN02"], reference="N-2")

    assert refused.value.code == "plates.already_known"
    assert Plate.objects.count() == PlateReceipt.objects.count() == 1


@pytest.mark.parametrize("stranger", ["officer_astana", "front_desk", "auditor"])
def test_only_the_office_receives_its_plates(plate_formats, almaty_police, stranger, request):
    actor = Actor.of(request.getfixturevalue(stranger))
    with pytest.raises(NotAllowedError):
        receive(actor, almaty_police, plate_formats["person_car_2012"], ["417KZN02"])


@pytest.mark.parametrize("code", ["transit", "temporary_registration_5y", "diplomatic"])
def test_a_format_that_is_not_entered_blocks_with_words(plate_formats, almaty_police, officer, code):
    with pytest.raises(DomainError) as refused:
        receive(Actor.of(officer), almaty_police, plate_formats[code], ["1234AB"])

    assert refused.value.code == "plates.format_not_set"
    assert not PlateReceipt.objects.exists()


@pytest.mark.parametrize(
    ("holder", "kind"),
    [
        (Person(citizenship="KAZ"), HolderKind.PERSON),
        (Person(citizenship="DEU"), HolderKind.FOREIGN_PERSON),
        (Organisation(bin="040340008429"), HolderKind.ORGANISATION),
        (Organisation(bin="120350001139"), HolderKind.FOREIGN_ORGANISATION),
    ],
)
def test_the_holder_decides_the_format(holder, kind, monkeypatch):
    monkeypatch.setattr("people.identifiers._require_check_digit", lambda value: None)

    assert stock.holder_kind(holder) == kind


def test_each_holder_and_vehicle_has_its_current_format(plate_formats):
    assert stock.current_format(HolderKind.PERSON, VehicleKind.CAR).code == "person_car_2012"
    assert stock.current_format(HolderKind.ORGANISATION, VehicleKind.TRAILER).code == "trailer_2012"
    assert stock.current_format(HolderKind.FOREIGN_PERSON, VehicleKind.MOTORCYCLE).pieces == 1
    PlateFormat.objects.filter(code="trailer_2012").update(regex="")
    with pytest.raises(DomainError) as refused:
        stock.current_format(HolderKind.PERSON, VehicleKind.TRAILER)
    assert refused.value.code == "plates.format_not_set"


def allocate(office, holder=HolderKind.PERSON, vehicle=VehicleKind.CAR):
    with transaction.atomic():
        return stock.allocate(office=office, holder=holder, vehicle=vehicle, now=timezone.now())


def test_plates_are_given_in_the_order_of_their_numbers(almaty_stock, plate_formats):
    car = plate_formats["person_car_2012"]
    given_out = [allocate(almaty_stock).number for _ in range(5)]

    assert given_out == ["417KZN02", "418KZN02", "419KZN02", "420KZN02", "421KZN02"]
    assert set(Plate.objects.filter(format=car).values_list("state", flat=True)) == {PlateState.ASSIGNED}
    with pytest.raises(DomainError) as refused:
        allocate(almaty_stock)
    assert refused.value.code == "plates.stock_empty"


def test_a_number_of_higher_demand_is_not_the_next_plate(plate_formats, almaty_police, officer):
    car = plate_formats["person_car_2012"]
    receive(Actor.of(officer), almaty_police, car, ["776KZN02", "777KZN02", "778KZN02"])

    assert [allocate(almaty_police).number for _ in range(2)] == ["776KZN02", "778KZN02"]
    assert Plate.objects.get(number="777KZN02").is_high_demand


@pytest.mark.parametrize(
    ("holder", "vehicle", "number"),
    [
        (HolderKind.ORGANISATION, VehicleKind.CAR, "417KZ02"),
        (HolderKind.ORGANISATION, VehicleKind.TRAILER, "41TRA02"),
        (HolderKind.PERSON, VehicleKind.MOTORCYCLE, "41KZN02"),
    ],
)
def test_a_plate_fits_holder_and_vehicle(almaty_stock, holder, vehicle, number):
    assert allocate(almaty_stock, holder, vehicle).number == number


def test_a_format_that_is_not_entered_blocks_the_allocation(almaty_police, plate_formats):
    PlateFormat.objects.filter(code="person_car_2012").update(regex="")
    with pytest.raises(DomainError) as refused:
        allocate(almaty_police)

    assert refused.value.code == "plates.format_not_set"


def test_stock_of_another_office_is_not_touched(almaty_stock, astana_police):
    with pytest.raises(DomainError) as refused:
        allocate(astana_police)

    assert refused.value.code == "plates.stock_empty"
    assert not Plate.objects.exclude(state=PlateState.IN_STOCK).exists()


@pytest.fixture
def plate(almaty_stock):
    return Plate.objects.get(number="417KZN02")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": "1234KZN02"}, "plate_fits_its_format"),
        ({"number": "500KZN05"}, "plate_number_carries_its_region"),
        ({"number": "500kzn02"}, "plate_fits_its_format"),
        ({"number": "500KZN01", "region_id": "01"}, "plate_in_its_regions_stock"),
        ({"number": "418KZN02"}, "plates_plate_number_key"),
        ({"number": "500KZN02", "state": "melted"}, "plate_state_known"),
    ],
)
def test_the_database_refuses_a_plate_that_cannot_be(plate, changes, constraint):
    values = {
        "format": plate.format,
        "region_id": "02",
        "office": plate.office,
        "receipt": plate.receipt,
        "state_changed_at": timezone.now(),
    }
    with refused_by(constraint):
        Plate.objects.create(**{**values, **changes})


def test_the_database_keeps_plates_in_their_regions_stock(plate, astana_police):
    with refused_by("plate_in_its_regions_stock"):
        Plate.objects.filter(pk=plate.pk).update(office=astana_police)


@pytest.mark.parametrize(
    ("before", "after"),
    [("in_stock", "surrendered"), ("assigned", "in_stock"), ("assigned", "destroyed"), ("assigned", "reserved")],
)
def test_the_database_refuses_an_illegal_move_of_a_plate(plate, before, after):
    if before == "assigned":
        Plate.objects.filter(pk=plate.pk).update(state=before)
    with guarded("plate_state_moves"):
        Plate.objects.filter(pk=plate.pk).update(state=after)


def test_a_plate_is_never_deleted_or_renumbered(plate):
    with guarded("plate_never_deleted"):
        plate.delete()
    with guarded("plate_number_is_fixed"):
        Plate.objects.filter(pk=plate.pk).update(number="500KZN02")
    with guarded("plate_receipt_append_only"):
        PlateReceipt.objects.filter(pk=plate.receipt_id).update(count=7)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"pieces": 3}, "plate_format_one_or_two_pieces"),
        ({"is_current": True}, "plate_format_one_current_per_holder_and_vehicle"),
        ({"holder_kind": "nobody"}, "plate_format_holder_known"),
        ({"vehicle_kind": "boat"}, "plate_format_vehicle_known"),
        ({"region_place": "top"}, "plate_format_region_place"),
    ],
)
def test_the_database_refuses_a_format_that_cannot_be(plate_formats, changes, constraint):
    with refused_by(constraint):
        PlateFormat.objects.filter(code="person_car_1993").update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"count": 0}, "plate_receipt_not_empty"),
        ({"reference": ""}, "plate_receipt_has_a_reference"),
        ({"reference": "417KZN02"}, "plate_receipt_entered_once"),
    ],
)
def test_the_database_refuses_a_receipt_that_cannot_be(plate, changes, constraint):
    values = {"first_number": "1", "last_number": "1", "count": 1, "reference": "N-9", "received_at": timezone.now()}
    with refused_by(constraint):
        PlateReceipt.objects.create(office=plate.office, format=plate.format, **{**values, **changes})
