"""Whatever is sent to a page of the desk or of the public is answered, never with a fault."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from itertools import cycle

import pytest
from django.apps import apps
from django.db import transaction
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
        # In order, so that each run sends the same.
        fields = sorted({*ASKED, *fields_of(page)})
        for _round in range(2):
            asked = browser.get(address, {field: next(values) for field in ASKED})
            sent = browser.post(address, {field: next(values) for field in fields})
            faults += [(name, role, answer.status_code) for answer in (asked, sent) if answer.status_code >= 500]
            # Lengths that share no divisor: every field meets every text.
            next(values)
    assert faults == []
    assert opened > (5 if state == "draft" else 40)


TOO_LONG = "ә" * 3000
SENSIBLE = {
    "rate": "1.5",
    "amount": "5",
    "years": "18",
    "valid_from": "2099-01-01",
    "outcome": "lost",
    "ruling": "clear",
    "deed": "found",
}


@pytest.mark.parametrize("state", ["draft", "held"])
def test_one_text_too_long_among_sensible_ones_is_no_fault(road, state):
    """Beside others that are wrong, a text that is too long for its column was never reached: a rate's basis once."""
    application: Application = getattr(road, state)()
    people = {staff.role: staff for staff in road.people.values()}
    faults, sent = [], 0
    for role, forms in forms_of_every_page(people, application).items():
        browser = Client(raise_request_exception=False)
        browser.force_login(people[role])
        for address, offered in forms.items():
            sensible = {name: value or SENSIBLE.get(name, "words") for name, value in offered.items()}
            for name in offered:
                # Each text meets the page as it was.
                untouched = transaction.savepoint()
                status = browser.post(address, sensible | {name: TOO_LONG}).status_code
                transaction.savepoint_rollback(untouched)
                faults += [(address, role, name, status)] if status >= 500 else []
                sent += 1
    assert faults == []
    assert sent > (30 if state == "draft" else 150)


def forms_of_every_page(people, application) -> dict[str, dict[str, dict[str, str]]]:
    """Role → address a form is sent to → its fields and what they hold, over all pages that open for the role."""
    found: dict[str, dict[str, dict[str, str]]] = {role: defaultdict(dict) for role in people}
    for name, (_space, pattern) in patterns().items():
        if application.state == State.DRAFT and "number" not in pattern.pattern.converters:
            continue
        address = real_address(name, application)
        for role in sorted(pattern.callback.roles & people.keys()):
            browser = Client()
            browser.force_login(people[role])
            page = browser.get(address)
            if is_html(page):
                for sent_to, fields in Forms.of(page, address):
                    found[role][sent_to] |= fields
    return found


class Forms(HTMLParser):
    """The forms of a page that are posted within the desk: each one's address and fields with what they offer."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.fields: dict[str, str] = {}

    @classmethod
    def of(cls, page, address: str) -> list[tuple[str, dict[str, str]]]:
        read = cls()
        read.feed(page.content.decode())
        return [(sent_to or address, fields) for sent_to, fields in read.forms if not sent_to.startswith("/i18n/")]

    def handle_starttag(self, tag, attrs) -> None:
        said = dict(attrs)
        if tag == "form":
            self.fields = {}
            if said.get("method", "").lower() == "post" or "hx-post" in said:
                self.forms.append((said.get("hx-post") or said.get("action") or "", self.fields))
        name = said.get("name") if tag in {"input", "select", "textarea", "button"} else None
        if name and name not in {"csrfmiddlewaretoken", "form_key", "password"}:
            self.fields.setdefault(name, said.get("value") or "")
            self.last = name
        if tag == "option" and said.get("value"):
            self.fields[self.last] = self.fields.get(self.last) or said["value"]


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


def is_html(page) -> bool:
    return page.status_code == 200 and "html" in page.headers.get("Content-Type", "") and not page.streaming


def fields_of(page) -> set[str]:
    found = re.findall(r' name="([^"]+)"', page.content.decode()) if is_html(page) else []
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


def test_a_wrong_field_may_be_called_items(road):
    """Pieces chosen for an order are sent as "items", which a template once took for the method of that name."""
    browser = Client()
    browser.force_login(road.people["officer"])
    assert browser.post(reverse("desk:make_up_order"), {"items": "\x00"}).status_code == 422
