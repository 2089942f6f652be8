"""The steps that every walk through the desk shares, in a real Chromium against a real worker.

A walk is one clean case or one refusal of a sub-service; with WALK_PICTURES naming a folder each step that the test
pictures is kept there under the walk's name: that is how docs/walks is made.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from applications import issuing, lookup
from applications.models import Application
from applications.states import State
from tests.fixtures_registers import demo_organisation, demo_person, demo_vehicle
from tests.fixtures_registration import FACTS, make_case
from tests.fixtures_worker import Running

FACE = "fonts/noto-sans/NotoSans[wdth,wght].ttf"


class Pictures:
    """Keeps the pictures of one walk, when somebody asked for pictures."""

    def __init__(self, walk: str = "") -> None:
        self.walk = walk
        self.folder = os.environ.get("WALK_PICTURES") if walk else None

    def __call__(self, page: Page, name: str) -> None:
        if self.folder:
            # The browser's viewer of a PDF takes its time.
            page.wait_for_timeout(4000 if page.locator("iframe").count() else 400)
            drawn = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(128, Image.Quantize.FASTOCTREE)
            drawn.save(Path(self.folder) / f"{self.walk}-{name}.png", optimize=True)


def sheet(text: str) -> bytes:
    """A scan of a paper with these words, as a front desk gets it."""
    page = Image.new("RGB", (1240, 1754), "white")
    face = ImageFont.truetype(finders.find(FACE), 34)
    ImageDraw.Draw(page).multiline_text((120, 140), text, font=face, fill="#222", spacing=26)
    content = BytesIO()
    page.save(content, "JPEG", quality=70)
    return content.getvalue()


def on_the_record(running: Running, vehicle: str) -> Application:
    """The car of the demo data, registered under P-01 as long ago as the test needs; its papers are ordered."""
    row = demo_vehicle(vehicle)
    application = make_case(
        running.people["front_desk"],
        state=State.APPROVED,
        applicant=lookup.keep_person(demo_person("P-01")),
        holder=running.people["officer"],
        vin=row["vin"],
        facts={**FACTS, "make": row["make"], "model": row["model"]},
    )
    issuing.issue(application.number)
    issuing.order_papers(application.number)
    return Application.objects.get(pk=application.pk)


def find(page: Page, who: str, row_id: str) -> None:
    """Find the applicant or representative ("applicant", "representative") of the demo data by number."""
    number = demo_organisation(row_id)["bin"] if row_id.startswith("O") else demo_person(row_id)["iin"]
    page.fill(f"#{who}_identifier", number)
    page.press(f"#{who}_identifier", "Enter")
    expect(page.locator(f"#id_{who} .found.calm")).to_be_visible()


def open_draft(page: Page, subservice: str, applicant: str, picture: Pictures | None = None) -> None:
    """Step one of the intake: the sub-service by its code, the applicant by the id of the demo data."""
    page.goto("/intake/")
    page.check(f"input[name=subservice][value='{subservice}']")
    find(page, "applicant", applicant)
    if picture:
        picture(page, "01-applicant")
    page.click("#open button.btn-primary")
    page.wait_for_url("**/details/")


def save_details(page: Page, expected: str, picture: Pictures | None = None) -> None:
    """Save step two, wait until the registers have told `expected`, and go on to the documents."""
    page.click("button[name=stay]")
    expect(page.locator("#shown")).to_contain_text(expected)
    if picture:
        picture(page, "02-details")
    page.click("#details button.btn-primary")
    page.wait_for_url("**/documents/")


def attach(page: Page, requirement: str, text: str) -> None:
    """Attach a scan with these words to a requirement."""
    page.set_input_files(
        f"#need-{requirement} input[type=file]",
        {"name": f"{requirement}.jpg", "mimeType": "image/jpeg", "buffer": sheet(text)},
    )
    page.click(f"#need-{requirement} form[enctype] button")
    expect(page.locator(f"#need-{requirement} .attached")).to_be_visible()


def take_in(page: Page, thing: str, outcome: str = "returned", explanation: str = "") -> None:
    """Record that a thing is handed in, lost or stolen; `thing` is its code."""
    page.check(f"#thing-{thing} input[value={outcome}]")
    if explanation:
        page.fill(f"#thing-{thing} input[name=explanation]", explanation)
    page.click(f"#thing-{thing} button")
    expect(page.locator(f"#thing-{thing}.met")).to_be_visible()


def pay(page: Page, lines: int, picture: Pictures | None = None) -> None:
    """Pay on the gateway's own page; the portal hears of it by itself. `lines` is how many charges turn paid."""
    page.wait_for_url("**/payment/")
    link = page.locator("#charges a[href*='/pay/']").first
    expect(link).to_be_visible()
    with page.context.expect_page() as opened:
        link.click()
    gateway = opened.value
    gateway.click("button[value=pay]")
    expect(gateway.locator("button[value=pay]")).to_have_count(0)
    gateway.close()
    expect(page.locator("#charges tr .tag.calm")).to_have_count(lines)
    if picture:
        picture(page, "04-payment")


def accept(page: Page, picture: Pictures | None = None) -> str:
    """Step five: accept and wait for the receipt; the number of the application."""
    page.wait_for_url("**/review/")
    expect(page.locator("#review button.btn-primary")).to_be_enabled()
    page.click("#review button.btn-primary")
    page.wait_for_url("**/accepted/")
    expect(page.locator("#receipt a.btn-primary")).to_be_visible()
    if picture:
        picture(page, "05-accepted")
    return page.url.split("/")[-3]


def pay_and_accept(page: Page, lines: int, picture: Pictures) -> str:
    """From the filled-in documents of step three to the receipt; the number of the application."""
    picture(page, "03-documents")
    page.click("[data-next]")
    pay(page, lines, picture)
    page.click("[data-next]")
    return accept(page, picture)


def take(page: Page, number: str, picture: Pictures | None = None) -> None:
    """The officer takes the case out of the queue."""
    page.goto("/")
    row = page.locator(f"#row-{number}")
    expect(row.locator("button")).to_be_visible()
    if picture:
        picture(page, "06-queue")
    row.locator("button").click()
    expect(row.locator("button")).to_have_count(0)


def inspect(page: Page, number: str, picture: Pictures | None = None) -> None:
    """The officer records that the vehicle is the one of its papers."""
    page.goto(f"/cases/{number}/inspection/")
    for name in ("vin_matches", "body_matches", "engine_matches"):
        page.check(f"[name={name}][value=yes]")
    if picture:
        picture(page, "07-inspection")
    page.click("#inspection button.btn-primary")
    page.wait_for_url(f"**/cases/{number}/")


def approve(page: Page, number: str, picture: Pictures | None = None) -> None:
    """The officer approves, once nothing bars it any more."""
    page.goto(f"/cases/{number}/")
    step = page.locator("a#step-approve")
    expect(step).to_be_visible()
    if picture:
        picture(page, "08-case")
    step.click()
    page.wait_for_url("**/approve/")
    page.click("form.panel button.btn-primary")
    page.wait_for_url(f"**/cases/{number}/")


def refuse(page: Page, number: str, picture: Pictures | None = None) -> None:
    """The officer refuses on what the evidence proves, having read the letter."""
    page.goto(f"/cases/{number}/")
    step = page.locator("a#step-refuse")
    expect(step).to_be_visible()
    expect(page.locator("#case-verdict")).to_contain_text("нет")
    if picture:
        picture(page, "refused-1-case")
    step.click()
    page.wait_for_url("**/refuse/")
    expect(page.locator(".ground.proven input:checked").first).to_be_visible()
    if picture:
        picture(page, "refused-2-grounds")
    page.click("#refusal button[value=preview]")
    expect(page.locator(".letters")).to_be_visible()
    if picture:
        picture(page, "refused-3-letter")
    page.click("#refusal button[value=confirm]")
    page.wait_for_url(f"**/cases/{number}/")


def hand_over(page: Page, number: str, picture: Pictures | None = None) -> None:
    """The front desk prints, gives out and records it."""
    page.goto(f"/cases/{number}/hand-over/")
    button = page.locator("#hand-over button.btn-primary")
    expect(button).to_be_enabled()
    for box in page.locator("#hand-over input[type=checkbox]").all():
        box.check()
    if picture:
        picture(page, "09-hand-over")
    button.click()
    expect(page.locator(".flashes")).to_contain_text(number)


def verify(page: Page, code: str, says: str, picture: Pictures | None = None) -> None:
    """Anybody opens the public page behind the code of a paper."""
    page.goto(f"/verify/{code}/")
    expect(page.locator("main")).to_contain_text(says)
    if picture:
        picture(page, "10-verify")
