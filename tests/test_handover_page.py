"""The hand-over at the front desk, and the vehicle as the register keeps it."""

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import JournalEntry
from refusals.refusing import Chosen, refuse
from tests.fixtures_road import work

MOST_QUERIES = 15


def at(name, application):
    return reverse(f"desk:{name}", args=[application.number])


def text_of(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def signed_in(client, road):
    """A function: username → the client, signed in as that account of the demo office."""

    def sign_in(username="front_desk"):
        client.force_login(road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def test_results_wait_in_a_list_until_they_are_handed_over(road, signed_in):
    """VR.5a: plates and SRTS go into the applicant's hands once."""
    application = road.issued()
    client = signed_in()
    assert [row.number for row in client.get(reverse("desk:handover_list")).context["results"]] == [application.number]
    client.post(at("hand_over", application), {"version": application.version})
    assert road.fresh(application).handed_over_by == road.people["front_desk"]
    assert not client.get(reverse("desk:handover_list")).context["results"]
    assert client.post(at("hand_over", application), {"version": road.fresh(application).version}).status_code == 409


def test_the_page_names_plate_certificate_receiver_and_papers(road, signed_in):
    application = road.issued()
    work(papers=True)
    page = signed_in().get(at("hand_over", application))
    said = text_of(page)
    certificate = page.context["results"][1].number
    assert all(word in said for word in (application.plate_number, certificate, application.applicant.full_name))
    assert {item.paper.kind for item in page.context["given"]} == {"handover_sheet", "registration_certificate"}
    assert page.context["is_printed"]


def test_a_refusal_is_handed_over_too(road, signed_in):
    """VR.5c"""
    application = road.held("P-14")
    refuse(actor=road.officer, number=application.number, version=None, chosen=[Chosen("VR.9.4")], now=timezone.now())
    client = signed_in()
    page = client.get(at("hand_over", application))
    assert [item.paper.kind for item in page.context["given"]] == ["refusal_letter"]
    client.post(at("hand_over", application), {"version": page.context["application"].version})
    assert road.fresh(application).handed_over_at is not None


def test_nothing_is_handed_over_before_there_is_a_result(road, signed_in):
    application = road.held()
    assert signed_in().get(at("hand_over", application)).status_code == 409
    assert signed_in("officer").get(at("hand_over", application)).status_code == 403
    assert signed_in("front_desk_astana").get(at("hand_over", application)).status_code == 404


def test_the_vehicle_page_shows_plate_owner_and_certificate(road, signed_in, django_assert_max_num_queries):
    application = road.issued()
    vehicle = application.registration.vehicle
    client = signed_in("officer")
    client.get(reverse("desk:session"))  # the first request of a session writes when it began
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("desk:vehicle", args=[vehicle.pk]))
    assert all(word in text_of(page) for word in (vehicle.vin, application.applicant.full_name, application.number))
    assert page.context["plate"].plate.number == application.plate_number
    assert JournalEntry.objects.filter(chain=f"vehicle:{vehicle.pk}", action="viewed").count() == 1


@pytest.mark.parametrize(
    ("username", "status"),
    [("front_desk", 200), ("supervisor", 200), ("officer_astana", 404), ("contact_centre", 403), ("auditor", 403)],
)
def test_the_vehicle_page_is_for_its_region(road, signed_in, username, status):
    vehicle = road.issued().registration.vehicle_id
    assert signed_in(username).get(reverse("desk:vehicle", args=[vehicle])).status_code == status
    assert signed_in(username).get(reverse("desk:vehicle", args=[vehicle + 1000])).status_code in {403, 404}
