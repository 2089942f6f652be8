"""Temporary registrations (VR-4) on the road: V-40 visits until the day that customs tell."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from applications import intake
from applications.models import Application
from applications.standards import Channel
from registration.models import Registration
from registration.standard import OwnershipProof
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_road import Road, work

PROOF = {"ownership_proof": OwnershipProof.NOTARISED.value}


def open_draft(road: Road, person: str = "P-10") -> Application:
    """A draft of VR-4 about nothing yet."""
    return intake.open_draft(
        actor=road.desk,
        service_code="VR",
        subservice="VR-4",
        channel=Channel.FRONT_DESK,
        applicant=road.applicant(person),
        now=timezone.now(),
    )


def save(road: Road, application: Application, data: dict[str, Any]) -> Application:
    intake.save_details(actor=road.desk, number=application.number, version=None, data=data, now=timezone.now())
    work()
    return road.fresh(application)


def drafted(road: Road, vehicle: str = "V-40", **data: Any) -> Application:
    """A draft with what customs say of the vehicle, and the proof of ownership attached."""
    details = {"act": "registration", "vin": demo_vehicle(vehicle)["vin"], **PROOF, **data}
    application = save(road, open_draft(road), details)
    road.attach(application, "ownership_proof")
    return road.fresh(application)


def held(road: Road, application: Application) -> Application:
    """Paid, accepted, asked about, inspected where the standard wants it, and held by the officer."""
    road.pay(application)
    application = road.submit(road.fresh(application))
    work()
    if application.vehicle_details.act != "deregistration":
        road.inspect(application)
    return road.take(application)


def issued(road: Road, application: Application) -> Application:
    application = road.approve(held(road, application))
    work()
    return road.fresh(application)


def registered(road: Road, **data: Any) -> Registration:
    """V-40 is registered for its term."""
    return Registration.objects.get(application=issued(road, drafted(road, **data)))


def on_record(road: Road, act: str, **data: Any) -> Application:
    """A draft about the vehicle that is registered: its extension, or its removal."""
    details = {"act": act, "found_by": demo_vehicle("V-40")["vin"], **PROOF, **data}
    application = save(road, open_draft(road), details)
    road.attach(application, "ownership_proof")
    return road.fresh(application)
