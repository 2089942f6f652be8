"""Cases brought to each state by the verbs themselves, over the wire to the simulator: no impossible states.

The reference and demo data are loaded once per test database and put back as a copy of the tables. So is a case: the
first test that asks for one walks the road, the others get the same rows back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from applications import checking, deciding, handover, holding, intake, lookup, outbox
from applications.acting import Actor
from applications.keys import make_missing
from applications.models import Application, NumberSequence, OutboxMessage
from applications.powers import keep_power_of_attorney
from applications.standards import Channel
from fees.models import Charge
from fees.payments import poll_unpaid
from offices.models import ConnectedSystem, Office, OfficeKind, Staff
from people.models import Organisation, Person, PowerOfAttorney
from registration.inspecting import record_inspection
from registration.standard import OwnershipProof
from tests import snapshots
from tests.fixtures_registers import SimulatorControl, demo_organisation, demo_person, demo_vehicle

INSPECTED = {
    "was_shown": "yes",
    "marking": "intact",
    "vin_matches": "yes",
    "engine_matches": "yes",
    "body_matches": "yes",
    "remarks": "",
    "remarks_kk": "",
}


def scan(text: str = "ownership", size: tuple[int, int] = (620, 880)) -> SimpleUploadedFile:
    """A small JPEG whose content depends on `text`."""
    shade = sum(text.encode()) % 200
    content = BytesIO()
    Image.new("RGB", size, (shade, 210, 230)).save(content, "JPEG")
    return SimpleUploadedFile(f"{text}.jpg", content.getvalue(), content_type="image/jpeg")


def work(rounds: int = 8, *, papers: bool = False) -> None:
    """Keep every promise, later ones included, as the workers would; stop when a round has nothing left to do.

    Papers take half a second each to print, so they wait unless they are what the test is about.
    """
    waiting = OutboxMessage.objects.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    if not papers:
        waiting = waiting.exclude(kind="paper")
    for _round in range(rounds):
        before = list(waiting.all())
        for message_id in before:
            outbox.keep(message_id)
        after = list(waiting.all())
        if not after or after == before:
            return


def kept(walk: Callable[..., Application]) -> Callable[..., Application]:
    """Walk once per database and day; the next test that begins with the same case gets its rows back.

    A test that has a case or a connected system already walks itself: its own rows would go with what is put back.
    """

    @wraps(walk)
    def walked(road: Road, *args: Any, **details: Any) -> Application:
        key = (walk.__name__, timezone.localdate(), args, tuple(sorted(details.items())))
        if Application.objects.exists() or ConnectedSystem.objects.exists():
            return walk(road, *args, **details)
        if key in road.cases:
            pk, rows = road.cases[key]
            snapshots.put_back(rows)
            return Application.objects.get(pk=pk)
        application = walk(road, *args, **details)
        road.cases[key] = application.pk, snapshots.difference(snapshots.take(), road.world)
        return Application.objects.get(pk=application.pk)

    return walked


@dataclass
class Road:
    """The people of one office and the steps they take, each by the portal's own verb."""

    simulator: SimulatorControl
    world: snapshots.Snapshot
    cases: dict[Any, tuple[int, snapshots.Snapshot]]
    people: dict[str, Staff]
    # The promises that a worker was woken for, in order.
    woken: list[int]

    def who(self, username: str) -> Actor:
        """An account of fixtures/demo/staff.csv as it acts."""
        return Actor.of(self.people[username], "10.0.0.5")

    @property
    def desk(self) -> Actor:
        return self.who("front_desk")

    @property
    def officer(self) -> Actor:
        return self.who("officer")

    @property
    def colleague(self) -> Actor:
        return self.who("officer2")

    @property
    def second(self) -> Actor:
        return self.who("supervisor")

    def find(self, identifier: str) -> Person | Organisation:
        """The applicant as the register knows them."""
        token = lookup.start(actor=self.desk, identifier=identifier, now=timezone.now())
        work()
        found = lookup.follow(token)
        assert found is not None
        assert found.state == "found", found
        return (Person if found.kind == "iin" else Organisation)._default_manager.get(pk=found.pk)

    def applicant(self, row_id: str) -> Person | Organisation:
        """The person or organisation of the demo data with this id.

        Whom the register would turn away today is on record from an earlier day, when it did not.
        """
        if row_id.startswith("O"):
            row = demo_organisation(row_id)
            if row["liquidated_on"]:
                return lookup.keep_organisation(row)
            return self.find(row["bin"])
        row = demo_person(row_id)
        is_turned_away = row["died_on"] or row["document_status"] != "valid" or row_id == "P-27"
        return lookup.keep_person(row) if is_turned_away else self.find(row["iin"])

    def open(
        self,
        applicant: Person | Organisation,
        representative: Person | None = None,
        power: PowerOfAttorney | None = None,
    ) -> Application:
        """A draft about nothing yet."""
        return intake.open_draft(
            actor=self.desk,
            service_code="VR",
            subservice="VR-1",
            channel=Channel.FRONT_DESK,
            applicant=applicant,
            representative=representative,
            power_of_attorney=power,
            now=timezone.now(),
        )

    def fill(self, application: Application, vehicle: str = "V-01", **details: Any) -> Application:
        """The vehicle, its proof of ownership, and what the registers say by then."""
        row = demo_vehicle(vehicle)
        data = {"vin": row["vin"], "ownership_proof": OwnershipProof.NOTARISED.value, "plate_choice": "next", **details}
        intake.save_details(actor=self.desk, number=application.number, version=None, data=data, now=timezone.now())
        work()
        self.attach(application, "ownership_proof")
        return self.fresh(application)

    def attach(self, application: Application, requirement: str) -> None:
        intake.attach(
            actor=self.desk,
            number=application.number,
            requirement=requirement,
            upload=scan(requirement),
            now=timezone.now(),
        )

    def draft(self, person: str = "P-01", vehicle: str = "V-01", **details: Any) -> Application:
        """A draft with the vehicle's data from its passport and the ownership proof attached; not yet paid."""
        applicant = self.applicant(person)
        head = self.find(demo_organisation(person)["head_iin"]) if isinstance(applicant, Organisation) else None
        return self.fill(self.open(applicant, head), vehicle, **details)

    def represented(self, representative: str, scope: list[str], *, days: int = 365) -> Application:
        """A draft of P-01 for V-01 brought by somebody with a power of attorney that holds for `days`."""
        grantor, holder = self.applicant("P-01"), self.applicant(representative)
        assert isinstance(holder, Person)
        today = timezone.localdate()
        power = keep_power_of_attorney(
            actor=self.desk,
            grantor=grantor,
            representative=holder,
            number="1-118",
            scope=scope,
            issued_on=today - timedelta(days=30),
            expires_on=today + timedelta(days=days),
            now=timezone.now(),
        )
        return self.fill(self.open(grantor, holder, power))

    def pay(self, application: Application, way: str = "silent") -> None:
        """Pay every charge at the gateway and let the portal learn of it by asking."""
        work()
        if not Charge.objects.payable().filter(application=application).exists():
            return
        order = application.number.replace("-", "")
        assert self.simulator.pay(order, way).status_code == 303
        poll_unpaid(timezone.now() + timedelta(minutes=2))
        work()

    @kept
    def paid(self, *args: Any, **details: Any) -> Application:
        """A draft with everything that acceptance needs."""
        application = self.draft(*args, **details)
        self.pay(application)
        return self.fresh(application)

    @kept
    def accepted(self, *args: Any, **details: Any) -> Application:
        """Accepted at the desk; the registers are not asked again yet."""
        application = self.draft(*args, **details)
        self.pay(application)
        return self.submit(application)

    def submit(self, application: Application, now: datetime | None = None) -> Application:
        return intake.submit(actor=self.desk, number=application.number, version=None, now=now or timezone.now())

    @kept
    def checking(self, *args: Any, **details: Any) -> Application:
        """Accepted; a worker has begun to ask and no register has answered since."""
        application = self.accepted(*args, **details)
        checking.begin(application.number, timezone.now())
        return self.fresh(application)

    @kept
    def in_review(self, *args: Any, **details: Any) -> Application:
        """Accepted, asked about, and waiting for a decision."""
        application = self.accepted(*args, **details)
        work()
        return self.fresh(application)

    def inspect(self, application: Application, **seen: Any) -> None:
        data = {**INSPECTED, **seen}
        record_inspection(actor=self.officer, number=application.number, version=None, data=data, now=timezone.now())

    def take(self, application: Application) -> Application:
        return holding.take(actor=self.officer, number=application.number, now=timezone.now())

    @kept
    def held(self, *args: Any, **details: Any) -> Application:
        """In review, inspected and held by the officer: everything is there to decide."""
        application = self.in_review(*args, **details)
        self.inspect(application)
        self.take(application)
        return self.fresh(application)

    def approve(self, application: Application, now: datetime | None = None) -> Application:
        return deciding.approve(actor=self.officer, number=application.number, version=None, now=now or timezone.now())

    @kept
    def approved(self, *args: Any, **details: Any) -> Application:
        """Approved; no worker has issued yet."""
        return self.approve(self.held(*args, **details))

    @kept
    def issued(self, *args: Any, **details: Any) -> Application:
        application = self.approved(*args, **details)
        work()
        return self.fresh(application)

    @kept
    def registered(self, *args: Any, **details: Any) -> Application:
        """Issued and handed over: a primary registration of a car that its owner can sell from now on."""
        application = self.issued(*args, **details)
        return handover.hand_over(actor=self.desk, number=application.number, version=None, now=timezone.now())

    def fresh(self, application: Application) -> Application:
        return Application.objects.get(pk=application.pk)


class Almaty:
    """What the tests of one database share: the loaded world, the walked cases, keys and files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world: snapshots.Snapshot = {}
        self.cases: dict[Any, tuple[int, snapshots.Snapshot]] = {}
        # The gateway remembers what was paid, so no test gets an application number of another one.
        self.numbers = count(1000, 1000)

    def settle(self) -> None:
        """Bring the reference and demo data into an empty database."""
        if self.world:
            snapshots.put_back({name: rows for name, rows in self.world.items() if rows})
        else:
            call_command("load_reference", verbosity=0)
            # The register of vehicles is empty, so that tests can count what a case enters there.
            call_command("load_demo", without=["legacy"], verbosity=0)
            make_missing(Office.objects.all(), timezone.now())
            self.world = snapshots.take()
        last, year = next(self.numbers), timezone.localdate().year
        NumberSequence.objects.bulk_create(
            NumberSequence(office=office, year=each, last=last)
            for office in Office.objects.filter(kind=OfficeKind.POLICE)
            for each in range(2024, year + 2)
        )


@pytest.fixture(scope="session")
def almaty(tmp_path_factory) -> Almaty:
    return Almaty(tmp_path_factory.mktemp("almaty"))


@pytest.fixture
def road(db, simulator, settings, almaty, monkeypatch) -> Road:
    """Almaty with its stock, its people and a simulator that answers; no worker listens, tests call `work`."""
    woken: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_options: woken.extend(args))
    settings.MEDIA_ROOT = almaty.folder / "media"
    settings.KEYS_DIR = almaty.folder / "keys"
    almaty.settle()
    people = {staff.username: staff for staff in Staff.objects.select_related("office__serves")}
    return Road(simulator=simulator, world=almaty.world, cases=almaty.cases, people=people, woken=woken)
