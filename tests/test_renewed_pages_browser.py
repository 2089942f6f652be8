"""Pages that renew themselves in a real Chromium: what somebody has ticked or typed on them meanwhile stays."""

import pytest
from playwright.sync_api import expect

from tests.fixtures_road import Road, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_ticked_stands_when_the_papers_have_been_made(road: Road, sign_in_browser):
    """VR.5a: the clerk gives out while the papers are printed, and need not begin again."""
    application = road.issued()
    page = sign_in_browser(road.people["front_desk"])
    page.goto(f"/cases/{application.number}/hand-over/")
    expect(page.locator("#given .tag")).to_have_count(2)
    for box in page.locator("#hand-over input[type=checkbox]").all():
        box.check()
    work(papers=True)
    button = page.locator("#hand-over button.btn-primary")
    expect(button).to_be_enabled()
    expect(page.locator("#given .tag")).to_have_count(0)
    button.click()
    expect(page.locator(".flashes")).to_contain_text(application.number)

    assert road.fresh(application).handed_over_by == road.people["front_desk"]
    assert application.journal.filter(action="viewed", changes__what="hand-over").count() == 1
