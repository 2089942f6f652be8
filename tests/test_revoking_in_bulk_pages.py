"""Bulk reversals at the desk: chosen, read, asked for, confirmed, followed, reported."""

import html
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import RevocationBatch
from tests.fixtures_revoking import WHY, asked, choose, confirm, listed
from tests.fixtures_road import Road, work

pytestmark = pytest.mark.django_db
MOMENT = "%Y-%m-%dT%H:%M"


def text_of(response):
    return html.unescape(response.content.decode())


def page_of(batch):
    return reverse("desk:batch", args=[batch.pk])


def step_of(batch):
    return reverse("desk:batch_step", args=[batch.pk])


def window():
    now = timezone.now()
    return {"answered_from": now - timedelta(hours=1), "answered_until": now + timedelta(hours=1)}


@pytest.fixture
def signed_in(client, road):
    """A function: username → the client, signed in as that account of the demo office."""

    def sign_in(username):
        client.force_login(road.people[username])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def test_from_the_choice_to_the_report(road: Road, issued, signed_in):
    """A supervisor chooses and asks, an officer confirms, workers do it, the report tells."""
    first, _second = issued(2)
    client = signed_in("supervisor")
    local = {name: timezone.localtime(at).strftime(MOMENT) for name, at in window().items()}
    client.post(reverse("desk:batch_new"), {"reason": WHY, "register": "fines", **local})
    batch = RevocationBatch.objects.get()
    work()
    assert "2 of 2 looked at" in text_of(client.get(page_of(batch)))
    client.post(step_of(batch), {"step": "ask"})
    client = signed_in("officer2")
    assert "Withdraw 2 decisions" in text_of(client.get(page_of(batch)))
    client.post(step_of(batch), {"step": "confirm"})
    work()

    assert "2 of 2 done" in text_of(client.get(page_of(batch)))
    report = b"".join(client.get(reverse("desk:batch_report", args=[batch.pk])).streaming_content).decode("utf-8-sig")
    assert f"{first.number};decision withdrawn;" in report


def test_what_is_missing_stands_beside_its_field(road: Road, signed_in):
    response = signed_in("supervisor").post(reverse("desk:batch_new"), {"reason": ""})

    assert response.status_code == 422
    assert "Say why the decisions are withdrawn." in text_of(response)
    response = signed_in("supervisor").post(reverse("desk:batch_new"), {"reason": WHY})
    assert {"register", "answered_from"} <= set(response.context["form"].errors)


def test_bad_lines_of_a_list_are_shown_with_why(road: Road, issued, signed_in):
    (application,) = issued(1)
    client = signed_in("supervisor")
    upload = listed(application.number, "12345")
    client.post(reverse("desk:batch_new"), {"reason": WHY, "numbers": upload})
    shown = text_of(client.get(page_of(RevocationBatch.objects.get())))

    assert "12345" in shown
    assert "This is no application number" in shown


def test_an_open_page_follows_the_workers_and_then_rests(road: Road, issued, signed_in):
    issued(1)
    batch = asked(road, register="fines", **window())
    confirm(road, batch)
    client = signed_in("supervisor")
    assert "hx-trigger" in text_of(client.get(reverse("desk:batch_refreshed", args=[batch.pk])))
    work()

    assert "hx-trigger" not in text_of(client.get(reverse("desk:batch_refreshed", args=[batch.pk])))


def test_a_stop_without_a_reason_says_so(road: Road, issued, signed_in):
    issued(1)
    batch = asked(road, register="fines", **window())
    client = signed_in("officer2")
    response = client.post(step_of(batch), {"step": "stop", "reason": ""})
    assert (response.status_code, "Say why it is stopped." in text_of(response)) == (422, True)
    client.post(step_of(batch), {"step": "stop", "reason": "Данные верны."})

    assert RevocationBatch.objects.get().state == "stopped"


def test_it_waits_in_the_top_bar_of_the_second_person(road: Road, issued, signed_in):
    issued(1)
    asked(road, register="fines", **window())
    counted = {}
    for who in ("officer2", "supervisor"):
        shown = signed_in(who).get(reverse("desk:batches")).context["navigation"]
        counted[who] = next(item["waiting"] for item in shown if item["name"] == "desk:revocations")

    assert counted == {"officer2": 1, "supervisor": 0}


@pytest.mark.parametrize(
    ("who", "status"), [("front_desk", 403), ("auditor", 403), ("officer_astana", 404), ("officer", 200)]
)
def test_only_the_region_sees_it(road: Road, issued, signed_in, who, status):
    issued(1)
    batch = choose(road, register="fines", **window())

    assert signed_in(who).get(page_of(batch)).status_code == status
    assert signed_in(who).get(reverse("desk:batch_report", args=[batch.pk])).status_code == status


def test_only_a_supervisor_chooses(road: Road, signed_in):
    assert signed_in("officer").get(reverse("desk:batch_new")).status_code == 403


def test_the_page_costs_the_same_for_one_row_and_for_many(road: Road, issued, signed_in, django_assert_num_queries):
    issued(1)
    one = choose(road, register="fines", **window())
    issued(4, first=2)
    five = choose(road, register="fines", **window())
    client = signed_in("officer2")
    client.get(page_of(one))
    for batch in (one, five):
        with django_assert_num_queries(6):
            client.get(page_of(batch))
