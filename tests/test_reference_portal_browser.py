"""The reference portal in a real Chromium, every process real: a sale is filed, decided, heard of and shown.

Issue "The portals' door", Shows 1.
"""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.acting import Actor
from applications.marking import mark_wrong
from applications.models import Application, Signature
from applications.states import State
from registration import on_record
from tests import walking
from tests.fixtures_demo_portal import DemoPortal
from tests.fixtures_registers import demo_organisation, demo_person, demo_vehicle
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

# The bound of the issue: from the decision to the page of the citizen.
HEARD_WITHIN_SECONDS = 5.0
SELLER, BUYER = "P-01", "P-02"


def enter(page: Page, person: str) -> None:
    """Enter as somebody of the demo data, on the page that asks who one is."""
    page.click(f"button[value='{demo_person(person)['iin']}']")
    expect(page.locator("header .who strong")).to_contain_text(demo_person(person)["surname"])


def begin(page: Page, site: DemoPortal, picture: walking.Pictures) -> None:
    """Pick the service, enter as the buyer, open the draft."""
    page.goto(site.url)
    expect(page.locator(".banner")).to_contain_text("ДЕМО – это не egov.kz")
    picture(page, "01-services")
    page.click("a[href='/new/VR/VR-2/']")
    page.fill("#find", "никто такой")
    expect(page.locator("#nobody")).to_be_visible()
    expect(page.locator("#people li:visible")).to_have_count(0)
    page.fill("#find", "")
    expect(page.locator("#nobody")).to_be_hidden()
    picture(page, "02-who")
    enter(page, BUYER)
    page.select_option("[name=office]", "0201")
    picture(page, "03-new")
    page.click("button.main")
    page.wait_for_url("**/details/")


def fill_in(page: Page, registered: Application, picture: walking.Pictures) -> str:
    """The details, once with a plate that nobody has: the API's words stand beside the field. Gives the number."""
    page.fill("[name=found_by]", "999 ZZZ 99")
    page.fill("[name=seller_identifier]", demo_person(SELLER)["iin"])
    page.fill("[name=sold_on]", timezone.localdate().isoformat())
    page.select_option("[name=ownership_proof]", "both_signatures")
    page.click("button.main")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator(".field.wrong:has([name=found_by]) .error")).to_contain_text("999ZZZ99")
    expect(page.locator("[name=seller_identifier]")).to_have_value(demo_person(SELLER)["iin"])
    picture(page, "04-wrong")
    page.fill("[name=found_by]", registered.plate_number.lower())
    page.press("[name=found_by]", "Enter")
    page.wait_for_url(re.compile(r"/applications/[\d-]+/$"))
    return page.url.split("/")[-2]


def sign(page: Page, picture: walking.Pictures, name: str) -> None:
    """Read the text and sign it, the password wrong at first."""
    page.fill("[name=password]", "wrong")
    page.click("#sign button.main")
    expect(page.locator("#sign .wrong .error")).to_be_visible()
    page.fill("[name=password]", "demo")
    picture(page, name)
    page.click("#sign button.main")
    page.wait_for_url(re.compile(r"/applications/[\d-]+/$"))


def sell(page: Page, site: DemoPortal, number: str, picture: walking.Pictures) -> None:
    """The seller finds the sale waiting, says that there are no co-owners, and signs."""
    page.goto(f"{site.url}/applications/")
    enter(page, SELLER)
    expect(page.locator("table.list")).to_contain_text("ждёт вашей подписи")
    picture(page, "06-waiting")
    page.click(f"a[href='/applications/{number}/']")
    page.click("a[href$='/signing/']")
    page.click("#sign button.main")  # the browser itself asks for the password first
    page.fill("[name=password]", "demo")
    page.click("#sign button.main")
    expect(page.locator("#field-co_owners .error")).to_be_visible()
    page.check("[name=co_owners][value=none]")
    sign(page, picture, "07-seller-signs")
    expect(page.locator("main")).to_contain_text("Дальше действует заявитель")


def pay_and_submit(page: Page, number: str, picture: walking.Pictures) -> None:
    """To the payment page and back to the site, which waits for the portal to know of it; then submit."""
    page.click("#pay")
    page.wait_for_url(re.compile(r"/pay/\d+"))
    picture(page, "09-payment")
    page.click("button[value=pay]")
    page.wait_for_url(f"**/applications/{number}/")
    expect(page.locator("#submit")).to_be_visible()
    picture(page, "10-ready")
    page.click("#submit")
    expect(page.locator("#due")).to_contain_text(re.compile(r"\d\d:\d\d"))


def test_a_sale_signed_by_both_is_decided_and_heard_of_at_once(demo_portal: DemoPortal, sign_in_browser):
    """LAW-O1, VR.8.3e: filed, signed, paid and followed on the site, decided at the desk, heard of in time."""
    picture = walking.Pictures("reference-portal")
    running = demo_portal.running
    registered = walking.on_the_record(running, "V-01")
    buyer, seller = sign_in_browser(), sign_in_browser()
    begin(buyer, demo_portal, picture)
    number = fill_in(buyer, registered, picture)
    expect(buyer.locator("main")).to_contain_text(demo_vehicle("V-01")["model"])
    expect(buyer.locator("#pay")).to_be_visible()
    picture(buyer, "05-steps")
    sell(seller, demo_portal, number, picture)
    buyer.click(".call a[href$='/signing/']")
    sign(buyer, picture, "08-buyer-signs")
    pay_and_submit(buyer, number, picture)
    expect(buyer.locator("#papers .button").first).to_be_visible()
    picture(buyer, "11-filed")

    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.approve(officer, number)
    # The page of the buyer is at rest: nothing but a webhook makes it ask again.
    expect(buyer.locator("#course")).to_contain_text("Одобрено", timeout=HEARD_WITHIN_SECONDS * 1000)
    application = Application.objects.get(number=number)
    assert application.decided_at is not None
    assert (timezone.now() - application.decided_at).total_seconds() < HEARD_WITHIN_SECONDS

    expect(buyer.locator("#state")).to_contain_text("Оформлено")
    certificate = buyer.locator("#papers [data-kind=registration_certificate] a.button")
    expect(certificate).to_be_visible()
    shown = buyer.locator("iframe#paper").get_attribute("src").partition("#")[0]
    assert shown == certificate.get_attribute("href")
    paper = buyer.request.get(demo_portal.url + shown)
    assert (paper.headers["content-type"], paper.body()[:5]) == ("application/pdf", b"%PDF-")
    picture(buyer, "12-issued")

    application = Application.objects.get(number=number)
    assert (application.state, application.filed_by.code) == (State.ISSUED, "demo-portal")
    assert on_record.is_owned_by(on_record.ownership_of(application.registration.vehicle), application.applicant)
    assert {item.state for item in Delivery.objects.filter(application=application)} == {"delivered"}
    # The seller follows it as well; a third person sees nothing of it.
    expect(seller.locator("#state")).to_contain_text("Оформлено")
    stranger = sign_in_browser()
    stranger.goto(f"{demo_portal.url}/applications/{number}/")
    enter_unheard(stranger)
    assert stranger.goto(f"{demo_portal.url}/applications/{number}/").status == 404
    assert stranger.goto(f"{demo_portal.url}{shown}").status == 404


def enter_unheard(page: Page) -> None:
    with page.expect_navigation():
        page.click(f"button[value='{demo_person('P-05')['iin']}']")


def test_any_service_is_filed_by_the_form_that_the_api_describes(demo_portal: DemoPortal, sign_in_browser):
    """PD.8.2: the applicant's own plates are offered, the applicant signs, pays, files, and withdraws."""
    registered = walking.on_the_record(demo_portal.running, "V-01")
    page = sign_in_browser()
    page.goto(f"{demo_portal.url}/new/PD/PD/")
    enter(page, SELLER)
    page.click("[name=language][value=kk]")
    expect(page.locator("h1")).to_have_text("МТНБ телнұсқасы")
    page.click("[name=language][value=ru]")
    page.select_option("[name=office]", "0201")
    page.click("button.main")
    page.wait_for_url("**/details/")
    page.select_option("[name=plate]", registered.plate_number)
    page.select_option("[name=reason]", "lost")
    page.click("button.main")
    page.wait_for_url(re.compile(r"/applications/[\d-]+/$"))
    number = page.url.split("/")[-2]
    page.click(".call a[href$='/signing/']")
    sign(page, walking.Pictures(), "")
    pay_and_submit(page, number, walking.Pictures())
    page.click("#course summary")
    page.fill("[name=reason]", "Нашёлся")
    page.press("[name=reason]", "Enter")
    expect(page.locator("#state")).to_contain_text("Отозвано")
    assert Application.objects.get(number=number).state == State.WITHDRAWN


def attach(page: Page, need: str, text: str) -> None:
    """Attach a scan with these words to a requirement."""
    upload = {"name": f"{text}.jpg", "mimeType": "image/jpeg", "buffer": walking.sheet(text)}
    page.set_input_files(f"#need-{need} [name=upload]", upload)
    page.click(f"#need-{need} .upload button")


def open_draft(page: Page, site: DemoPortal, service: str, identifier: str) -> None:
    """Enter on the way to a service, choose the office, and stand before the details."""
    page.goto(f"{site.url}/new/{service}/")
    page.click(f"button[value='{identifier}']")
    page.select_option("[name=office]", "0201")
    page.click("button.main")
    page.wait_for_url("**/details/")


def save(page: Page) -> str:
    """Save the details and go on; the number."""
    page.click(".buttons button.main")
    page.wait_for_url(re.compile(r"/applications/[\d-]+/$"))
    return page.url.split("/")[-2]


def test_a_scan_that_is_not_accepted_is_asked_for_again(demo_portal: DemoPortal, sign_in_browser):
    """LAW-O1: a sale by a notarised contract; the same file does not do a second time, another one does."""
    registered = walking.on_the_record(demo_portal.running, "V-01")
    page = sign_in_browser()
    open_draft(page, demo_portal, "VR/VR-2", demo_person(BUYER)["iin"])
    page.fill("[name=found_by]", registered.plate_number)
    page.fill("[name=seller_identifier]", demo_person(SELLER)["iin"])
    page.fill("[name=sold_on]", timezone.localdate().isoformat())
    page.select_option("[name=ownership_proof]", "notarised")
    number = save(page)
    expect(page.locator("#step-documents .lacks")).to_be_visible()
    page.click("#step-documents a")
    attach(page, "ownership_proof", "contract")
    expect(page.locator("#need-ownership_proof button[name=remove]")).to_have_count(1)
    page.goto(f"{demo_portal.url}/applications/{number}/")
    pay_and_submit(page, number, walking.Pictures())

    application = Application.objects.get(number=number)
    mark_wrong(
        actor=Actor.of(demo_portal.running.people["officer"]),
        number=number,
        document_id=application.documents.get().pk,
        reason="Печать не читается",
        now=timezone.now(),
    )
    expect(page.locator("#sent-back")).to_contain_text("Печать не читается")
    page.click("#sent-back a")
    expect(page.locator("button[name=remove]")).to_have_count(0)
    attach(page, "ownership_proof", "contract")
    expect(page.locator("#need-ownership_proof .wrong .error")).to_contain_text("тот же файл")
    attach(page, "ownership_proof", "better")
    expect(page.locator("#need-ownership_proof .attached")).to_have_count(2)
    page.goto(f"{demo_portal.url}/applications/{number}/")
    expect(page.locator("#course")).to_contain_text("better.jpg")
    expect(page.locator("#sent-back")).to_have_count(0)


def test_a_refusal_is_shown_with_its_reasons_in_plain_words(demo_portal: DemoPortal, sign_in_browser):
    """VR.9.7: an update of a restricted car is filed, paid and submitted on the site, refused at the desk, told why."""
    running = demo_portal.running
    registered = walking.on_the_record(running, "V-23")
    page = sign_in_browser()
    open_draft(page, demo_portal, "VR/VR-3", demo_person(SELLER)["iin"])
    page.fill("[name=found_by]", registered.plate_number)
    page.check("[name=update_reasons][value=certificate]")
    number = save(page)
    expect(page.locator("#step-pay #pay")).to_be_visible()
    expect(page.locator("#step-plates")).to_have_count(0)
    pay_and_submit(page, number, walking.Pictures())
    expect(page.locator("#papers .button").first).to_be_visible()

    officer = sign_in_browser(running.people["officer"])
    walking.take(officer, number)
    walking.refuse(officer, number)
    expect(page.locator("#state")).to_contain_text("Отказано")
    reasons = page.locator("#refusal")
    (reason,) = Application.objects.get(number=number).refusal.reasons.all()
    assert reason.row == "VR.9.7"
    expect(reasons).to_contain_text(reason.text_ru)
    expect(reasons).to_contain_text(f"{reason.finding_ru} Основание: {reason.citation_ru}")
    expect(page.locator("main")).not_to_contain_text("VR.")
    expect(page.locator("#course")).not_to_contain_text("Отозвать")
    letter = page.locator("#papers [data-kind=refusal_letter] a.button")
    expect(letter).to_be_visible()
    assert page.request.get(demo_portal.url + letter.get_attribute("href")).body().startswith(b"%PDF-")
    walking.Pictures("reference-portal")(page, "13-refused")
    page.click("[name=language][value=kk]")
    expect(page.locator("h1")).to_have_text("Мәліметтерді өзектендіру (түзету)")
    expect(reasons).to_contain_text(reason.text_kk)


def test_a_company_files_through_its_head_with_its_own_key(demo_portal: DemoPortal, sign_in_browser):
    """LAW-O1: the organisation is the applicant, its head acts for it without a power, its key signs under its BIN."""
    registered = walking.on_the_record(demo_portal.running, "V-01")
    company = demo_organisation("O-01")
    page, seller = sign_in_browser(), sign_in_browser()
    open_draft(page, demo_portal, "VR/VR-2", company["bin"])
    page.fill("[name=found_by]", registered.plate_number)
    page.fill("[name=seller_identifier]", demo_person(SELLER)["iin"])
    page.fill("[name=sold_on]", timezone.localdate().isoformat())
    page.select_option("[name=ownership_proof]", "both_signatures")
    page.check("[name=plates_kept][value=no]")
    number = save(page)
    sell(seller, demo_portal, number, walking.Pictures())
    page.click(".call a[href$='/signing/']")
    sign(page, walking.Pictures(), "")
    pay_and_submit(page, number, walking.Pictures())
    application = Application.objects.get(number=number)
    assert application.applicant.identifier == company["bin"]
    assert application.representative.iin == company["head_iin"]
    signers = {item.signer for item in Signature.objects.filter(application=application)}
    assert signers == {company["bin"], demo_person(SELLER)["iin"]}
