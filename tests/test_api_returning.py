"""What a portal with pages of its own needs besides: the way back from the payment page, the offices, whole forms."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import Application
from tests.fixtures_api import opened
from tests.fixtures_registers import demo_person
from tests.fixtures_road import work
from tests.test_api_walk import sale

pytestmark = pytest.mark.django_db

PAGE = "https://my.portal.example/cases/17/"


@pytest.fixture
def with_pages(portal, egov):
    egov.return_hosts = ["my.portal.example"]
    egov.save()
    return portal


def test_the_payment_page_leads_back_to_who_filed(road, with_pages):
    registered = road.registered()
    number = opened(with_pages, demo_person("P-02")["iin"], return_to=PAGE).json()["number"]
    case = f"applications/{number}"
    with_pages.put(f"{case}/details", sale(road, registered), match=with_pages.get(case)["ETag"])
    work()
    pay_url = with_pages.post(f"{case}/payment").json()["pay_url"]
    assert f'href="{PAGE}"' in road.simulator.http.get(pay_url).text


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/",
        "https://my.portal.example:8443/",
        "http://my.portal.example/",
        "https://my.portal.example@elsewhere.example/",
        "https://user@my.portal.example/",
        "https://my.portal.example/#part",
        "https://my.portal.example/\u0430",
        "javascript:alert(1)",
        "https://my.portal.example:port/",
    ],
)
def test_nobody_is_sent_elsewhere(with_pages, url):
    refused = opened(with_pages, demo_person("P-02")["iin"], return_to=url)
    assert refused.status_code == 422
    assert [line["field"] for line in refused.json()["errors"]] == ["return_to"]
    assert not Application.objects.exists()


def test_a_system_without_pages_returns_to_none(portal):
    assert opened(portal, demo_person("P-02")["iin"], return_to=PAGE).status_code == 422


def test_the_database_lets_only_a_filed_case_return_elsewhere(road):
    application = road.registered()
    with pytest.raises(IntegrityError, match="application_returns_to_who_filed_it"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(return_to=PAGE)


def test_the_offices_are_listed(portal):
    told = portal.get("offices").json()["offices"]
    almaty = next(item for item in told if item["code"] == "0201")
    assert set(almaty) == {"code", "name", "region", "address"}
    assert opened(portal, demo_person("P-02")["iin"], office=told[-1]["code"]).status_code == 201


def test_the_details_that_are_read_can_be_sent_back(road, portal):
    """The act of VR-2 among them, which decides what else is asked."""
    registered = road.registered()
    case = f"applications/{opened(portal, demo_person('P-02')['iin']).json()['number']}"
    leaving = {"act": "deregistration", "found_by": registered.plate_number, "sold_on": str(timezone.localdate())}
    leaving["seller_identifier"] = registered.applicant.identifier
    assert portal.put(f"{case}/details", leaving, match=portal.get(case)["ETag"]).status_code == 200
    told = portal.get(f"{case}/details").json()
    assert told["details"]["act"] == "deregistration"
    assert told["fields_known"][0]["label"]
    again = portal.put(f"{case}/details", told["details"], match=portal.get(case)["ETag"])
    assert again.json()["details"] == told["details"]


def test_a_form_can_be_made_of_the_fields(road, portal):
    """PD.8.2: the applicant's own plates are offered; a number is named as one."""
    registered = road.registered()
    number = opened(portal, registered.applicant.identifier, "PD").json()["number"]
    known = {item["name"]: item for item in portal.get(f"applications/{number}/details").json()["fields_known"]}
    assert registered.plate_number in {choice["value"] for choice in known["plate"]["choices"]}
    assert (known["plate_count"]["type"], known["reason"]["type"]) == ("integer", "string")
    assert known["plate_count"]["hint"]


@pytest.mark.parametrize(
    ("act", "asked"), [("exchange", set()), ("loss", {"loss_declared"}), ("foreign", {"foreign_number", "since_B"})]
)
def test_a_form_asks_for_what_the_chosen_act_needs(portal, act, asked):
    """DL-1 is four acts; fields of the others would be typed for nothing."""
    case = f"applications/{opened(portal, demo_person('P-32')['iin'], 'DL-1').json()['number']}"

    def fields():
        known = {item["name"] for item in portal.get(f"{case}/details").json()["fields_known"]}
        return known & {"loss_declared", "foreign_number", "since_B"}

    assert fields() == set()
    chosen = portal.put(f"{case}/details", {"act": act}, match=portal.get(case)["ETag"])
    assert chosen.status_code == 200, chosen.content
    assert fields() == asked
