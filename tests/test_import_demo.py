"""The demo register comes in by the same loader as an earlier register, once, and obeys the register's own rules."""

from datetime import date

import pytest
from django.utils import timezone

from bench.register_files import FIRST_PERSON
from bench.seeding import iin_of
from legacy import demo
from legacy.models import RegistryImport
from offices.demo import load as load_offices
from people.identifiers import parse_iin
from registration.models import Vehicle
from tests.fixtures_registers import DEMO


@pytest.fixture
def demo_offices(plate_formats):
    load_offices(timezone.now())


def test_the_demo_register_comes_in_once(demo_offices):
    first = demo.load(timezone.now())
    assert first["vehicles"] == 24
    assert first["registrations"] == first["certificates"] == 26
    assert set(demo.load(timezone.now()).values()) == {0}
    assert Vehicle.objects.count() == 24
    assert RegistryImport.objects.filter(finished_at=None).count() == 0


def test_every_row_of_the_demo_register_is_good(demo_offices):
    demo.load(timezone.now())
    counts = RegistryImport.objects.get().counts
    assert {file: numbers["bad"] for file, numbers in counts.items()} == dict.fromkeys(counts, 0)


def test_a_million_invented_people_are_nobody_of_the_demo_data():
    """The bench's import met two IINs of demo people, whom another name was given: two bad rows of a million."""
    every, since = 14_000, date(1960, 1, 1)
    for person in DEMO.rows("people"):
        first = (parse_iin(person["iin"]).birth_date - since).days % every
        serials = range(first, FIRST_PERSON + 1_100_000, every)
        assert person["iin"] not in {iin_of(serial)[0] for serial in serials if serial >= FIRST_PERSON}
