"""A connected system files for its own channel and services, and sees nothing but what it filed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from applications import deciding, intake
from applications.acting import Actor
from applications.errors import DomainError, NotAllowedError, NotFoundError
from applications.models import Application
from applications.standards import Channel
from offices.models import ConnectedSystem
from tests.fixtures_api import connect
from tests.fixtures_road import Road

pytestmark = pytest.mark.django_db


def file(road: Road, system: ConnectedSystem, channel: Channel, code: str = "VR-2", service: str = "VR") -> Application:
    return intake.open_draft(
        actor=Actor.through(system, "10.1.1.1"),
        service_code=service,
        subservice=code,
        channel=channel,
        applicant=road.applicant("P-01"),
        office=road.people["officer"].office,
        now=timezone.now(),
    )


def test_what_a_system_filed_is_its_own(road, egov, bank):
    application = file(road, egov, Channel.EGOV)
    assert application.filed_by == egov
    assert list(Application.objects.filed_through(egov)) == [application]
    assert not Application.objects.filed_through(bank).exists()


def test_anothers_application_does_not_exist_for_a_system(road, egov, bank):
    application = file(road, egov, Channel.EGOV)
    words = {"number": application.number, "version": None, "now": timezone.now()}
    with pytest.raises(NotFoundError):
        deciding.withdraw(actor=Actor.through(bank), reason="not mine", **words)
    assert deciding.withdraw(actor=Actor.through(egov), reason="changed my mind", **words).state == "withdrawn"


def test_a_system_out_of_service_sees_nothing(road, egov):
    file(road, egov, Channel.EGOV)
    egov.is_active = False
    assert not Application.objects.filed_through(egov).exists()


@pytest.mark.parametrize(
    ("fields", "channel"),
    [({"services": ["PD"]}, Channel.EGOV), ({"is_active": False}, Channel.EGOV), ({}, Channel.PLATFORM)],
    ids=["another service", "out of service", "another channel"],
)
def test_a_system_files_only_what_it_is_connected_for(road, fields, channel):
    with pytest.raises(NotAllowedError) as refused:
        file(road, connect(**fields), channel)
    assert refused.value.code == "service_not_connected"
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("service", "code", "row"), [("PD", "PD", "PD.2"), ("DL", "DL-2", "DL.2x")], ids=["PD.2", "DL.2x"]
)
def test_the_standard_says_which_channels_there_are(road, bank, service, code, row):
    """PD.2, DL.2x: no rule of a channel stands beside the standard."""
    with pytest.raises(DomainError) as refused:
        file(road, bank, Channel.PLATFORM, code, service)
    assert refused.value.code == "channel_not_offered"
    assert refused.value.row.split(".")[0] == row.split(".")[0]


def test_the_database_refuses_a_front_desk_case_filed_by_a_system(road, egov):
    application = file(road, egov, Channel.EGOV)
    desk = road.people["front_desk"].office
    with pytest.raises(IntegrityError, match="application_front_desk_files_itself"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(channel=Channel.FRONT_DESK.value, front_desk=desk)


def test_the_database_refuses_to_change_what_a_system_is(egov):
    for change in ({"code": "other"}, {"channel": "platform"}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            ConnectedSystem.objects.filter(pk=egov.pk).update(**change)
    with pytest.raises(IntegrityError, match="connected_system_may_ask"), transaction.atomic():
        ConnectedSystem.objects.filter(pk=egov.pk).update(burst=0)
