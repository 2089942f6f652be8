"""A foreigner without an IIN in a real Chromium at step one, keyboard first."""

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from tests import walking
from tests.fixtures_registers import DEMO
from tests.fixtures_road import Road

pytestmark = pytest.mark.django_db(transaction=True)


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
    expect(page.locator(f"#id_{who} .found.calm")).to_be_visible(timeout=walking.PATIENCE)


def test_a_foreigner_without_an_iin(road: Road, sign_in_browser):
    """VR.8.1a: particulars typed from the passport, kept with Enter, marked as typed."""
    picture = walking.Pictures("applicants-foreigner")
    desk = sign_in_browser(road.people["front_desk"])
    desk.goto("/intake/")
    enter_by_document(desk, "applicant", "F-01")
    expect(desk.locator("#id_applicant .tag.risk")).to_be_visible()
    picture(desk, "01-applicant")
    desk.click("#open button.btn-primary")
    desk.wait_for_url("**/details/")

    assert Application.objects.get().applicant.identifier == "C01X00T47"
