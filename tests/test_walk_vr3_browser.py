"""VR-3 in a real Chromium, against a real worker: a repainted car gets its new SRTS, a restricted one is refused."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from registration.models import RegistrationCertificate, Vehicle, VehicleChange
from tests import walking
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)

PROOF = """ДОГОВОР КУПЛИ-ПРОДАЖИ

г. Алматы

Покупатель: Ахметов Ерлан Серікұлы
VIN {vin}

Удостоверено нотариусом города Алматы."""
ENGINE = """СЧЁТ-ФАКТУРА № 00417

Двигатель 2AR-FE, № 2AR-900417
Покупатель: Ахметов Ерлан Серікұлы"""


def change(page, picture, registered: Application, vehicle: str) -> str:
    """The owner tells the front desk of another colour and engine; the number of the accepted application."""
    row = demo_vehicle(vehicle)
    walking.open_draft(page, "VR-3", "P-01", picture)
    page.fill("[name=found_by]", registered.plate_number.lower())
    page.check("[name=update_reasons][value=colour]")
    page.check("[name=update_reasons][value=engine]")
    page.select_option("[name=ownership_proof]", "notarised")
    page.click("button[name=stay]")
    expect(page.locator("[name=engine_number]")).to_be_visible()
    picture(page, "02-reasons")
    page.select_option("[name=colour]", "red")
    page.fill("[name=engine_number]", "2AR-900417")
    page.fill("[name=engine_volume_cm3]", "2494")
    walking.save_details(page, "2AR900417", picture)
    walking.attach(page, "ownership_proof", PROOF.format(**row))
    walking.attach(page, "change_document", ENGINE)
    return walking.pay_and_accept(page, 2, picture)


def test_a_repainted_car_with_another_engine_gets_a_new_srts(running: Running, sign_in_browser):
    """VR.6d, VR.8.1f, VR.8.1h, VR.8.1j"""
    picture = walking.Pictures("vr-3")
    registered = walking.on_the_record(running, "V-01")
    desk = sign_in_browser(running.people["front_desk"])
    number = change(desk, picture, registered, "V-01")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.inspect(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator("#case-said")).to_contain_text("Оформлено")
    desk.goto(f"/cases/{number}/hand-over/")
    walking.take_in(desk, "certificate")
    walking.hand_over(desk, number, picture)
    vehicle = Vehicle.objects.get()
    officer.goto(f"/vehicles/{vehicle.pk}/")
    expect(officer.locator("main")).to_contain_text("2AR900417")
    picture(officer, "11-vehicle")

    application = Application.objects.get(number=number)
    assert application.handed_over_at is not None
    assert (vehicle.colour, vehicle.engine_volume_cm3) == ("red", 2494)
    states = RegistrationCertificate.objects.order_by("issued_at").values_list("state", flat=True)
    assert list(states) == ["replaced", "valid"]
    old = registered.papers.get(kind="registration_certificate")
    walking.verify(sign_in_browser(None), old.verification_code, "замен", picture)


def test_a_restricted_car_is_not_updated(running: Running, sign_in_browser):
    """VR.9.7: the register of restrictions bars every registration act."""
    picture = walking.Pictures("vr-3")
    registered = walking.on_the_record(running, "V-23")
    desk = sign_in_browser(running.people["front_desk"])
    number = change(desk, walking.Pictures(), registered, "V-23")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)

    application = Application.objects.get(number=number)
    assert application.refusal.reasons.get().row == "VR.9.7"
    assert not VehicleChange.objects.exists()
