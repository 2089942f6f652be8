"""Planned work is told on every page beforehand, in the reader's language: when and what for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.acting import Actor
from applications.errors import InvalidInputError, NotAllowedError
from applications.models import JournalEntry
from applications.outage import PLACE, PlannedOutage, announce, announced, call_off
from applications.standards import Text

pytestmark = pytest.mark.django_db
WHY = Text(en="The database is renewed.", ru="Обновление базы данных.", kk="Деректер базасын жаңарту.")


@pytest.fixture(autouse=True)
def nothing_announced():
    cache.delete(PLACE)
    yield
    cache.delete(PLACE)


def tomorrow(hours: int = 1, *, at: int = 22) -> PlannedOutage:
    day = timezone.localtime() + timedelta(days=1)
    begins = day.replace(hour=at, minute=0, second=0, microsecond=0)
    return PlannedOutage(begins, begins + timedelta(hours=hours), WHY)


def page(client, language: str, address: str = "/sign-in/") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "says"), [("ru", "Плановые работы"), ("kk", "Жоспарлы жұмыстар"), ("en", "Planned work on")]
)
def test_every_page_tells_when_and_what_for(client, administrator, officer, language, says):
    outage = tomorrow()
    assert "planned" not in page(client, language)
    announce(actor=Actor.of(administrator), outage=outage, now=timezone.now())
    at_the_door = page(client, language)
    client.force_login(officer)
    for said in (at_the_door, page(client, language, "/queue/")):
        assert says in said
        assert getattr(WHY, language) in said
        assert f"{outage.starts_at:%d.%m.%Y}" in said
    call_off(actor=Actor.of(administrator), now=timezone.now())
    assert says not in page(client, language, "/queue/")
    actions = JournalEntry.objects.filter(chain="portal").order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["outage_announced", "outage_called_off"]


def test_over_midnight_both_days_are_told(client, administrator):
    announce(actor=Actor.of(administrator), outage=tomorrow(6), now=timezone.now())
    said = page(client, "en")
    assert all(f"{day:%d.%m.%Y}" in said for day in (tomorrow(6).starts_at, tomorrow(6).ends_at))


def test_it_is_told_no_longer_than_to_its_end(administrator):
    now = timezone.now()
    announce(actor=Actor.of(administrator), outage=PlannedOutage(now, now + timedelta(minutes=2), WHY), now=now)
    assert 0 < cache._cache.get_client().ttl(cache.make_key(PLACE)) <= 120


@pytest.mark.parametrize(
    ("outage", "field"),
    [
        (PlannedOutage(timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1), WHY), "ends_at"),
        (tomorrow(-1), "ends_at"),
        (PlannedOutage(tomorrow().starts_at, tomorrow().ends_at, Text(en="x", ru="x", kk=" ")), "why"),
        (PlannedOutage(tomorrow().starts_at, tomorrow().ends_at, Text(en="x", ru="x", kk="x" * 301)), "why"),
    ],
    ids=["is over", "ends before it begins", "no reason in Kazakh", "a reason that fills the page"],
)
def test_what_cannot_be_is_named(administrator, outage, field):
    with pytest.raises(InvalidInputError) as caught:
        announce(actor=Actor.of(administrator), outage=outage, now=timezone.now())
    assert set(caught.value.fields) == {field}
    assert announced() is None


def test_an_outage_without_end_is_told_on_every_page(client, administrator):
    """An administrator who does not know the end may say the last day there is."""
    first, last = (datetime.fromisoformat(day) for day in ("0001-01-01T00:00", "9999-12-31T23:59"))
    begins, ends = timezone.make_aware(first), timezone.make_aware(last)
    announce(actor=Actor.of(administrator), outage=PlannedOutage(begins, ends, WHY), now=timezone.now())
    assert "31.12.9999" in page(client, "en")


def test_only_an_administrator_announces(officer):
    with pytest.raises(NotAllowedError):
        announce(actor=Actor.of(officer), outage=tomorrow(), now=timezone.now())


def test_the_command_takes_times_of_almaty(administrator):
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    given = {"by": administrator.username, "starts_at": datetime.fromisoformat(f"{day}T22:00")}
    words = {"ru": WHY.ru, "kk": WHY.kk}
    call_command("announce_outage", **given, ends_at=datetime.fromisoformat(f"{day}T23:00"), **words)
    found = announced()
    assert found is not None
    assert timezone.localtime(found.starts_at).hour == 22
    with pytest.raises(CommandError):
        call_command("announce_outage", **given, ends_at=datetime.fromisoformat(f"{day}T21:00"), **words)
    call_command("announce_outage", by=administrator.username, call_off=True)
    assert announced() is None
    with pytest.raises(CommandError):
        call_command("announce_outage", by="nobody", call_off=True)
