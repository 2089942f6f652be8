"""Deciding at the desk: said back before it is done, read before it is sent, and nothing typed is ever lost."""

import html
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Check
from applications.states import State
from tests.fixtures_road import INSPECTED, work


def at(name, application):
    return reverse(f"desk:{name}", args=[application.number])


def text_of(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def signed_in(client, road):
    """A function: username → the client, signed in as that account of the demo office."""

    def sign_in(username="officer"):
        client.force_login(road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def test_the_approval_is_said_back_and_done_once(road, signed_in):
    """VR.5a: plate, person, vehicle and effect stand on the confirmation."""
    application = road.held()
    client = signed_in()
    page = text_of(client.get(at("approve", application)))
    assert all(word in page for word in (application.applicant.full_name, application.headline, "next plate"))
    client.post(at("approve", application), {"version": application.version})
    assert road.fresh(application).state == State.APPROVED
    assert client.post(at("approve", application), {"version": application.version}).status_code == 409


def test_of_two_officers_the_second_is_told_who_was_first(road, signed_in):
    application = road.held()
    old = application.version
    signed_in("officer2").post(at("take_over", application), {"version": old, "reason": "Urgent"})
    response = signed_in("officer").post(at("approve", application), {"version": old})
    assert response.status_code == 409
    assert "Д. Касымова changed the application" in text_of(response)
    assert road.fresh(application).state == State.REVIEW


def test_old_answers_are_asked_again_and_the_page_stays(road, signed_in):
    """A stale answer never approves: idea 4 of the house."""
    application = road.held()
    Check.objects.filter(application=application, code="fines").update(
        valid_until=timezone.now() - timedelta(minutes=1)
    )
    client = signed_in()
    response = client.post(at("approve", application), {"version": application.version})
    assert (response.status_code, "asked again" in text_of(response)) == (409, True)
    work()
    page = client.get(at("approve", application))
    client.post(at("approve", application), {"version": page.context["application"].version})
    assert road.fresh(application).state == State.APPROVED


def test_an_obstacle_shuts_the_approval_and_says_which(road, signed_in):
    """VR.9.4"""
    application = road.held("P-14")
    client = signed_in()
    page = client.get(at("case", application))
    assert page.context["steps"].barred == "Road-safety fines"
    assert client.post(at("approve", application), {"version": application.version}).status_code == 409
    assert road.fresh(application).state == State.REVIEW


def test_the_approval_opened_by_its_address_says_what_bars_it_and_offers_no_button(road, signed_in):
    """VR.9.4: also what an open page renews itself with, in case the obstacle comes or goes meanwhile."""
    barred, free = road.held("P-14"), road.held("P-01", "V-02")
    client = signed_in()
    for name in ("approve", "case_refreshed"):
        page = text_of(client.get(at(name, barred)))
        assert page.count("Not to be approved: Road-safety fines") == 2
        assert "Approve and issue" not in page
        page = text_of(client.get(at(name, free)))
        assert "Not to be approved" not in page
        assert "Approve and issue" in page


def test_who_does_not_hold_the_case_gets_no_decision_page(road, signed_in):
    application = road.held()
    client = signed_in("officer2")
    assert client.get(at("approve", application)).status_code == 302
    assert client.get(at("refuse", application)).status_code == 302
    assert client.post(at("approve", application), {"version": application.version}).status_code == 403


def test_proven_grounds_are_chosen_and_unprovable_ones_are_shut(road, signed_in):
    """VR.9.4 is proven by the fines register; VR.9.5 is not; VR.9.1 and VR.9.2 are the officer's own judgement."""
    page = signed_in().get(at("refuse", road.held("P-14")))
    choices = {choice.ground.row: choice for choice in page.context["choices"]}
    assert [row for row, choice in choices.items() if choice.is_chosen] == ["VR.9.4"]
    assert not choices["VR.9.5"].is_open
    assert choices["VR.9.1"].has_remarks
    assert "108" in choices["VR.9.4"].findings[0]


def test_the_letter_is_read_in_both_languages_before_it_is_sent(road, signed_in):
    """VR.5c, VR.9.4: what is previewed is what the refusal keeps."""
    application = road.held("P-14")
    client = signed_in()
    data = {"ground": ["VR.9.4"], "version": application.version}
    page = client.post(at("refuse", application), {**data, "step": "preview"})
    letter = page.context["letter"]
    assert road.fresh(application).state == State.REVIEW
    assert all(letter[language]["grounds"][0]["text"] in text_of(page) for language in ("ru", "kk"))
    client.post(at("refuse", application), {**data, "step": "confirm"})
    reason = road.fresh(application).refusal.reasons.get()
    assert (reason.row, reason.text_kk) == ("VR.9.4", letter["kk"]["grounds"][0]["text"])


def test_a_remark_in_one_language_is_sent_back_with_what_was_typed(road, signed_in):
    """VR.9.1: the letter has two languages."""
    application = road.held()
    data = {"ground": ["VR.9.1"], "remark_ru:VR.9.1": "Страница 2 не читается", "step": "preview"}
    page = signed_in().post(at("refuse", application), {**data, "version": application.version})
    choice = next(item for item in page.context["choices"] if item.ground.row == "VR.9.1")
    assert page.status_code == 422
    assert (choice.remark_ru, choice.is_chosen, bool(choice.error_kk)) == ("Страница 2 не читается", True, True)
    bare = {"ground": ["VR.9.1"], "step": "preview", "version": application.version}
    nothing = signed_in().post(at("refuse", application), bare)
    assert len(set(map(str, nothing.context["error"].fields.values()))) == 2


@pytest.mark.parametrize("grounds", [["VR.9.5"], [], ["VR.9.99"]], ids=["unproven VR.9.5", "none", "unknown"])
def test_what_cannot_stand_as_a_ground_is_refused(road, signed_in, grounds):
    application = road.held()
    data = {"ground": grounds, "step": "confirm", "version": application.version}
    assert signed_in().post(at("refuse", application), data).status_code == 422
    assert road.fresh(application).state == State.REVIEW


def test_the_inspection_is_entered_from_the_case(road, signed_in):
    """VR.8.1j: the act lifts the obstacle."""
    application = road.in_review()
    client = signed_in()
    assert client.get(at("inspection", application)).context["form"]["was_shown"].value() == "yes"
    client.post(at("inspection", application), {**INSPECTED, "version": application.version})
    assert road.fresh(application).inspection_act.is_passed
    assert "VR.8.1j" not in {card.row for card in client.get(at("case", application)).context["verdict"].obstacles}


def test_an_incomplete_inspection_keeps_what_was_typed(road, signed_in):
    """VR.9.9: what is wrong must be described."""
    application = road.in_review()
    data = {**INSPECTED, "vin_matches": "no", "remarks_kk": "Нөмірі өзгертілген", "version": application.version}
    page = signed_in().post(at("inspection", application), data)
    assert page.status_code == 422
    assert "Нөмірі өзгертілген" in text_of(page)
    assert page.context["form"].errors.keys() == {"remarks"}


def test_a_failed_inspection_proposes_its_ground(road, signed_in):
    """VR.9.9: the marking is forged."""
    application = road.held()
    road.inspect(application, marking="forged", remarks="Маркировка перебита", remarks_kk="Таңба өзгертілген")
    page = signed_in().get(at("refuse", application))
    assert [choice.ground.row for choice in page.context["choices"] if choice.is_chosen] == ["VR.9.9"]
