"""A minor and a foreigner without an IIN in a real Chromium: each from the desk to the result, and to a refusal."""

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from applications.states import State
from licensing.models import DriverLicence
from plates.models import Plate
from tests import walking
from tests.fixtures_registers import DEMO, demo_person, demo_vehicle
from tests.fixtures_worker import Running
from tests.test_walk_dl_browser import picture_fields

pytestmark = pytest.mark.django_db(transaction=True)

PASSPORT = """REISEPASS · PASSPORT · PASSEPORT

BUNDESREPUBLIK DEUTSCHLAND

Pass-Nr.  C01X00T47
Name      WEBER
Vornamen  ANNA
Geburtstag 17.05.1988
Staatsangehörigkeit DEUTSCH"""
NO_CONSENT_PASSPORT = """O'ZBEKISTON RESPUBLIKASI · PASPORT

FA0391847
KARIMOV OYBEK
11.12.1991"""
CONTRACT = """ДОГОВОР КУПЛИ-ПРОДАЖИ

г. Алматы · 20 ноября 2026 года

Продавец: ТОО «Дала Авто»
Покупатель: WEBER ANNA, паспорт C01X00T47
Предмет: Hyundai Tucson

Удостоверено нотариусом города Алматы,
зарегистрировано в реестре за № 2-1190."""
BIRTH_CERTIFICATE = """ТУУ ТУРАЛЫ КУӘЛІК
СВИДЕТЕЛЬСТВО О РОЖДЕНИИ

Тасболат Диас Ержанұлы
15.06.2010, Алматы қаласы

Анасы / мать:
Нұрланова Айгерім Бақытқызы"""
ANOTHER_CHILDS = BIRTH_CERTIFICATE.replace("Тасболат Диас Ержанұлы", "Тасболат Дана Ержанқызы")
WRONG_RU = "В свидетельстве о рождении указан другой ребёнок: Тасболат Дана."
WRONG_KK = "Туу туралы куәлікте басқа бала көрсетілген: Тасболат Дана."


def enter_by_document(page: Page, who: str, row_id: str) -> None:
    """Type what the passport of a foreigner of the demo data says, and press Enter."""
    row = DEMO.first("foreigners", id=row_id)
    assert row is not None
    page.click(f"#{who}_by_document summary")
    page.select_option(f"[name={who}-citizenship]", row["citizenship"])
    page.select_option(f"[name={who}-sex]", row["sex"])
    for name in ("document_number", "surname", "given_name", "birth_date", "address"):
        page.fill(f"[name={who}-{name}]", row[name])
    page.press(f"[name={who}-surname]", "Enter")
    expect(page.locator(f"#id_{who} .found.calm")).to_be_visible()


def foreigner_at_the_desk(page: Page, row_id: str, passport: str, vehicle: str, picture: walking.Pictures) -> str:
    """From the passport on the counter to the receipt; the number of the application."""
    page.goto("/intake/")
    page.check("input[name=subservice][value='VR-1']")
    enter_by_document(page, "applicant", row_id)
    expect(page.locator("#id_applicant .tag.risk")).to_be_visible()
    picture(page, "01-applicant")
    page.click("#open button.btn-primary")
    page.wait_for_url("**/details/")
    page.fill("[name=vin]", demo_vehicle(vehicle)["vin"])
    page.select_option("[name=ownership_proof]", "notarised")
    walking.save_details(page, demo_vehicle(vehicle)["model"], picture)
    walking.attach(page, "identity", passport)
    walking.attach(page, "ownership_proof", CONTRACT)
    return walking.pay_and_accept(page, 3, picture)


def test_a_foreigner_without_an_iin_registers_a_car(running: Running, sign_in_browser):
    """VR.8.1a, VR.5a: typed from the passport, proved by its scan, plates of the series for foreigners."""
    picture = walking.Pictures("applicants-foreigner")
    desk = sign_in_browser(running.people["front_desk"])
    number = foreigner_at_the_desk(desk, "F-01", PASSPORT, "V-16", picture)
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.inspect(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator(".plate").first).to_be_visible()
    desk.goto(f"/cases/{number}/hand-over/")
    expect(desk.locator(".plates-out .plate.yellow")).to_be_visible()
    walking.hand_over(desk, number, picture)

    application = Application.objects.get(number=number)
    assert application.received_by.document_number == "C01X00T47"
    assert application.plate_number.startswith("F")
    paper = application.papers.get(kind="registration_certificate")
    walking.verify(sign_in_browser(None), paper.verification_code, paper.content["number"], picture)


def test_a_foreigner_without_consent_is_refused(running: Running, sign_in_browser):
    """VR.9.3: the consent is asked for by the number of the passport."""
    desk = sign_in_browser(running.people["front_desk"])
    number = foreigner_at_the_desk(desk, "F-04", NO_CONSENT_PASSPORT, "V-16", walking.Pictures())
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number, walking.Pictures("applicants-foreigner"))
    walking.hand_over(desk, number)

    application = Application.objects.get(number=number)
    assert (application.state, application.refusal.reasons.get().row) == (State.REFUSED, "VR.9.3")
    assert not Plate.objects.filter(state="assigned").exists()


def minor_at_the_desk(page: Page, certificate: str, picture: walking.Pictures) -> str:
    """The boy of sixteen and his mother at the counter; the number of the application."""
    page.goto("/intake/")
    page.check("input[name=subservice][value='DL-2']")
    walking.find(page, "applicant", "P-35")
    page.click("#open details:has(#representative_identifier) > summary")
    walking.find(page, "representative", "P-02")
    expect(page.locator("#acting .found.calm")).to_be_visible()
    page.locator("#representative_identifier").scroll_into_view_if_needed()
    picture(page, "01-applicant")
    page.click("#open button.btn-primary")
    page.wait_for_url("**/details/")
    page.check("input[name=act][value=first_issue]")
    page.check("input[name=categories][value=A1]")
    picture_fields(page)
    walking.save_details(page, "АШ-020035", picture)
    walking.attach(page, "legal_representation", certificate)
    return walking.pay_and_accept(page, 1, picture)


def test_a_minor_of_sixteen_gets_a_licence_for_a1(running: Running, sign_in_browser):
    """DL.5, CC.23: A1 is open from 16; the mother acts, her right is proved by the birth certificate."""
    picture = walking.Pictures("applicants-minor")
    desk = sign_in_browser(running.people["front_desk"])
    number = minor_at_the_desk(desk, BIRTH_CERTIFICATE, picture)
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number, picture)
    walking.approve(officer, number, picture)
    expect(officer.locator("#case-papers")).to_contain_text("Водительское удостоверение")
    walking.hand_over(desk, number, picture)

    application = Application.objects.get(number=number)
    licence = DriverLicence.objects.get(application=application)
    assert [grant.category_id for grant in licence.grants.all()] == ["A1"]
    assert application.received_by.iin == demo_person("P-02")["iin"]
    assert application.received_with is None
    code = application.papers.get(kind="driver_licence").verification_code
    walking.verify(sign_in_browser(None), code, licence.number, picture)


def test_the_birth_certificate_of_another_child_ends_in_a_refusal(running: Running, sign_in_browser):
    """DL.9.1: the officer compares the scan, marks it wrong and says in both languages what is untrue."""
    picture = walking.Pictures("applicants-minor")
    desk = sign_in_browser(running.people["front_desk"])
    number = minor_at_the_desk(desk, ANOTHER_CHILDS, walking.Pictures())
    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    officer.goto(f"/cases/{number}/")
    officer.click(".mark-wrong summary")
    officer.fill(".mark-wrong input[name=reason]", WRONG_RU)
    officer.click(".mark-wrong button")
    expect(officer.locator("#case-verdict")).to_contain_text("нет")
    picture(officer, "refused-1-case")
    officer.click("a#step-refuse")
    officer.wait_for_url("**/refuse/")
    officer.check("input[name=ground][value='DL.9.1']")
    officer.fill("[name='remark_ru:DL.9.1']", WRONG_RU)
    officer.fill("[name='remark_kk:DL.9.1']", WRONG_KK)
    picture(officer, "refused-2-grounds")
    officer.click("#refusal button[value=preview]")
    expect(officer.locator(".letters")).to_contain_text("Тасболат Дана")
    picture(officer, "refused-3-letter")
    officer.click("#refusal button[value=confirm]")
    officer.wait_for_url(f"**/cases/{number}/")

    application = Application.objects.get(number=number)
    assert (application.state, application.refusal.reasons.get().row) == (State.REFUSED, "DL.9.1")
    assert not DriverLicence.objects.filter(application=application).exists()
