"""Parking permits plugged into the road for one test, and out again."""

import pytest

from applications import services


@pytest.fixture
def toy(monkeypatch):
    """The toy service, offered at intake and shown on the public pages as long as the test lasts."""
    from tests.toy.service import ParkingPermits  # noqa: PLC0415 models are ready only once Django is

    service = ParkingPermits()
    monkeypatch.setitem(services._plugged.services, service.code, service)
    return service
