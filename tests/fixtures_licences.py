"""Applications about licences, brought to each state by the verbs themselves."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from applications import intake
from applications.models import Application
from applications.standards import Channel
from licensing.capturing import capture
from people.models import Organisation, Person
from tests.fixtures_road import Road, work


def face(size: tuple[int, int] = (480, 600)) -> SimpleUploadedFile:
    """A drawn face, as a camera at the desk would send it."""
    picture = Image.new("RGB", size, (216, 226, 236))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.ellipse((width * 0.1, height * 0.72, width * 0.9, height * 1.5), fill=(70, 88, 110))
    draw.ellipse((width * 0.28, height * 0.14, width * 0.72, height * 0.74), fill=(226, 188, 160))
    draw.pieslice((width * 0.26, height * 0.08, width * 0.74, height * 0.6), 180, 360, fill=(52, 42, 38))
    for x in (0.4, 0.6):
        draw.ellipse((width * (x - 0.03), height * 0.4, width * (x + 0.03), height * 0.44), fill=(40, 40, 40))
    draw.arc((width * 0.42, height * 0.5, width * 0.58, height * 0.62), 20, 160, fill=(150, 80, 80), width=5)
    return _file("face", picture)


def hand(size: tuple[int, int] = (600, 180)) -> SimpleUploadedFile:
    """A drawn signature."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    points = [(40 + 26 * step, 90 + (45 if step % 2 else -40) * (1 - step / 26)) for step in range(20)]
    draw.line(points, fill=(20, 30, 110), width=6, joint="curve")
    return _file("signature", picture)


def _file(name: str, picture: Image.Image) -> SimpleUploadedFile:
    content = BytesIO()
    picture.save(content, "PNG")
    return SimpleUploadedFile(f"{name}.png", content.getvalue(), content_type="image/png")


class LicenceRoad:
    """The steps of an application about a licence, on the road of one office."""

    def __init__(self, road: Road) -> None:
        self.road = road

    def open(self, person: str | Person | Organisation = "P-32", subservice: str = "DL-1", **more: Any) -> Application:
        applicant = self.road.applicant(person) if isinstance(person, str) else person
        return intake.open_draft(
            actor=self.road.desk,
            service_code="DL",
            subservice=subservice,
            channel=Channel.FRONT_DESK,
            applicant=applicant,
            now=timezone.now(),
            **more,
        )

    def fill(self, application: Application, act: str, **details: Any) -> Application:
        data = {"act": act, **details}
        intake.save_details(
            actor=self.road.desk, number=application.number, version=None, data=data, now=timezone.now()
        )
        work()
        return self.road.fresh(application)

    def capture(self, application: Application) -> Application:
        for what, picture in (("photo", face()), ("signature", hand())):
            capture(actor=self.road.desk, number=application.number, what=what, upload=picture, now=timezone.now())
        return self.road.fresh(application)

    def draft(self, person: str, subservice: str, act: str, **details: Any) -> Application:
        application = self.fill(self.open(person, subservice), act, **details)
        if act == "foreign":
            self.road.attach(application, "foreign_licence")
        return self.capture(application)

    def paid(self, *args: Any, **details: Any) -> Application:
        application = self.draft(*args, **details)
        self.road.pay(application)
        return self.road.fresh(application)

    def in_review(self, *args: Any, **details: Any) -> Application:
        application = self.road.submit(self.paid(*args, **details))
        work()
        return self.road.fresh(application)

    def held(self, *args: Any, **details: Any) -> Application:
        application = self.in_review(*args, **details)
        self.road.take(application)
        return self.road.fresh(application)

    def approved(self, *args: Any, **details: Any) -> Application:
        return self.road.approve(self.held(*args, **details))

    def issued(self, *args: Any, **details: Any) -> Application:
        application = self.approved(*args, **details)
        work()
        return self.road.fresh(application)


@pytest.fixture
def licences(road: Road) -> LicenceRoad:
    return LicenceRoad(road)


FOREIGN = {
    "foreign_country": "UZB",
    "foreign_number": "AF 1234567",
    "foreign_issued_on": "2020-05-14",
    "foreign_valid_until": "2030-05-14",
    "since_B": "2012-03-02",
}
