"""Withdrawing a decision at the desk: read before it is asked, judged by a second person, told on the case."""

import html

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Revocation
from applications.states import State
from tests.fixtures_desk import make_case
from tests.fixtures_road import Road
from tests.test_revoking import WHY, ask, confirm

pytestmark = pytest.mark.django_db


def at(name, application):
    return reverse(f"desk:{name}", args=[application.number])


def text_of(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def signed_in(client, road):
    """A function: username → the client, signed in as that account of the demo office."""

    def sign_in(username):
        client.force_login(road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def test_a_supervisor_reads_what_is_taken_back_and_asks(road: Road, signed_in):
    application = road.issued()
    client = signed_in("supervisor")
    assert 'id="step-revoke"' in text_of(client.get(at("case", application)))
    page = text_of(client.get(at("revoke", application)))
    assert all(word in page for word in ("The registration of the vehicle is ended.", application.plate_number))
    client.post(at("revoke", application), {"version": application.version, "reason": WHY})

    assert Revocation.objects.get().reason == WHY
    assert "a second person must confirm it" in text_of(client.get(at("case", application)))


def test_without_a_reason_the_page_says_so_and_keeps_what_was_typed(road: Road, signed_in):
    application = road.issued()
    response = signed_in("supervisor").post(at("revoke", application), {"version": application.version, "reason": " "})

    assert (response.status_code, "Say why the decision is withdrawn" in text_of(response)) == (422, True)
    assert not Revocation.objects.exists()


def test_the_second_person_finds_it_in_the_list_and_confirms(road: Road, signed_in):
    application = road.issued()
    ask(road, application)
    client = signed_in("officer2")
    waiting = client.get(reverse("desk:revocations"))
    assert (application.number in text_of(waiting), waiting.context["lines"][0].is_mine_to_judge) == (True, True)
    page = client.get(at("revocation", application))
    client.post(at("revocation", application), {"version": page.context["application"].version, "step": "confirm"})

    assert road.fresh(application).state == State.REVOKED
    told = text_of(client.get(at("case", application)))
    assert all(word in told for word in ("The decision is withdrawn", "lies at the front desk", "is declared void"))


def test_the_top_bar_counts_what_waits_for_this_reader(road: Road, signed_in):
    """Neither who asked nor who decided is counted in."""
    ask(road, road.issued())
    counted = {}
    for who in ("officer2", "officer", "supervisor"):
        shown = signed_in(who).get(reverse("desk:queue")).context["navigation"]
        counted[who] = next(item["waiting"] for item in shown if item["name"] == "desk:revocations")

    assert counted == {"officer2": 1, "officer": 0, "supervisor": 0}


def test_leaving_the_decision_standing_needs_a_reason(road: Road, signed_in):
    application = road.issued()
    ask(road, application)
    client, address = signed_in("officer2"), at("revocation", application)
    assert client.post(address, {"step": "reject", "reason": ""}).status_code == 422
    client.post(address, {"step": "reject", "reason": "Данные верны."})

    assert road.fresh(application).state == State.ISSUED
    assert "rejected its withdrawal" in text_of(client.get(at("case", application)))


def test_the_decider_sees_that_somebody_else_judges(road: Road, signed_in):
    application = road.issued()
    ask(road, application)
    page = text_of(signed_in("officer").get(at("revocation", application)))

    assert "somebody else judges" in page
    assert 'value="confirm"' not in page
    assert signed_in("officer").post(at("revocation", application), {"step": "confirm"}).status_code == 403


@pytest.mark.parametrize("who", ["officer", "front_desk", "auditor"])
def test_only_supervisors_find_the_page_that_asks(road: Road, signed_in, who):
    application = road.issued()
    assert signed_in(who).get(at("revoke", application)).status_code == 403


def test_nothing_to_withdraw_leads_back_to_the_case(road: Road, signed_in):
    application = road.held()
    response = signed_in("supervisor").get(at("revoke", application))

    assert response.headers["Location"] == at("case", application)
    assert 'id="step-revoke"' not in text_of(signed_in("supervisor").get(at("case", application)))


def test_the_list_costs_the_same_for_one_and_for_many(road: Road, signed_in, django_assert_num_queries):
    first = road.issued()
    ask(road, first)
    client = signed_in("officer2")
    client.get(reverse("desk:revocations"))
    with django_assert_num_queries(4):
        client.get(reverse("desk:revocations"))
    for _turn in range(5):
        application = make_case(first.office, State.REFUSED, front_desk=first.front_desk)
        Revocation.objects.create(
            application=application, reason=WHY, asked_by=road.people["supervisor"], asked_at=timezone.now()
        )
    with django_assert_num_queries(4):
        client.get(reverse("desk:revocations"))


def test_the_case_page_stays_within_its_queries(road: Road, signed_in, django_assert_max_num_queries):
    application = road.issued()
    ask(road, application)
    confirm(road, application)
    client = signed_in("supervisor")
    client.get(at("case", application))
    with django_assert_max_num_queries(15):
        client.get(at("case", application))
