"""Choosing a number in a real Chromium, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from fees.models import Charge
from plates.models import Plate, PlateState
from tests import walking
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_number_is_found_and_held_by_keyboard(running: Running, sign_in_browser):
    """VR.6a: the duty of the chosen number stands among the charges at once."""
    picture = walking.Pictures("vr-1-number")
    desk = sign_in_browser(running.people["front_desk"])
    walking.open_draft(desk, "VR-1", "P-02")
    desk.fill("[name=vin]", demo_vehicle("V-02")["vin"])
    desk.select_option("[name=ownership_proof]", "notarised")
    desk.click("button[name=stay]")
    expect(desk.locator("#shown")).to_contain_text(demo_vehicle("V-02")["model"])
    link = desk.locator("#id_plate_choice a")
    expect(link).to_be_visible()
    picture(desk, "01-link")
    link.press("Enter")
    expect(desk.locator("#id_pattern")).to_be_focused()
    desk.keyboard.type("5?5")
    expect(desk.locator("#numbers tbody tr")).to_have_count(10)
    picture(desk, "02-numbers")
    desk.locator("#numbers button[value='555KZN02']").press("Enter")
    desk.wait_for_url("**/details/")
    expect(desk.locator("#id_plate_choice")).to_contain_text("555 KZN")
    picture(desk, "03-held")

    application = Application.objects.get()
    assert Plate.objects.get(number="555KZN02").state == PlateState.RESERVED
    assert Charge.objects.of(application).live().get(code="plate_duty").group == "high_demand_b"
