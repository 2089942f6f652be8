"""VR-4 in a real Chromium, against a real worker: a visiting car is registered for its term, another one is refused."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from applications.states import State
from registration.models import Registration, RegistrationCertificate
from tests import walking
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)

PROOF = """ДОГОВОР КУПЛИ-ПРОДАЖИ

Владелец: Ким Виктория Александровна
VIN {vin}

Перевод удостоверен нотариусом города Алматы."""


def take_in(page, picture, vehicle: str, expected: str) -> str:
    """The owner applies at the front desk; the number of the accepted application."""
    row = demo_vehicle(vehicle)
    walking.open_draft(page, "VR-4", "P-10", picture)
    page.fill("[name=vin]", row["vin"])
    page.select_option("[name=ownership_proof]", "notarised")
    walking.save_details(page, expected, picture)
    walking.attach(page, "ownership_proof", PROOF.format(**row))
    return walking.pay_and_accept(page, 3, picture)


def test_a_visiting_car_is_registered_for_its_term(running: Running, sign_in_browser):
    """VR.5a, VR.6a, VR.8.1e"""
    picture = walking.Pictures("vr-4")
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, picture, "V-40", "LX 570")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.inspect(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator(".plate").first).to_be_visible()
    walking.hand_over(desk, number, picture)

    registration = Registration.objects.get()
    certificate = RegistrationCertificate.objects.get()
    assert (registration.kind, registration.valid_until) == ("temporary", registration.customs_until)
    officer.goto(f"/vehicles/{registration.vehicle_id}/")
    expect(officer.locator("main")).to_contain_text(registration.valid_until.strftime("%d.%m.%Y"))
    picture(officer, "11-vehicle")
    paper = Application.objects.get(number=number).papers.get(kind="temporary_certificate")
    walking.verify(sign_in_browser(None), paper.verification_code, certificate.number, picture)


def test_a_car_whose_customs_term_has_run_out_is_refused(running: Running, sign_in_browser):
    """VR.8.1e, VR.9.1: the declaration has expired, so nothing that was shown holds any longer."""
    picture = walking.Pictures("vr-4")
    desk = sign_in_browser(running.people["front_desk"])
    row = demo_vehicle("V-41")
    walking.open_draft(desk, "VR-4", "P-10")
    desk.fill("[name=vin]", row["vin"])
    desk.select_option("[name=ownership_proof]", "notarised")
    desk.click("#details button.btn-primary")
    desk.wait_for_url("**/documents/")
    walking.attach(desk, "ownership_proof", PROOF.format(**row))
    desk.click("[data-next]")
    desk.wait_for_url("**/payment/")
    desk.click("[data-next]")
    number = walking.accept(desk)
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)

    application = Application.objects.get(number=number)
    assert application.state == State.REFUSED
    assert application.refusal.reasons.get().row == "VR.9.1"
