"""VR-1 in a real Chromium, against a real worker: from the front desk to plates in hand, and to a refusal."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from applications.journal import verify
from applications.models import Application
from applications.states import State
from plates.models import Plate
from registration.models import RegistrationCertificate
from tests import walking
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACT = """ДОГОВОР КУПЛИ-ПРОДАЖИ

г. Алматы · 20 ноября 2026 года

Продавец: ТОО «Дала Авто»
Покупатель: Нұрланова Айгерім Бақытқызы
Предмет: Hyundai Tucson, 2026
VIN Z94SH9580LH107142

Цена: 14 900 000 тенге

Удостоверено нотариусом города Алматы,
зарегистрировано в реестре за № 2-1187."""


def take_in(page, picture, person: str, vehicle: str) -> str:
    """Steps one to five at the front desk; the number of the accepted application."""
    walking.open_draft(page, "VR-1", person, picture)
    page.fill("[name=vin]", demo_vehicle(vehicle)["vin"])
    page.select_option("[name=ownership_proof]", "notarised")
    walking.save_details(page, demo_vehicle(vehicle)["model"], picture)
    walking.attach(page, "ownership_proof", CONTRACT)
    return walking.pay_and_accept(page, 3, picture)


def test_ten_steps_from_the_front_desk_to_plates_in_hand(running: Running, sign_in_browser, client):
    """VR.5a"""
    picture = walking.Pictures("vr-1")
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, picture, "P-02", "V-02")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.inspect(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator(".plate").first).to_be_visible()
    walking.hand_over(desk, number, picture)
    expect(officer.locator("#case-papers .tag:not(.calm)")).to_have_count(0)

    application = Application.objects.get(number=number)
    certificate = RegistrationCertificate.objects.get()
    assert application.state == State.ISSUED
    assert application.handed_over_at is not None
    assert Plate.objects.get(number=application.plate_number).state == "assigned"
    assert certificate.state == "valid"
    assert_papers_verify(application, client)
    paper = application.papers.get(kind="registration_certificate")
    walking.verify(sign_in_browser(None), paper.verification_code, certificate.number, picture)
    assert verify() is None
    call_command("verify_journal", verbosity=0)


def assert_papers_verify(application: Application, client) -> None:
    """Every paper is made, signed, and known to the public page."""
    papers = list(application.papers.all())
    assert {paper.kind for paper in papers} >= {
        "receipt",
        "inspection_act",
        "registration_certificate",
        "handover_sheet",
    }
    for paper in papers:
        assert paper.state == "ready"
        assert client.get(f"/verify/{paper.verification_code}/").status_code == 200


def test_an_unpaid_fine_ends_in_a_letter_of_refusal(running: Running, sign_in_browser):
    """VR.9.4, VR.5c: the fines register proves the ground; the applicant gets the letter and no plates."""
    picture = walking.Pictures("vr-1")
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, walking.Pictures(), "P-13", "V-01")
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, picture)
    walking.hand_over(desk, number)

    application = Application.objects.get(number=number)
    assert application.state == State.REFUSED
    assert application.refusal.reasons.get().row == "VR.9.4"
    assert application.handed_over_at is not None
    assert Plate.objects.filter(state="assigned").count() == 0
