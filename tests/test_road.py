"""The road of VR-1, verb by verb, against real registers over the wire."""

import pytest

from applications.journal import verify
from applications.models import Application
from applications.states import State
from plates.models import Plate
from registration.models import RegistrationCertificate
from tests.fixtures_road import Road, work


@pytest.mark.django_db
def test_a_car_is_registered_for_the_first_time(road: Road):
    application = road.issued()

    assert application.state == State.ISSUED
    assert Plate.objects.get(number=application.plate_number).state == "assigned"
    assert RegistrationCertificate.objects.get().state == "valid"
    assert verify() is None
