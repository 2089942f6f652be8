"""The administrator's endpoints and secrets, and the dead letters of supervisors and administrators."""

from __future__ import annotations

import pytest
from celery import current_app
from django.utils import timezone

from applications.models import JournalEntry
from offices.models import Role
from tests.fixtures_desk import make_case
from tests.fixtures_offices import make_staff
from tests.fixtures_webhooks import listen_at
from webhooks.models import Delivery, DeliveryState, Endpoint, Event, EventKind
from webhooks.sealing import unseal

pytestmark = pytest.mark.django_db
KINDS = [EventKind.STATE_CHANGED.value]


@pytest.fixture(autouse=True)
def quiet(monkeypatch, settings):
    monkeypatch.setattr(current_app, "send_task", lambda *_args, **_options: None)
    settings.WEBHOOK_HOSTS = ["hooks.example.kz"]


@pytest.fixture
def chief(client):
    client.force_login(make_staff("chief", Role.ADMINISTRATOR))
    return client


def dead_letter(office, system, url="https://hooks.example.kz/"):
    now = timezone.now()
    application = make_case(office, filed_by=system)
    event = Event.objects.create(system=system, application=application, kind=KINDS[0], at=now, position=None)
    endpoint = Endpoint.objects.filter(url=url).first() or listen_at(system, url)
    return Delivery.objects.create(
        event=event,
        endpoint=endpoint,
        application=application,
        state=DeliveryState.DEAD,
        created_at=now,
        next_attempt_at=now,
        expires_at=now,
        settled_at=now,
        attempts=24,
        outcome="rejected",
        status=500,
        answer="<script>no</script>",
    )


def test_a_new_endpoint_shows_its_secret_once(chief, egov):
    url = "https://hooks.example.kz/portal"
    page = chief.post("/administration/webhooks/new/egov/", {"url": url, "kinds": KINDS, "is_active": "on"})
    endpoint = Endpoint.objects.get()
    secret = unseal(endpoint.secret)
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert secret not in chief.get(f"/administration/webhooks/{endpoint.pk}/").content.decode()
    assert secret not in str(JournalEntry.objects.get(action="endpoint_entered").changes)


@pytest.mark.parametrize("url", ["https://evil.example/", "http://hooks.example.kz/", "https://127.0.0.1/"])
def test_an_address_off_the_list_is_refused_beside_its_field(chief, egov, url):
    page = chief.post("/administration/webhooks/new/egov/", {"url": url, "kinds": KINDS})
    assert page.status_code == 422
    assert page.context["form"].errors["url"]
    assert not Endpoint.objects.exists()


def test_a_rotation_keeps_the_old_secret_until_it_is_ended(chief, egov):
    endpoint = listen_at(egov, "https://hooks.example.kz/")
    old = endpoint.secret
    place = f"/administration/webhooks/{endpoint.pk}"
    assert chief.post(f"{place}/secret/").status_code == 200
    endpoint.refresh_from_db()
    assert endpoint.previous_secret == old
    assert chief.post(f"{place}/secret/").status_code == 409
    asked = chief.get(f"{place}/old-secret/")
    endpoint.refresh_from_db()
    assert asked.status_code == 200
    assert endpoint.previous_secret == old
    chief.post(f"{place}/old-secret/", {"confirm": "1"})
    endpoint.refresh_from_db()
    assert (endpoint.previous_secret, endpoint.previous_until) == ("", None)


def test_a_test_event_goes_to_the_endpoint_and_not_among_the_polled(chief, egov):
    endpoint = listen_at(egov, "https://hooks.example.kz/")
    chief.post(f"/administration/webhooks/{endpoint.pk}/test/")
    assert Delivery.objects.get().event.kind == EventKind.TEST
    assert not Event.objects.after(egov, 0).exists()


def test_dead_letters_are_seen_and_sent_anew(chief, egov, almaty_police):
    dead = dead_letter(almaty_police, egov)
    page = chief.get("/undelivered/").content.decode()
    assert dead.application.number in page
    assert "<script>no" not in page
    chief.post("/undelivered/", {"delivery": [dead.pk, 0, "x", "²", "9" * 5000]})
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (DeliveryState.WAITING, 0)
    assert JournalEntry.objects.filter(action="dead_letters_replayed").count() == 1


def test_nothing_chosen_is_said_on_the_page(chief, egov, almaty_police):
    dead = dead_letter(almaty_police, egov)
    page = chief.post("/undelivered/", {}, follow=True)
    assert page.status_code == 200
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DEAD


def test_a_supervisor_sees_those_of_their_own_cases(client, egov, almaty_police, astana_police, supervisor):
    own, foreign = dead_letter(almaty_police, egov), dead_letter(astana_police, egov)
    client.force_login(supervisor)
    page = client.get("/undelivered/").content.decode()
    assert own.application.number in page
    assert foreign.application.number not in page
    assert client.post("/undelivered/", {"delivery": [foreign.pk]}).status_code == 404


@pytest.mark.parametrize("who", ["front_desk", "officer", "supervisor", "contact_centre", "auditor"])
def test_endpoints_are_the_administrators(client, request, egov, who):
    endpoint = listen_at(egov, "https://hooks.example.kz/")
    client.force_login(request.getfixturevalue(who))
    assert client.get("/administration/webhooks/").status_code == 403
    assert client.post(f"/administration/webhooks/{endpoint.pk}/secret/").status_code == 403


@pytest.mark.parametrize("count", [1, 8])
def test_pages_cost_the_same_for_one_row_and_for_many(chief, egov, almaty_police, count, django_assert_max_num_queries):
    for turn in range(count):
        listen_at(egov, f"https://hooks.example.kz/{turn}")
        dead_letter(almaty_police, egov, f"https://hooks.example.kz/{turn}")
    with django_assert_max_num_queries(6):
        chief.get("/administration/webhooks/")
    with django_assert_max_num_queries(6):
        chief.get("/undelivered/")
    with django_assert_max_num_queries(6):
        chief.get(f"/administration/webhooks/{Endpoint.objects.earliest('pk').pk}/")
