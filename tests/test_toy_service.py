"""The contract proven: a service that only the tests know walks the whole road at the desk's own pages."""

import html

import pytest
from django.conf import settings
from django.urls import reverse

from applications.journal import verify
from applications.models import Application, Paper
from applications.services import all_services
from applications.states import State
from tests.fixtures_registers import demo_person
from tests.fixtures_road import Road, scan, work
from tests.toy.models import ParkingPermit

pytestmark = pytest.mark.django_db


def at(name, application):
    return reverse(f"desk:{name}", args=[application.number])


def text_of(response):
    return html.unescape(response.content.decode())


class Pages:
    """The desk's pages as its people use them."""

    def __init__(self, client, road: Road) -> None:
        self.client, self.road = client, road

    def sign_in(self, username):
        self.client.force_login(self.road.people[username])
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def post(self, name, application, **data):
        version = self.road.fresh(application).version
        answer = self.client.post(at(name, application), {"version": version, **data})
        assert answer.status_code == 302, text_of(answer)[:3000]
        return self.road.fresh(application)

    def accepted(self, person="P-01", place="A-12") -> Application:
        """Through the five steps of intake; paid at the gateway, asked about over the wire."""
        self.sign_in("front_desk")
        typed = {"who": "applicant", "applicant_identifier": demo_person(person)["iin"]}
        token = self.client.post(reverse("desk:intake_look_up"), typed).context["token"]
        work()
        self.client.post(reverse("desk:intake_open"), {"subservice": "PP-1", "applicant": token})
        application = Application.objects.get(service="PP", state=State.DRAFT)
        self.post("intake_details", application, place=place)
        self.post("intake_attach", application, requirement="plan", upload=scan("plan"))
        self.road.pay(application)
        application = self.post("intake_review", application)
        work()
        return self.road.fresh(application)

    def taken(self, application, username="officer") -> None:
        self.sign_in(username)
        self.post("case_take", application)

    def issued(self, **choice) -> Application:
        application = self.accepted(**choice)
        self.taken(application)
        self.post("approve", application)
        work(papers=True)
        return self.road.fresh(application)


@pytest.fixture
def pages(client, road: Road, toy) -> Pages:
    return Pages(client, road)


def test_from_intake_to_hand_over(pages: Pages):
    """Intake, checks over the wire, decision, issue, papers, hand-over: not one page knows of parking."""
    application = pages.accepted()
    assert application.state == State.REVIEW
    assert set(application.checks.values_list("code", "outcome")) == {("identity", "clear"), ("fines", "clear")}
    pages.taken(application)
    shown = text_of(pages.client.get(at("approve", application)))
    assert "The place is given to the applicant." in shown
    pages.post("approve", application)
    work(papers=True)
    pages.sign_in("front_desk")
    assert ParkingPermit.objects.get().number in text_of(pages.client.get(at("hand_over", application)))
    application = pages.post("hand_over", application)

    assert (application.state, application.handed_over_at is None) == (State.ISSUED, False)
    assert {"receipt", "parking_permit", "handover_sheet"} == set(Paper.objects.values_list("kind", flat=True))
    assert verify() is None


def test_a_fine_refuses_with_a_letter_that_is_handed_over(pages: Pages):
    """The ground is the toy's own; the letter, its preview and its hand-over are everybody's."""
    application = pages.accepted(person="P-14")
    pages.taken(application)
    page = pages.client.get(at("refuse", application))
    assert [choice.ground.row for choice in page.context["choices"] if choice.is_chosen] == ["PP.9.2"]
    application = pages.post("refuse", application, step="confirm", ground="PP.9.2")
    work(papers=True)
    pages.sign_in("front_desk")
    application = pages.post("hand_over", application)

    assert (application.state, Paper.objects.get(kind="refusal_letter").state) == (State.REFUSED, "ready")
    assert not ParkingPermit.objects.exists()


def test_the_withdrawal_ends_the_permit_and_voids_the_papers(pages: Pages):
    application = pages.issued()
    pages.sign_in("supervisor")
    pages.post("revoke", application, reason="Место частное.")
    pages.sign_in("officer2")
    assert "is ended." in text_of(pages.client.get(at("revocation", application)))
    application = pages.post("revocation", application, step="confirm")

    assert (application.state, ParkingPermit.objects.get().ended_at is None) == (State.REVOKED, False)
    assert set(application.papers.values_list("standing", flat=True)) == {"revoked"}


def test_what_is_missing_is_said_in_the_words_of_the_service(pages: Pages):
    pages.sign_in("front_desk")
    typed = {"who": "applicant", "applicant_identifier": demo_person("P-01")["iin"]}
    token = pages.client.post(reverse("desk:intake_look_up"), typed).context["token"]
    work()
    pages.client.post(reverse("desk:intake_open"), {"subservice": "PP-1", "applicant": token})
    application = Application.objects.get()
    page = pages.client.post(at("intake_review", application))

    assert page.status_code == 422
    assert {"place", "plan"} <= set(page.context["problems"])


def test_a_place_that_is_taken_is_refused_by_the_toys_own_books(pages: Pages, road: Road):
    """`before_approval` bars the approval, `grounds_found` offers the ground."""
    first = pages.issued()
    second = pages.accepted(person="P-02", place="A-13")
    ParkingPermit.objects.filter(application=first).update(place="A-13")
    pages.taken(second)
    page = pages.client.get(at("refuse", second))

    assert "PP.9.3" in {choice.ground.row for choice in page.context["choices"] if choice.findings}
    assert pages.client.post(at("approve", second), {"version": road.fresh(second).version}).status_code == 409


def test_it_is_offered_only_while_it_is_plugged_in(client, road: Road):
    """Without the fixture nothing shows it: not intake, not the public pages."""
    assert "PP" not in {service.code for service in all_services()}
    client.force_login(road.people["front_desk"])
    assert "PP-1" not in text_of(client.get(reverse("desk:intake_start")))
    assert "Parking" not in text_of(client.get("/services/", secure=True))


def test_the_public_page_shows_its_law(client, toy, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text_of(client.get("/services/pp/", secure=True))

    assert all(row in page for row in ("PP.3", "PP.6", "PP.8.2", "PP.9.2"))
