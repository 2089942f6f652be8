"""Pages that renew themselves in a real Chromium: what somebody has ticked or typed on them meanwhile stays."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applications import revoking_in_bulk
from tests.fixtures_revoking import WHY, listed
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


def test_why_a_reversal_is_stopped_is_typed_while_the_workers_go_on(road: Road, issued, sign_in_browser):
    (application,) = issued(1)
    batch = revoking_in_bulk.choose(
        actor=road.second, reason=WHY, numbers=listed(application.number), now=timezone.now()
    )
    page = sign_in_browser(road.people["supervisor"])
    page.goto(f"/revocations/batches/{batch.pk}/")
    page.locator("#id_reason").press_sequentially("Список неполон")
    work()
    expect(page.locator("button[value=ask]")).to_be_visible()
    expect(page.locator("#id_reason")).to_be_focused()
    expect(page.locator("#id_reason")).to_have_value("Список неполон")
    page.click("button[value=stop]")
    expect(page.locator("#batch-state dl")).to_contain_text("Список неполон")


def test_a_draft_left_open_does_not_hold_the_session(road: Road, sign_in_browser):
    """ASVS 7.3: what the page asks for by itself is marked as no sign of its owner."""
    application = road.draft()
    page = sign_in_browser(road.people["front_desk"])
    page.goto(f"/intake/{application.number}/details/")
    with page.expect_request("**/refreshed/**") as asked:
        pass
    assert asked.value.headers["x-background"] == "1"
