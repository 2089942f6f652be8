"""The ten steps of the README in a real Chromium, against a real worker: from the front desk to plates in hand.

With WALK_PICTURES naming a folder, each step leaves its picture there: that is how docs/walk is made.
"""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from applications.journal import verify
from applications.models import Application
from applications.states import State
from plates.models import Plate
from registration.models import RegistrationCertificate
from tests.fixtures_registers import demo_person, demo_vehicle
from tests.fixtures_worker import Running

pytestmark = pytest.mark.django_db(transaction=True)

FACE = "fonts/noto-sans/NotoSans[wdth,wght].ttf"
CONTRACT = """ДОГОВОР КУПЛИ-ПРОДАЖИ

г. Алматы · 20 ноября 2026 года

Продавец: ТОО «Дала Авто»
Покупатель: Нұрланова Айгерім Бақытқызы
Предмет: Hyundai Tucson, 2026
VIN Z94SH9580LH107142

Цена: 14 900 000 тенге

Удостоверено нотариусом города Алматы,
зарегистрировано в реестре за № 2-1187."""
# The worker answers in parts of a second; a loaded machine may take its time.
PATIENCE = 30_000


@pytest.fixture
def pictured() -> Callable[[Page, str], None]:
    """Keep a picture of a step, when somebody asked for pictures."""
    folder = os.environ.get("WALK_PICTURES")

    def picture(page: Page, name: str) -> None:
        if folder:
            page.wait_for_timeout(400)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return picture


def contract() -> bytes:
    """A scan of a sale contract, as a front desk gets it."""
    page = Image.new("RGB", (1240, 1754), "white")
    face = ImageFont.truetype(finders.find(FACE), 34)
    ImageDraw.Draw(page).multiline_text((120, 140), CONTRACT, font=face, fill="#222", spacing=26)
    content = BytesIO()
    page.save(content, "JPEG", quality=70)
    return content.getvalue()


def take_in(page: Page, picture, person: str, vehicle: str) -> str:
    """Steps one to five at the front desk; the number of the accepted application."""
    page.goto("/intake/")
    page.fill("#applicant_identifier", demo_person(person)["iin"])
    page.press("#applicant_identifier", "Enter")
    expect(page.locator("#id_applicant .found.calm")).to_be_visible(timeout=PATIENCE)
    picture(page, "01-applicant")
    page.click("#open button.btn-primary")
    page.wait_for_url("**/details/")
    page.fill("[name=vin]", demo_vehicle(vehicle)["vin"])
    page.select_option("[name=ownership_proof]", "notarised")
    page.click("button[name=stay]")
    expect(page.locator("#shown")).to_contain_text(demo_vehicle(vehicle)["model"], timeout=PATIENCE)
    picture(page, "02-vehicle")
    page.click("#details button.btn-primary")
    page.wait_for_url("**/documents/")
    page.set_input_files(
        "#need-ownership_proof input[type=file]",
        {"name": "contract.jpg", "mimeType": "image/jpeg", "buffer": contract()},
    )
    page.click("#need-ownership_proof form[enctype] button")
    expect(page.locator("#need-ownership_proof .attached")).to_be_visible()
    picture(page, "03-documents")
    page.click("[data-next]")
    pay(page, picture)
    page.click("[data-next]")
    page.wait_for_url("**/review/")
    expect(page.locator("#review button.btn-primary")).to_be_enabled(timeout=PATIENCE)
    page.click("#review button.btn-primary")
    page.wait_for_url("**/accepted/")
    expect(page.locator("#receipt a.btn-primary")).to_be_visible(timeout=PATIENCE)
    picture(page, "05-accepted")
    return page.url.split("/")[-3]


def pay(page: Page, picture) -> None:
    """Pay on the gateway's own page; the portal hears of it by itself."""
    page.wait_for_url("**/payment/")
    link = page.locator("#charges a[href*='/pay/']").first
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.context.expect_page() as opened:
        link.click()
    gateway = opened.value
    gateway.click("button[value=pay]")
    gateway.wait_for_load_state()
    gateway.close()
    expect(page.locator("#charges tr .tag.calm")).to_have_count(3, timeout=PATIENCE)
    picture(page, "04-payment")


def decide(page: Page, picture, number: str) -> None:
    """Steps six to eight: the officer takes the case, inspects the vehicle, approves."""
    page.goto("/")
    row = page.locator(f"#row-{number}")
    expect(row.locator("button")).to_be_visible(timeout=PATIENCE)
    picture(page, "06-queue")
    row.locator("button").click()
    expect(row.locator("button")).to_have_count(0)
    page.goto(f"/cases/{number}/inspection/")
    for name in ("vin_matches", "body_matches", "engine_matches"):
        page.check(f"[name={name}][value=yes]")
    picture(page, "07-inspection")
    page.click("#inspection button.btn-primary")
    page.wait_for_url(f"**/cases/{number}/")
    approve = page.locator("a#step-approve")
    expect(approve).to_be_visible(timeout=PATIENCE)
    picture(page, "08-case")
    approve.click()
    page.wait_for_url("**/approve/")
    page.click("form.panel button.btn-primary")
    page.wait_for_url(f"**/cases/{number}/")


def hand_over(page: Page, picture, number: str) -> None:
    """Steps nine and ten: print, hand over, done."""
    page.goto(f"/cases/{number}/hand-over/")
    expect(page.locator("#given .tag")).to_have_count(0, timeout=PATIENCE)
    for box in page.locator("#hand-over input[type=checkbox]").all():
        box.check()
    picture(page, "09-hand-over")
    page.click("#hand-over button.btn-primary")
    page.wait_for_load_state()


def test_ten_steps_from_the_front_desk_to_plates_in_hand(running: Running, sign_in_browser, pictured, client):
    desk = sign_in_browser(running.people["front_desk"])
    number = take_in(desk, pictured, "P-02", "V-02")
    officer = sign_in_browser(running.people["officer"])
    decide(officer, pictured, number)
    expect(officer.locator(".plate").first).to_be_visible(timeout=PATIENCE)
    hand_over(desk, pictured, number)

    application = Application.objects.get(number=number)
    certificate = RegistrationCertificate.objects.get()
    assert application.state == State.ISSUED
    assert application.handed_over_at is not None
    assert Plate.objects.get(number=application.plate_number).state == "assigned"
    assert certificate.state == "valid"
    assert_papers_verify(application, client)
    verify_and_picture(sign_in_browser(None), application, pictured)
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


def verify_and_picture(page: Page, application: Application, picture) -> None:
    certificate = application.papers.get(kind="registration_certificate")
    page.goto(f"/verify/{certificate.verification_code}/")
    expect(page.locator("main")).to_contain_text(certificate.number)
    picture(page, "10-verify")
