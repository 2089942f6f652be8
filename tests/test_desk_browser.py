"""The shell and the queue in a real Chromium: what a person at the desk sees and does with the keyboard."""

import time
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applications.acting import Actor
from applications.deciding import withdraw
from applications.holding import take
from applications.models import Application
from applications.states import State
from desk import navigation
from offices.models import Office
from plates.models import Plate
from plates.stock import STOCK_EMPTY
from tests.fixtures_browser import screenshot

# What is hit is the box and what its ::after adds around it; text of a table is a sentence.
TOO_SMALL = """[...document.querySelectorAll("main a, main button, main summary, .topbar a, .topbar button")]
  .filter((one) => getComputedStyle(one).display !== "inline" && one.checkVisibility())
  .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cases(case):
    """Three cases of the office, one late, one at risk, one in time."""
    return [case(left=-5, checks=("clear", "hit")), case(left=20), case(left=100, plate_number="417KZN02")]


def row(page, application):
    return page.locator(f"#row-{application.number}")


@pytest.mark.parametrize("viewport", ["small", "large"])
def test_the_queue_fits_the_screen_and_breaks_no_policy(sign_in_browser, officer, cases, viewport):
    page = sign_in_browser(officer, viewport=viewport, language="en")
    page.goto("/")
    expect(page.locator("table.queue tbody tr")).to_have_count(3)
    expect(row(page, cases[0])).to_contain_text("overdue")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    screenshot(page, f"queue-{viewport}")


def test_taking_shows_within_a_second_in_row_and_count(sign_in_browser, officer, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    started = time.monotonic()
    row(page, cases[1]).get_by_role("button", name="Take").click()
    expect(row(page, cases[1])).to_contain_text("You", timeout=1000)
    expect(page.locator("#chip-mine b")).to_have_text("1", timeout=1000)
    assert time.monotonic() - started < 1.5
    assert Application.objects.get(pk=cases[1].pk).holder == officer


def test_what_a_colleague_does_appears_by_itself_and_nothing_jumps(sign_in_browser, officer, other_officer, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    link = row(page, cases[2]).locator("a.number")
    link.focus()
    take(actor=Actor.of(other_officer), number=cases[0].number, now=timezone.now())
    expect(row(page, cases[0])).to_contain_text(other_officer.short_name, timeout=2500)
    assert link.evaluate("link => link === document.activeElement")


def test_a_case_that_goes_takes_no_focus_from_those_below_it(sign_in_browser, officer, front_desk, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    link = row(page, cases[2]).locator("a.number")
    link.focus()
    words = {"reason": "no", "version": None, "now": timezone.now()}
    withdraw(actor=Actor.of(front_desk), number=cases[0].number, **words)
    expect(row(page, cases[0])).to_have_count(0)
    expect(link).to_be_focused()


def test_the_keys_that_are_printed_work(sign_in_browser, officer, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    page.keyboard.press("/")
    expect(page.locator("#seek")).to_be_focused()
    page.keyboard.type("417 kzn 02")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    expect(row(page, cases[2])).to_be_visible()
    page.goto("/queue/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{cases[0].number}/**")
    assert Application.objects.get(pk=cases[0].pk).holder == officer


def test_a_colleague_who_was_first_is_named_on_the_page(sign_in_browser, officer, other_officer, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    # The refresh is held back, so that the page is as old as a slow network makes it.
    page.route("**/queue/refresh/**", lambda route: route.abort())
    take(actor=Actor.of(other_officer), number=cases[0].number, now=timezone.now())
    row(page, cases[0]).get_by_role("button", name="Take").click()
    expect(page.locator("#problem")).to_contain_text(other_officer.short_name)
    expect(page.locator("#problem .alert-box")).to_be_focused()


def test_the_language_changes_in_place(sign_in_browser, officer, cases):
    page = sign_in_browser(officer, language="ru")
    page.goto("/queue/?show=risk")
    page.get_by_role("button", name="ENG").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    assert page.url.endswith("/queue/?show=risk")


def test_the_end_of_the_session_is_announced_and_can_be_put_off(sign_in_browser, officer, cases, settings):
    settings.SESSION_IDLE_SECONDS = 150
    page = sign_in_browser(officer, language="en")
    page.goto("/search/")
    dialog = page.locator("#session-ends")
    expect(dialog).to_be_visible(timeout=3000)
    expect(dialog.locator("[data-countdown]")).to_contain_text("2:")
    settings.SESSION_IDLE_SECONDS = 1800
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()


def test_a_session_that_is_over_keeps_what_was_typed(sign_in_browser, officer, cases):
    page = sign_in_browser(officer, language="en")
    page.goto("/queue/")
    page.locator("#seek").fill("XTA219070R")
    page.context.clear_cookies(name="session")
    expect(page.locator("#session-over")).to_be_visible(timeout=3000)
    expect(page.locator("#seek")).to_have_value("XTA219070R")


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("viewport", ["small", "large"])
def test_the_whole_stock_is_seen_without_scrolling_sideways(
    sign_in_browser, officer, almaty_stock, case, language, viewport
):
    Plate.objects.filter(office=almaty_stock).update(is_high_demand=True)
    page = sign_in_browser(officer, viewport=viewport, language=language)
    page.goto("/stock/")
    assert page.evaluate("[...document.querySelectorAll('.scroll-x')].every(e => e.scrollWidth <= e.clientWidth)")
    screenshot(page, f"stock-{language}-{viewport}-nothing-waits")
    case(State.APPROVED, held_up_by=STOCK_EMPTY)
    page.reload()
    expect(page.locator("#waiting .need")).to_be_in_viewport()
    screenshot(page, f"stock-{language}-{viewport}")


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("viewport", ["small", "large"])
def test_the_bar_of_a_supervisor_stays_one_line(sign_in_browser, supervisor, monkeypatch, language, viewport):
    """Also while withdrawals wait, and for an office with a long name."""
    items = [replace(item, waiting=item.waiting and (lambda _staff: 128)) for item in navigation.ITEMS]
    monkeypatch.setattr(navigation, "ITEMS", items)
    Office.objects.update(
        **{f"name_{code}": "Регистрационный отдел ДП города Алматы и области" for code in ("ru", "kk")}
    )
    page = sign_in_browser(supervisor, viewport=viewport, language=language)
    page.goto("/undelivered/")
    assert page.locator(".topbar").bounding_box()["height"] < 50
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("language", "says"), [("ru", "Обязательное поле."), ("kk", "Бұл мән міндетті.")])
def test_what_lacks_is_said_by_the_page_in_its_language(sign_in_browser, officer, almaty_stock, language, says):
    """A bubble of the browser would speak the browser's language, and no summary would lead to the field."""
    page = sign_in_browser(officer, language=language)
    page.goto("/stock/plates/receive/")
    page.click("main form button.btn-primary")
    expect(page.locator(".alert-box")).to_be_focused()
    expect(page.locator(".alert-box a").first).to_contain_text(says)
    page.locator(".alert-box a").first.click()
    expect(page.locator("#id_format")).to_be_focused()


def test_a_list_of_ticks_says_how_many_are_ticked(sign_in_browser, officer, almaty_stock):
    page = sign_in_browser(officer, language="en")
    page.goto("/stock/plates/")
    boxes = page.locator("input[name=numbers]")
    expect(page.locator("[data-ticked]")).to_have_text("Ticked: 0")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator("[data-ticked]")).to_have_text("Ticked: 2")


def test_every_target_is_large_enough_for_a_finger(sign_in_browser, officer, almaty_stock, cases):
    """WCAG 2.5.8: 24 px each way, or a link inside a sentence."""
    page = sign_in_browser(officer, language="ru")
    for address in ("/queue/", "/stock/", "/stock/plates/"):
        page.goto(address)
        assert page.evaluate(TOO_SMALL) == []
