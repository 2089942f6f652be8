"""The demo register comes in by the same loader as an earlier register, once, and obeys the register's own rules."""

import pytest
from django.utils import timezone

from legacy import demo
from legacy.models import RegistryImport
from offices.demo import load as load_offices
from registration.models import Vehicle


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
