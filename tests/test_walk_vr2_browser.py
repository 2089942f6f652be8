"""VR-2 in a real Chromium, against a real worker: a car is sold, a car leaves the record, and what refuses either."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applications.models import Application
from applications.states import State
from plates.models import Plate
from registration import on_record
from registration.models import Registration, RegistrationCertificate
from tests import walking
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACT = """ДОГОВОР КУПЛИ-ПРОДАЖИ

г. Алматы

Продавец: Ахметов Ерлан Серікұлы, ИИН 850412330078
Покупатель: Нұрланова Айгерім Бақытқызы
Предмет: {make} {model}
VIN {vin}

Цена: 9 800 000 тенге

Удостоверено нотариусом города Алматы,
зарегистрировано в реестре за № 2-2204."""


def sell(page, picture, registered: Application, vehicle: str) -> str:
    """The buyer applies at the front desk; the number of the accepted application."""
    row = demo_vehicle(vehicle)
    walking.open_draft(page, "VR-2", "P-02", picture)
    page.fill("[name=found_by]", registered.plate_number.lower())
    page.fill("[name=seller_identifier]", "850412 330078")
    page.fill("[name=sold_on]", timezone.localdate().isoformat())
    page.select_option("[name=ownership_proof]", "notarised")
    walking.save_details(page, row["model"], picture)
    walking.attach(page, "ownership_proof", CONTRACT.format(**row))
    return walking.pay_and_accept(page, 2, picture)


def leave(page, picture, registered: Application, vehicle: str) -> str:
    """The owner takes the car off the record at the front desk; the number of the accepted application."""
    row = demo_vehicle(vehicle)
    walking.open_draft(page, "VR-2", "P-01", picture)
    page.click("button[name=act][value=deregistration]")
    page.fill("[name=found_by]", row["vin"])
    page.select_option("[name=deregistration_reason]", "export")
    page.select_option("[name=ownership_proof]", "notarised")
    walking.save_details(page, row["model"], picture)
    walking.attach(page, "ownership_proof", CONTRACT.format(**row))
    walking.take_in(page, "certificate")
    walking.take_in(page, "plates", "lost", "Потеряны при перевозке, заявил письменно")
    picture(page, "03-documents")
    page.click("[data-next]")
    page.wait_for_url("**/payment/")
    picture(page, "04-payment")
    page.click("[data-next]")
    return walking.accept(page, picture)


def test_a_car_is_sold_and_keeps_its_plates(running: Running, sign_in_browser):
    """VR.5a, VR.8.1f"""
    picture = walking.Pictures("vr-2")
    registered = walking.on_the_record(running, "V-01")
    desk = sign_in_browser(running.people["front_desk"])
    number = sell(desk, picture, registered, "V-01")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.inspect(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator("#case-said")).to_contain_text("Оформлено")
    desk.goto(f"/cases/{number}/hand-over/")
    walking.take_in(desk, "certificate")
    walking.hand_over(desk, number, picture)

    application = Application.objects.get(number=number)
    assert application.handed_over_at is not None
    assert application.plate_number == registered.plate_number
    assert RegistrationCertificate.objects.get(registration=registered.registration).state == "replaced"
    assert on_record.is_owned_by(on_record.ownership_of(application.registration.vehicle), application.applicant)
    walking.verify(
        sign_in_browser(None),
        registered.papers.get(kind="registration_certificate").verification_code,
        "замен",
        picture,
    )


def test_a_restricted_car_is_not_sold(running: Running, sign_in_browser):
    """VR.9.7: the register of restrictions proves the ground; the car stays its owner's."""
    picture = walking.Pictures("vr-2")
    registered = walking.on_the_record(running, "V-23")
    desk = sign_in_browser(running.people["front_desk"])
    number = sell(desk, walking.Pictures(), registered, "V-23")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)
    walking.hand_over(desk, number)

    application = Application.objects.get(number=number)
    assert application.refusal.reasons.get().row == "VR.9.7"
    assert Registration.objects.get(ended_at__isnull=True).application == registered


def test_a_car_leaves_the_record(running: Running, sign_in_browser):
    """VR.5b, VR.8.2c"""
    picture = walking.Pictures("vr-2-deregistration")
    registered = walking.on_the_record(running, "V-01")
    desk = sign_in_browser(running.people["front_desk"])
    number = leave(desk, picture, registered, "V-01")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator("#case-said")).to_contain_text("Оформлено")
    desk.goto(f"/cases/{number}/hand-over/")
    desk.click("button[form=request-deregistration_confirmation]")
    expect(desk.locator("#given")).to_contain_text("Подтверждение снятия")
    walking.hand_over(desk, number, picture)

    assert Registration.objects.get().ended_by.number == number
    assert Plate.objects.get(number=registered.plate_number).state == "lost"
    assert RegistrationCertificate.objects.get().state == "ended"


def test_a_restricted_car_does_not_leave_the_record(running: Running, sign_in_browser):
    """VR.9.7"""
    picture = walking.Pictures("vr-2-deregistration")
    registered = walking.on_the_record(running, "V-24")
    desk = sign_in_browser(running.people["front_desk"])
    number = leave(desk, walking.Pictures(), registered, "V-24")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)
    walking.hand_over(desk, number)

    assert Application.objects.get(number=number).state == State.REFUSED
    assert Registration.objects.get().ended_at is None
    assert Plate.objects.get(number=registered.plate_number).state == "assigned"
