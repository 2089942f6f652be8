"""Whatever is sent to a page of the desk or of the public is answered, never with a fault."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from applications.models import Application, JournalEntry
from applications.states import State
from tests.test_access import address_of, patterns

pytestmark = pytest.mark.django_db

STRANGE = ("", "9" * 40, "2026-99-99", "ә" * 3000, "1", "-1", "{{7*7}}", "\u202e")
# What pages read from an address.
ASKED = (
    "page",
    "step",
    "panel",
    "show",
    "after",
    "version",
    "state",
    "q",
    "office",
    "pattern",
    "token",
    "on",
    "channel",
)
ROWS = {
    "vehicle": "registration.Vehicle",
    "driver": "licensing.Driver",
    "tariff": "fees.Tariff",
    "stock_plate": "plates.Plate",
}


@pytest.mark.parametrize("state", ["draft", "held"])
def test_strange_texts_in_every_field_are_no_fault(road, state):
    """Each field and each parameter of each page gets one strange text after the other, from somebody who may enter."""
    application: Application = getattr(road, state)()
    people = {staff.role: staff for staff in road.people.values()}
    values = cycle(STRANGE)
    faults, opened = [], 0
    for name, (_space, pattern) in patterns().items():
        role = next((role for role in sorted(pattern.callback.roles) if role in people), None)
        if role is None or ("number" not in pattern.pattern.converters and state == "draft"):
            continue
        browser = Client(raise_request_exception=False)
        browser.force_login(people[role])
        address = real_address(name, application)
        page = browser.get(address)
        opened += page.status_code == 200
        fields = {*ASKED, *fields_of(page)}
        for _round in range(2):
            asked = browser.get(address, {field: next(values) for field in ASKED})
            sent = browser.post(address, {field: next(values) for field in fields})
            faults += [(name, role, answer.status_code) for answer in (asked, sent) if answer.status_code >= 500]
            # Lengths that share no divisor: every field meets every text.
            next(values)
    assert faults == []
    assert opened > (5 if state == "draft" else 40)


def real_address(name: str, application: Application) -> str:
    """The page's address about rows that are there, as far as this world has them."""
    space, pattern = patterns()[name]
    check, document, paper = (getattr(application, rows).first() for rows in ("checks", "documents", "papers"))
    row = apps.get_model(ROWS[name]).objects.first() if name in ROWS else None
    known = {"number": application, "check": check, "document": document, "paper": paper, "pk": row, "tariff_id": row}
    arguments = {
        key: known[key].number if key == "number" else known[key].pk
        for key in pattern.pattern.converters
        if known.get(key) is not None
    }
    if arguments.keys() != pattern.pattern.converters.keys():
        return address_of(name)
    return reverse(f"{space}:{name}", kwargs=arguments)


def fields_of(page) -> set[str]:
    is_html = page.status_code == 200 and "html" in page.headers.get("Content-Type", "") and not page.streaming
    found = re.findall(r' name="([^"]+)"', page.content.decode()) if is_html else []
    return set(found) - {"csrfmiddlewaretoken", "viewport", "form_key"}


PUBLIC = ("/sign-in/", "/status/", "/services/", "/services/VR/", "/verify/x/", "/i18n/setlang/", "/gateway/payments/")
TYPED = ("username", "password", "next", "number", "digits", "told", "on", "language")


@pytest.mark.parametrize("text", [*STRANGE, "\x00"])
def test_strange_texts_on_public_pages_are_no_fault(road, text):
    browser = Client(raise_request_exception=False)
    for address in PUBLIC:
        for answer in (
            browser.get(address, dict.fromkeys(TYPED, text)),
            browser.post(address, dict.fromkeys(TYPED, text)),
        ):
            assert answer.status_code < 500, address


def test_a_text_that_no_database_can_store_is_refused_by_name(road):
    """A NUL once reached the journal's JSON with the reason of a withdrawal."""
    application = road.draft()
    browser = Client()
    browser.force_login(road.people["front_desk"])
    entries = JournalEntry.objects.count()
    address = reverse("desk:withdraw", args=[application.number])
    answer = browser.post(address, {"reason": "no longer wanted\x00", "version": application.version})
    assert answer.status_code == 422
    assert list(answer.context["error"].fields) == ["reason"]
    assert road.fresh(application).state == State.DRAFT
    assert JournalEntry.objects.count() == entries
