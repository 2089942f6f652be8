"""What a call costs the database: a list of many as much as a list of one, reading and submitting what it does now."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from tests.fixtures_api import opened
from tests.fixtures_registers import demo_person, demo_vehicle
from tests.fixtures_road import scan, work
from tests.test_api_walk import sale
from tests.test_query_counts import BRACKETS

pytestmark = pytest.mark.django_db

# Token, client and system; the rows.
LISTED = 2
OF_DRAFTS = 1
READ = 2
SUBMITTED = 20
# A first registration, and a sale of a car on record: found, its owner, plates and SRTS read, two charges made.
FILLED_IN = 20
FILLED_IN_SALE = 30


def statements(call) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = call()
    assert answer.status_code == 200, answer.content
    return len([query for query in asked.captured_queries if not query["sql"].startswith(BRACKETS)])


def test_a_list_of_drafts_that_choose_their_plates_costs_what_any_list_of_drafts_does(road, portal):
    """`chooses_plates` looks at the vehicle of each draft: one query for all of them."""
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    case = f"applications/{number}"
    wanted = {**sale(road, road.registered()), "plates_kept": "no"}
    portal.put(f"{case}/details", wanted, match=portal.get(case)["ETag"])
    opened(portal, demo_person("P-05")["iin"], "VR-1")
    work()
    assert statements(lambda: portal.get("applications")) == LISTED + OF_DRAFTS
    listed = portal.get("applications").json()["results"]
    assert [item["chooses_plates"] for item in listed] == [False, True]


def test_a_list_of_many_costs_what_a_list_of_one_does(portal):
    for person, subservice in (("P-02", "VR-2"), ("P-01", "VR-1"), ("P-02", "PD"), ("P-05", "VR-2"), ("P-06", "PD")):
        made = opened(portal, demo_person(person)["iin"], subservice)
        assert made.status_code == 201, made.content
        count = Application.objects.filter(filed_by__code="egov").count()
        if count in {1, 5}:
            assert statements(lambda: portal.get("applications")) == LISTED + OF_DRAFTS, count
    assert len(portal.get("applications").json()["results"]) == 5
    assert statements(lambda: portal.post("applications/search", {"vin": "X"}, key=None)) == LISTED


def test_reading_costs_a_token_and_a_row(portal):
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    assert statements(lambda: portal.get(f"applications/{number}")) == READ


def test_filling_the_details_in_costs_what_it_does_now(road, portal):
    """The draft is locked once; the index of the day and the exemptions are read once."""
    made = opened(portal, demo_person("P-01")["iin"], "VR-1")
    details = {"vin": demo_vehicle("V-01")["vin"], "ownership_proof": "notarised"}
    address = f"applications/{made.json()['number']}/details"
    assert statements(lambda: portal.put(address, details, match=made["ETag"])) == FILLED_IN
    wanted = sale(road, road.registered())
    sold = opened(portal, demo_person("P-02")["iin"])
    address = f"applications/{sold.json()['number']}/details"
    assert statements(lambda: portal.put(address, wanted, match=sold["ETag"])) == FILLED_IN_SALE


def test_submitting_costs_what_it_does_now(road, portal):
    registered = road.registered()
    number = opened(portal, demo_person("P-02")["iin"]).json()["number"]
    case = f"applications/{number}"
    portal.put(f"{case}/details", sale(road, registered), match=portal.get(case)["ETag"])
    work()
    portal.attach(number, "ownership_proof", scan("contract"))
    road.pay(Application.objects.get(number=number))
    match = portal.get(case)["ETag"]
    assert statements(lambda: portal.post(f"{case}/submit", match=match)) == SUBMITTED
