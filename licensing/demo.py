"""Demo licences of the drivers of fixtures/demo, and blanks for new ones."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from applications import storage
from applications.lookup import keep_person
from licensing.blanks import STOCK
from licensing.capturing import CONTENT_TYPE, FOLDER
from licensing.models import (
    Driver,
    DriverLicence,
    LicenceBlank,
    LicenceForm,
    LicenceGrant,
    LicenceOrigin,
    Photo,
    SignatureImage,
)
from licensing.rules import in_force
from offices.demo import DEMO
from offices.models import Office, Role, Staff
from offices.reference import rows
from people.models import Person
from registers.simulator.data import Data, resolve

# The real pattern was not found; an administrator of the demo portal has entered this one.
NUMBER_PATTERN, EXAMPLE = "[A-Z]{2}[0-9]{6}", "AK000001"
# Office, first number, count. The demo offices stand in fixtures/demo/offices.csv.
DELIVERIES = (("0201", "AK000001", 200), ("0101", "AL000001", 60), ("1701", "AM000001", 2))
OFFICE = "0201"


def load(now: datetime) -> dict[str, int]:
    """Enter the number pattern, deliver the blanks and take over the licences that are not there yet."""
    today = timezone.localdate(now)
    _enter_pattern(today, now)
    return {"licence blanks": _deliver(now), "driver licences": _take_over(today, now)}


def _enter_pattern(today: date, now: datetime) -> None:
    administrator = Staff.objects.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    forms = LicenceForm.objects.filter(in_force(today), number_pattern="")
    forms.update(number_pattern=NUMBER_PATTERN, example=EXAMPLE, edited_by=administrator, edited_at=now)


def _deliver(now: datetime) -> int:
    offices = {office.code: office for office in Office.objects.all()}
    delivered = 0
    for code, first, count in DELIVERIES:
        if not LicenceBlank.objects.filter(number=first).exists():
            delivered += len(STOCK.enter(offices[code], STOCK.series(first, count), received_by=None, now=now))
    return delivered


def _take_over(today: date, now: datetime) -> int:
    office = Office.objects.get(code=OFFICE)
    people = {row["id"]: row for row in Data().rows("people")}
    known = set(DriverLicence.objects.values_list("number", flat=True))
    count = 0
    for row in rows(DEMO / "licences.csv"):
        if row["number"] in known:
            continue
        person = people[row["person"]]
        driver, _created = Driver.objects.get_or_create(person=keep_person(_as_answered(person)))
        pictures = _drawn(driver.person, now) if row["pictures"] else {}
        issued_on = date.fromisoformat(resolve(row["issued_on"], today))
        licence = DriverLicence.objects.create(
            driver=driver,
            number=row["number"],
            issued_at=timezone.make_aware(datetime.combine(issued_on, time(10))),
            valid_until=date.fromisoformat(resolve(row["valid_until"], today)),
            office=office,
            origin=LicenceOrigin.IMPORTED,
            import_reference=f"fixtures/demo/licences.csv {row['number']}",
            restrictions=row["restrictions"],
            state=row["state"],
            state_reason=row["reason"],
            state_changed_at=now,
            **pictures,
        )
        LicenceGrant.objects.bulk_create(
            LicenceGrant(licence=licence, category_id=code, since=date.fromisoformat(resolve(since, today)))
            for code, since in (grant.split(":") for grant in row["grants"].split())
        )
        count += 1
    return count


def _drawn(person: Person, now: datetime) -> dict[str, Any]:
    """A face and a signature, so that the licence can be exchanged over a portal, where nobody takes a photo."""
    face, hand = Image.new("RGB", (480, 600), "#d8e2ec"), Image.new("RGB", (600, 180), "white")
    ImageDraw.Draw(face).ellipse((134, 84, 346, 444), fill="#e2bca0")
    ImageDraw.Draw(hand).line([(40 + 26 * step, 135 if step % 2 else 50) for step in range(20)], "#141e6e", 6)
    kept: dict[str, Any] = {}
    for name, model, picture in (("photo", Photo, face), ("signature", SignatureImage, hand)):
        content = BytesIO()
        picture.save(content, "JPEG")
        sha256 = storage.keep(FOLDER, content.getvalue())
        kept[name] = model.objects.create(
            person=person, sha256=sha256, content_type=CONTENT_TYPE, size=len(content.getvalue()), taken_at=now
        )
    return kept


def _as_answered(person: dict[str, str]) -> dict[str, object]:
    """The row as the population register tells it."""
    document = {"number": person["document_number"]} if person["document_number"] else None
    return {**person, "document": document, "address": {"text_ru": person["address_ru"]}}
