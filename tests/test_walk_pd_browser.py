"""PD in a real Chromium, against a real worker: a faded plate is made again, and a debtor is refused."""

import pytest
from playwright.sync_api import expect

from applications import lookup
from applications.journal import verify
from applications.models import Application
from applications.states import State
from plates.models import PlateDuplicate, PlateOrder
from tests import walking
from tests.fixtures_plates import car_of
from tests.fixtures_registers import demo_person
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)


def take_in(page, picture, person: str, plate: str) -> str:
    """Steps one to five at the front desk for the front piece, faded; the number of the accepted application."""
    walking.open_draft(page, "PD", person, picture)
    page.select_option("[name=plate]", plate)
    page.select_option("[name=reason]", "faded")
    page.select_option("[name=plate_count]", "1")
    page.select_option("[name=place]", "front")
    page.check("[name=has_front]")
    walking.save_details(page, plate, picture)
    return walking.pay_and_accept(page, 1, picture)


def order_and_receive(page, number: str, plate: str, picture) -> None:
    """The officer puts the piece into an order, sends it, and scans what has arrived."""
    page.goto("/stock/production/")
    row = page.locator("tr", has_text=number)
    expect(row).to_be_visible()
    picture(page, "08a-waiting")
    page.click("#id_pieces button.btn-primary")
    page.wait_for_url("**/stock/production/*/")
    day = page.evaluate("new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)")
    page.fill("[name=expected_on]", day)
    picture(page, "08b-order")
    page.click("#send button.btn-primary")
    expect(page.locator("#scan")).to_be_visible()
    page.fill("#id_number", "001 AAA 02")
    page.press("#id_number", "Enter")
    expect(page.locator(".alert-box.late")).to_be_visible()
    picture(page, "08c-wrong-number")
    page.fill("#id_number", f"{plate[:3]} {plate[3:6].lower()} {plate[6:]}")
    page.press("#id_number", "Enter")
    expect(page.locator("#id_pieces .tag.calm")).to_be_visible()
    picture(page, "08d-arrived")


def test_a_faded_plate_is_made_again_and_the_old_one_is_handed_in(running: Running, sign_in_browser):
    """PD.5, PD.8.1"""
    picture = walking.Pictures("pd")
    plate = car_of(lookup.keep_person(demo_person("P-01")))
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, picture, "P-01", plate)
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.approve(officer, number, picture)
    order_and_receive(officer, number, plate, picture)
    officer.goto(f"/cases/{number}/")
    expect(officer.locator("#case-facts")).to_contain_text(PlateOrder.objects.get().number)
    desk.goto(f"/cases/{number}/")
    expect(desk.locator("a[href$='hand-over/']").first).to_be_visible()
    desk.goto(f"/cases/{number}/hand-over/")
    picture(desk, "08e-take-in")
    walking.take_in(desk, "front")
    walking.hand_over(desk, number, picture)

    application = Application.objects.get(number=number)
    assert application.state == State.ISSUED
    assert application.handed_over_at is not None
    assert PlateDuplicate.objects.get().plate_count == 1
    assert verify() is None


def test_an_overdue_fine_ends_in_a_letter_of_refusal(running: Running, sign_in_browser):
    """PD.9.4, PD.5: the fine was not paid in time; nothing is ordered from the press."""
    picture = walking.Pictures("pd")
    plate = car_of(lookup.keep_person(demo_person("P-14")))
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, walking.Pictures(), "P-14", plate)
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)
    walking.hand_over(desk, number)

    application = Application.objects.get(number=number)
    assert application.state == State.REFUSED
    assert application.refusal.reasons.get().row == "PD.9.4"
    assert not application.plate_items.exists()
