"""DL-1 and DL-2 in a real browser, each to a licence and to a refusal; the worker asks the simulator and prints."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from licensing.models import DriverLicence
from tests.fixtures_licences import face, hand
from tests.walking import (
    Pictures,
    accept,
    approve,
    hand_over,
    open_draft,
    pay,
    refuse,
    save_details,
    take,
    verify,
)

pytestmark = pytest.mark.django_db(transaction=True)


def picture_fields(page: Page) -> None:
    for name, drawn in (("photo", face()), ("signature", hand())):
        upload = {"name": drawn.name, "mimeType": "image/png", "buffer": drawn.read()}
        page.set_input_files(f"input[name={name}]", upload)


def at_the_desk(page: Page, subservice: str, person: str, act: str, told: str, pictures: Pictures, *codes: str) -> str:
    """From the first step to the receipt; the number of the application."""
    open_draft(page, subservice, person, pictures)
    page.check(f"input[name=act][value={act}]")
    for code in codes:
        page.check(f"input[name=categories][value={code}]")
    picture_fields(page)
    save_details(page, told, pictures)
    page.click("a[data-next]")
    pay(page, 1, pictures)
    page.click("a[data-next]")
    return accept(page, pictures)


WALKS = [
    pytest.param("dl-1", "DL-1", "P-32", "exchange", "DL320001", (), id="DL-1 before expiry (DL.8.1b)"),
    pytest.param("dl-2", "DL-2", "P-34", "first_issue", "АШ-020034", ("B",), id="DL-2 first issue (DL.8.1d)"),
]


@pytest.mark.parametrize(("walk", "subservice", "person", "act", "told", "codes"), WALKS)
def test_a_licence_is_issued(running, sign_in_browser, walk, subservice, person, act, told, codes):
    pictures = Pictures(walk)
    desk = sign_in_browser(running.people["front_desk"])
    number = at_the_desk(desk, subservice, person, act, told, pictures, *codes)
    officer = sign_in_browser(running.people["officer"])
    take(officer, number, pictures)
    approve(officer, number, pictures)
    expect(officer.locator("#case-papers")).to_contain_text("Водительское удостоверение")
    hand_over(desk, number, pictures)
    application = Application.objects.get(number=number)
    licence = DriverLicence.objects.get(application=application)
    assert (licence.state, application.state) == ("valid", "issued")
    officer.goto(f"/drivers/{licence.driver_id}/")
    expect(officer.locator("main")).to_contain_text(licence.number)
    pictures(officer, "11-driver")
    code = application.papers.get(kind="driver_licence").verification_code
    verify(sign_in_browser(None), code, licence.number, pictures)


REFUSALS = [
    pytest.param("dl-1", "DL-1", "P-43", "exchange", "DL430001", (), id="DL-1 deprived (DL.9.2)"),
    pytest.param("dl-2", "DL-2", "P-42", "first_issue", "АШ-020042", ("B",), id="DL-2 practice failed (DL.9.2)"),
]


@pytest.mark.parametrize(("walk", "subservice", "person", "act", "told", "codes"), REFUSALS)
def test_a_licence_is_refused(running, sign_in_browser, walk, subservice, person, act, told, codes):
    desk = sign_in_browser(running.people["front_desk"])
    number = at_the_desk(desk, subservice, person, act, told, Pictures(), *codes)
    officer = sign_in_browser(running.people["officer"])
    take(officer, number)
    refuse(officer, number, Pictures(walk))
    application = Application.objects.get(number=number)
    assert application.state == "refused"
    assert not DriverLicence.objects.filter(application=application).exists()
