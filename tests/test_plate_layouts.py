"""Layouts of plates are an administrator's settings with a day and a source; VR-4 waits for one (VR.8.1e)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.acting import Actor
from applications.journal import verify
from applications.models import JournalEntry
from plates import reference
from plates.models import HolderKind, Plate, PlateFormat, VehicleKind
from plates.stock import current_format, receive
from tests.fixtures_registration import refused_by

pytestmark = pytest.mark.django_db

TEMPORARY = "temporary_registration_5y"
CAR = "person_car_2012"


def typed(**other):
    """A layout of temporary plates as an administrator types it."""
    return {
        "regex": r"T\d{4}(?:0[1-9]|1[0-9]|20)",
        "example": "т1234 02",
        "region_place": "right",
        "background": "yellow",
        "since": "2026-11-01",
        "source": "Приказ МВД № 1, п. 2",
        **other,
    }


@pytest.fixture
def client(client, administrator, plate_formats):
    client.force_login(administrator)
    return client


def enter(client, code=TEMPORARY, **other):
    return client.post(reverse("desk:plate_format", args=[code]), typed(**other))


def test_an_entered_layout_is_issued_from_then_on_and_journaled(client, administrator):
    assert enter(client).status_code == 302
    reference.load()

    row = current_format(HolderKind.TEMPORARY, VehicleKind.CAR)
    assert (row.example, row.fits("T123402"), row.edited_by) == ("T123402", True, administrator)
    entry = JournalEntry.objects.get(action="plate_layout_entered")
    assert (entry.changes["before"]["regex"], entry.changes["after"]["valid_from"]) == ("", "2026-11-01")
    assert verify("settings") is None


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"regex": r"T\d+"}, "regex"),
        ({"regex": r"T[0-9"}, "regex"),
        ({"regex": r"\DT\d{4}02", "example": "ТТ123402"}, "regex"),
        ({"example": "A123402"}, "example"),
        ({"region_place": "left", "example": "T123402"}, "region_place"),
        ({"since": (timezone.localdate() + timedelta(days=1)).isoformat()}, "since"),
        ({"since": ""}, "since"),
        ({"source": ""}, "source"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, other, field):
    answer = enter(client, **other)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert PlateFormat.objects.get(pk=TEMPORARY).regex == ""


@pytest.mark.parametrize("pattern", [r"(T)\d{4}02|(R)\d{4}02", r"^(?:T)\d{4}02|(?:R)\d{4}02$", r"T\d{4}02|R\d{4}02"])
def test_each_side_of_an_alternative_is_the_whole_number(client, almaty_stock, pattern):
    """The database compares a part of the number unless the pattern holds it at both ends."""
    assert enter(client, regex=pattern).status_code == 302
    row = PlateFormat.objects.get(pk=TEMPORARY)
    plate = Plate.objects.filter(office=almaty_stock).earliest("pk")
    plate.pk, plate.format, plate.number = None, row, "T12340202"
    with refused_by("plate_fits_its_format"):
        plate.save(force_insert=True)
    enter(client, regex=row.regex)
    assert PlateFormat.objects.get(pk=TEMPORARY).regex == row.regex


def test_a_later_day_begins_a_new_layout_and_the_old_one_stays_valid(client):
    enter(client)
    enter(client, regex=r"\d{4}T(?:0[1-9]|1[0-9]|20)", example="1234T02", since="2026-11-20")
    reference.load()

    assert current_format(HolderKind.TEMPORARY, VehicleKind.CAR).code == "temporary_registration__20261120"
    old = PlateFormat.objects.get(pk=TEMPORARY)
    assert (old.is_current, old.fits("T123402")) == (False, True)
    assert enter(client, code="temporary_registration__20261120", since="2026-11-19").status_code == 422


def test_plates_on_record_keep_the_layout_they_were_made_in(client, almaty_stock):
    """The first day given again is a correction, and it must fit every plate of the layout."""
    PlateFormat.objects.filter(pk=CAR).update(valid_from="2012-08-01")
    answer = enter(client, code=CAR, since="2012-08-01")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["since"])
    assert PlateFormat.objects.get(pk=CAR).fits("417KZN02")

    assert enter(client, code=CAR).status_code == 302
    assert PlateFormat.objects.get(pk=CAR).fits("417KZN02")
    assert PlateFormat.objects.get(pk="person_car_2012_20261101").is_current


def test_plates_of_an_entered_layout_are_received(client, almaty_stock, officer):
    enter(client)
    row = PlateFormat.objects.get(pk=TEMPORARY)
    receipt = receive(
        actor=Actor.of(officer),
        office=almaty_stock,
        plate_format=row,
        numbers=["T000102"],
        reference="1",
        now=timezone.now(),
    )
    assert receipt.count == 1


def test_the_page_shows_what_is_missing_and_costs_the_same_however_long(client):
    address = reverse("desk:plate_formats")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        page = client.get(address)
    assert TEMPORARY in {item.code for item in page.context["missing"]}
    for number in range(30):
        PlateFormat.objects.create(
            code=f"old_{number}", holder_kind="special", vehicle_kind="car", pieces=2, confidence="low"
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_the_page_is_the_administrators(client, officer):
    client.force_login(officer)
    assert client.get(reverse("desk:plate_formats")).status_code == 403
    assert enter(client).status_code == 403
