"""Search in the register: a vehicle is found by its numbers or its owner, without any application, in its region."""

import pytest

from applications.models import JournalEntry
from offices.models import Staff
from tests.fixtures_legacy import (
    COMPANY,
    GOOD,
    OTHER_VIN,
    OWNER,
    PLATE,
    SRTS,
    VIN,
    certificate,
    ownership,
    registration,
    vehicle,
)


@pytest.fixture
def on_record(registry):
    """The good car, registered in Almaty."""
    registry.write(**GOOD)
    registry.load()
    return registry


@pytest.fixture
def found_by(client):
    """A function: who searches for what → the vehicles found."""

    def search(username, typed):
        client.force_login(Staff.objects.get(username=username))
        return client.post("/search/", {"q": typed}, follow=True).context["vehicles"]

    return search


@pytest.mark.parametrize("typed", [VIN, PLATE, "052 alm 02", SRTS, "ае 20600001", OWNER, f"{OWNER[:6]} {OWNER[6:]}"])
def test_a_vehicle_is_found_by_each_of_its_numbers_and_by_its_owner(on_record, found_by, typed):
    (row,) = found_by("officer", typed)
    assert (row.identity, row.plate, row.owner) == (VIN, PLATE, "Ахметов Е.")
    assert OWNER not in row.owner_identifier


def test_a_vehicle_without_a_vin_is_found_by_its_chassis_number(registry, found_by):
    trailer = vehicle("", chassis_number="KZ817004512", category="O1", fuel="none")
    files = {"vehicles": [trailer], "ownerships": [ownership("KZ817004512")], "certificates": []}
    registry.write(**{**GOOD, **files, "registrations": [registration("KZ817004512", "63TRB02")]})
    registry.load()
    assert [row.plate for row in found_by("officer", "kz-817-004512")] == ["63TRB02"]


def test_an_organisation_finds_all_its_vehicles(registry, found_by):
    company = {"bin": COMPANY, "name": "ТОО «Дала Авто»"}
    registry.write(
        organisations=[company],
        vehicles=[vehicle(), vehicle(OTHER_VIN)],
        ownerships=[ownership(owner=COMPANY), ownership(OTHER_VIN, COMPANY)],
        registrations=[registration(), registration(OTHER_VIN, "053ALM02")],
    )
    registry.load()
    assert {row.identity for row in found_by("officer", COMPANY)} == {VIN, OTHER_VIN}


@pytest.mark.parametrize("typed", [VIN, PLATE, SRTS, OWNER])
def test_another_region_finds_nothing_and_is_not_told_that_it_exists(on_record, found_by, client, typed):
    assert found_by("officer_astana", typed) == []
    assert VIN not in client.get("/search/").content.decode().replace(f'<b class="code">{VIN}</b>', "")


def test_the_region_is_that_of_the_last_registration(registry, found_by):
    ended, moved = registration(ended_on="2022-03-01"), registration(registered_on="2022-03-01", office="0101")
    registry.write(**{**GOOD, "registrations": [ended, moved], "certificates": []})
    registry.load()
    assert found_by("officer", VIN) == []
    assert len(found_by("officer_astana", VIN)) == 1


def test_a_vehicle_off_the_record_is_found_without_a_plate(registry, found_by):
    over = {"registrations": [registration(ended_on="2022-03-01")], "certificates": [certificate(state="ended")]}
    registry.write(**{**GOOD, **over, "ownerships": [ownership(until="2022-03-01")]})
    registry.load()
    (row,) = found_by("officer", PLATE)
    assert (row.plate, row.owner) == ("", "")


def test_the_line_leads_to_the_page_of_the_vehicle(on_record, found_by, client):
    (row,) = found_by("front_desk", PLATE)
    page = client.get(row.address)
    assert page.status_code == 200
    assert SRTS in page.content.decode()


def test_what_was_found_is_journaled_with_the_owner_masked(on_record, found_by):
    found_by("officer", OWNER)
    entry = JournalEntry.objects.get(action="searched")
    assert entry.changes["found"] == [VIN]
    assert OWNER not in str(entry.changes)


@pytest.mark.parametrize("count", [1, 20])
def test_a_search_costs_the_same_for_one_vehicle_and_for_many(registry, client, django_assert_num_queries, count):
    company = {"bin": COMPANY, "name": "ТОО «Дала Авто»"}
    numbers = [f"XTA21907{place:09d}" for place in range(count)]
    registry.write(
        organisations=[company],
        vehicles=[vehicle(vin) for vin in numbers],
        ownerships=[ownership(vin, COMPANY) for vin in numbers],
        registrations=[registration(vin, f"{123 + place:03d}AB02") for place, vin in enumerate(numbers)],
    )
    registry.load()
    client.force_login(Staff.objects.get(username="officer"))
    client.post("/search/", {"q": COMPANY})
    client.get("/queue/?show=mine")
    with django_assert_num_queries(12):
        assert len(client.get("/search/").context["vehicles"]) == count
