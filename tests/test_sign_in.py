"""Signing in, staying signed in, and being signed out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from applications.models import JournalEntry
from desk.sign_in import THROTTLE_SECONDS, TRIES_PER_NAME
from offices.models import Role
from tests.fixtures_offices import make_staff

PASSWORD = "Kaskelen-Turgen-1987"


@pytest.fixture
def account(almaty_police):
    cache.clear()
    staff = make_staff("b.omarov", Role.OFFICER, almaty_police)
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def enter(client, password=PASSWORD, username="b.omarov", **fields):
    return client.post("/sign-in/", {"username": username, "password": password, **fields})


def actions(staff):
    return list(
        JournalEntry.objects.filter(chain=f"staff:{staff.username}").order_by("pk").values_list("action", flat=True)
    )


def test_signing_in_leads_to_the_place_one_came_for_and_is_journaled(client, account):
    client.get("/")
    response = enter(client, next="/queue/?show=mine")
    assert response.headers["Location"] == "/queue/?show=mine"
    assert actions(account) == ["signed_in"]
    assert JournalEntry.objects.get().address == "127.0.0.1"


def test_the_longest_user_name_is_journaled(client, db):
    longest = make_staff("ә" * 60, Role.AUDITOR)
    longest.set_password(PASSWORD)
    longest.save()
    client.post("/sign-in/", {"username": longest.username, "password": PASSWORD})
    assert list(JournalEntry.objects.values_list("action", flat=True)) == ["signed_in"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_journal_opens_at_the_first_and_last_day_of_the_calendar(client, db, day):
    client.force_login(make_staff("auditor", Role.AUDITOR))
    assert client.get("/journal/", {"day": day}).status_code == 200


def test_the_session_gets_a_new_key_and_signing_out_kills_it(client, account):
    client.cookies["session"] = "a" * 32
    enter(client)
    key = client.cookies["session"].value
    assert key != "a" * 32
    client.post("/sign-out/")
    old = Client()
    old.cookies["session"] = key
    assert old.get("/queue/").status_code == 302
    assert actions(account) == ["signed_in", "signed_out"]


@pytest.mark.parametrize("place", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_host(client, account, place):
    assert enter(client, next=place).headers["Location"] == "/queue/"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client, account):
    wrong, unknown = enter(client, password="wrong"), enter(client, username="nobody", password="wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["error"] == unknown.context["error"]
    assert actions(account) == ["sign_in_failed"]


def test_too_many_tries_wait_even_with_the_right_password(client, account):
    for _ in range(TRIES_PER_NAME):
        enter(client, password="wrong")
    refused = enter(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(THROTTLE_SECONDS))
    # The colleague at the next desk is not locked out by it.
    assert (
        client.post("/sign-in/", {"username": "b.omarov", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9").status_code
        == 302
    )


def test_a_dismissed_officer_is_out_with_the_next_click(client, account):
    enter(client)
    assert client.get("/queue/").status_code == 200
    account.is_active = False
    account.save()
    assert client.get("/queue/").status_code == 302
    assert enter(client).status_code == 422


def test_a_changed_role_bites_at_once(client, account):
    enter(client)
    account.role, account.office = Role.AUDITOR, None
    account.save()
    assert client.get("/queue/").status_code == 403
    assert client.get("/journal/").status_code == 200


@pytest.mark.parametrize(
    ("pauses", "is_in"),
    [
        ([29], True),
        ([31], False),
        ([25, 25, 25], True),
        # Never idle, but twelve hours and a minute after signing in.
        ([25] * 28 + [21], False),
    ],
)
def test_a_session_ends_idle_after_half_an_hour_and_in_any_case_after_twelve(client, account, pauses, is_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as traveller:
        enter(client)
        for pause in pauses:
            traveller.shift(timedelta(minutes=pause))
            response = client.get("/queue/")
    assert (response.status_code == 200) is is_in
    if not is_in:
        assert "ended=1" in response.headers["Location"]


def test_a_session_can_be_extended_and_tells_how_long_it_lasts(client, account):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as traveller:
        enter(client)
        traveller.shift(timedelta(minutes=28))
        told = client.get("/session/", headers={"X-Background": "1"}).json()
        extended = client.post("/session/").json()
    assert told["idle"] == 2 * 60
    assert extended["idle"] == 30 * 60
    assert extended["absolute"] == 12 * 3600 - 28 * 60


def test_what_a_page_asks_for_by_itself_is_no_sign_of_its_owner():
    """ASVS 7.3: a page left open does not keep the session of somebody who went away."""
    asking = re.compile(r'<[^>]*hx-trigger="(?:every|load)\b[^>]*>')
    asked = [(path.name, tag) for path in Path("templates").rglob("*.html") for tag in asking.findall(path.read_text())]
    assert len(asked) > 8
    assert [(name, tag) for name, tag in asked if """hx-headers='{"X-Background": "1"}'""" not in tag] == []


def test_a_part_of_a_page_is_told_to_sign_in_instead_of_being_given_the_sign_in_page(client, account):
    response = client.get("/queue/refresh/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.CONTACT_CENTRE, "/contact-centre/"),
        (Role.AUDITOR, "/journal/"),
        (Role.ADMINISTRATOR, "/administration/tariffs/"),
    ],
)
def test_each_role_starts_on_its_own_page(client, db, role, place):
    client.force_login(make_staff(role, role))
    assert client.get("/").headers["Location"] == place


def test_the_language_changes_on_the_page_one_is_on(client, officer):
    client.force_login(officer)
    response = client.post("/i18n/setlang/", {"language": "kk", "next": "/queue/?show=mine"})
    assert response.headers["Location"] == "/queue/?show=mine"
    assert client.get("/queue/").headers["Content-Language"] == "kk"


def test_russian_unless_somebody_chose_otherwise(client, account):
    """An English browser on an office machine is no choice; the account's own language is."""
    assert client.get("/sign-in/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "ru"
    account.language = "kk"
    account.save()
    enter(client)
    assert client.cookies["language"].value == "kk"
