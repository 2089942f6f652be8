"""Cases brought to each state by the verbs themselves, over the wire to the simulator: no impossible states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from applications import deciding, holding, intake, lookup, outbox
from applications.acting import Actor
from applications.models import Application, OutboxMessage
from applications.standards import Channel
from fees.payments import poll_unpaid
from offices.models import Staff
from people.models import Organisation, Person
from registration.inspecting import record_inspection
from registration.standard import OwnershipProof
from tests.fixtures_registers import SimulatorControl, demo_organisation, demo_person, demo_vehicle

INSPECTION = {"was_shown": "yes", "marking": "intact", "remarks": "", "remarks_kk": ""}


def scan(text: str = "ownership", size: tuple[int, int] = (620, 880)) -> SimpleUploadedFile:
    """A small JPEG whose content depends on `text`."""
    shade = sum(text.encode()) % 200
    content = BytesIO()
    Image.new("RGB", size, (shade, 210, 230)).save(content, "JPEG")
    return SimpleUploadedFile(f"{text}.jpg", content.getvalue(), content_type="image/jpeg")


def work(rounds: int = 8) -> None:
    """Keep every promise, later ones included, as the workers would; stop when a round has nothing left to do."""
    for _round in range(rounds):
        before = list(OutboxMessage.objects.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True))
        for message_id in before:
            outbox.keep(message_id)
        after = list(OutboxMessage.objects.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True))
        if not after or after == before:
            return


@dataclass
class Road:
    """The people of one office and the steps they take, each by the portal's own verb."""

    simulator: SimulatorControl
    desk: Actor
    officer: Actor
    second: Actor

    def find(self, identifier: str) -> Person | Organisation:
        """The applicant as the register knows them."""
        token = lookup.start(actor=self.desk, identifier=identifier, now=timezone.now())
        work()
        found = lookup.follow(token)
        assert found is not None
        assert found.state == "found", found
        return (Person if found.kind == "iin" else Organisation)._default_manager.get(pk=found.pk)

    def draft(self, person: str = "P-01", vehicle: str = "V-01", **details: Any) -> Application:
        """A draft with the vehicle's data from its passport and the ownership proof attached; not yet paid."""
        applicant = (
            self.find(demo_organisation(person)["bin"])
            if person.startswith("O")
            else self.find(demo_person(person)["iin"])
        )
        application = intake.open_draft(
            actor=self.desk,
            service_code="VR",
            subservice="VR-1",
            channel=Channel.FRONT_DESK,
            applicant=applicant,
            now=timezone.now(),
        )
        row = demo_vehicle(vehicle)
        data = {"vin": row["vin"], "ownership_proof": OwnershipProof.NOTARISED.value, "plate_choice": "next", **details}
        intake.save_details(actor=self.desk, number=application.number, version=None, data=data, now=timezone.now())
        work()
        intake.attach(
            actor=self.desk,
            number=application.number,
            requirement="ownership_proof",
            upload=scan(),
            now=timezone.now(),
        )
        return self.fresh(application)

    def pay(self, application: Application, way: str = "silent") -> None:
        """Pay every charge at the gateway and let the portal learn of it by asking."""
        work()
        order = application.number.replace("-", "")
        assert self.simulator.pay(order, way).status_code == 303
        poll_unpaid(timezone.now() + timedelta(minutes=2))
        work()

    def accepted(self, *args: Any, **details: Any) -> Application:
        """Accepted at the desk; the registers are not asked yet."""
        application = self.draft(*args, **details)
        self.pay(application)
        return self.submit(application)

    def submit(self, application: Application, now: datetime | None = None) -> Application:
        return intake.submit(actor=self.desk, number=application.number, version=None, now=now or timezone.now())

    def in_review(self, *args: Any, **details: Any) -> Application:
        """Accepted, asked about, and waiting for a decision."""
        application = self.accepted(*args, **details)
        work()
        return self.fresh(application)

    def inspect(self, application: Application, **seen: Any) -> None:
        data = {**INSPECTION, **INSPECTED, **seen}
        record_inspection(actor=self.officer, number=application.number, version=None, data=data, now=timezone.now())

    def held(self, *args: Any, **details: Any) -> Application:
        """In review, inspected and held by the officer: everything is there to decide."""
        application = self.in_review(*args, **details)
        self.inspect(application)
        holding.take(actor=self.officer, number=application.number, now=timezone.now())
        return self.fresh(application)

    def approved(self, *args: Any, **details: Any) -> Application:
        application = self.held(*args, **details)
        return deciding.approve(
            actor=self.officer, number=application.number, version=application.version, now=timezone.now()
        )

    def issued(self, *args: Any, **details: Any) -> Application:
        application = self.approved(*args, **details)
        work()
        return self.fresh(application)

    def fresh(self, application: Application) -> Application:
        return Application.objects.get(pk=application.pk)


INSPECTED = {"vin_matches": "yes", "engine_matches": "yes", "body_matches": "yes"}


@pytest.fixture
def road(db, simulator, settings, tmp_path) -> Road:
    """Almaty with its stock, its people and a simulator that answers."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KEYS_DIR = tmp_path / "keys"
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("make_keys", verbosity=0)
    people = {staff.username: staff for staff in Staff.objects.select_related("office")}
    return Road(
        simulator=simulator,
        desk=Actor.of(people["front_desk"], "10.0.0.5"),
        officer=Actor.of(people["officer"], "10.0.0.6"),
        second=Actor.of(people["supervisor"], "10.0.0.7"),
    )
