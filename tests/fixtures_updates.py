"""Updates of recorded data (VR-3) on the road: a car registered to P-01, and what is asked to change."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from applications import intake, surrendering
from applications.models import Application, SurrenderOutcome
from applications.standards import Channel
from registration.models import Registration, Vehicle
from registration.standard import OwnershipProof
from tests.fixtures_registers import demo_vehicle
from tests.fixtures_road import Road, work

ENGINE = {"engine_number": "EA-900417", "engine_volume_cm3": "2494", "engine_power_kw": "154"}


def on_record(vehicle: str = "V-01") -> Vehicle:
    """The vehicle of the demo data as the register has it."""
    return Vehicle.objects.get(vin=demo_vehicle(vehicle)["vin"])


def registration_of(vehicle: str = "V-01") -> Registration:
    return on_record(vehicle).registrations.get(ended_at__isnull=True)


def open_update(road: Road, person: str = "P-01") -> Application:
    """A draft of VR-3 about nothing yet."""
    return intake.open_draft(
        actor=road.desk,
        service_code="VR",
        subservice="VR-3",
        channel=Channel.FRONT_DESK,
        applicant=road.applicant(person),
        now=timezone.now(),
    )


def ask(road: Road, application: Application, *reasons: str, vehicle: str = "V-01", **data: Any) -> Application:
    """Enter what changes as the desk does: first the vehicle and the reasons, then the data that these open."""
    plate = road_plate(vehicle)
    basics = {"found_by": plate, "update_reasons": list(reasons), "ownership_proof": OwnershipProof.NOTARISED.value}
    explained = {"explanation": data.pop("explanation", "Ошибка найдена при сверке")} if "mistake" in reasons else {}
    save_details(road, application, {**basics, **explained})
    form = current_form(application)
    shown = {name: form.initial.get(name) for name in form.changing}
    kept = {name: value for name, value in shown.items() if value not in (None, False)}
    save_details(road, application, {**basics, **explained, **kept, **data})
    work()
    return road.fresh(application)


def road_plate(vehicle: str) -> str:
    return registration_of(vehicle).plate_assignments.get(ended_at__isnull=True).plate.number


def current_form(application: Application) -> Any:
    from registration.forms.update import UpdateForm  # noqa: PLC0415

    return UpdateForm(Application.objects.get(pk=application.pk))


def save_details(road: Road, application: Application, data: dict[str, Any]) -> None:
    intake.save_details(actor=road.desk, number=application.number, version=None, data=data, now=timezone.now())


def drafted(road: Road, *reasons: str, person: str = "P-01", vehicle: str = "V-01", **data: Any) -> Application:
    """P-01's car is on record; a draft asks for these changes, with every scan that they need."""
    if not Vehicle.objects.filter(vin=demo_vehicle(vehicle)["vin"]).exists():
        road.issued(person, vehicle)
    application = ask(road, open_update(road, person), *reasons, vehicle=vehicle, **data)
    road.attach(application, "ownership_proof")
    if {"engine", "mistake"} & set(reasons):
        road.attach(application, "change_document")
    if "reequipment" in reasons:
        road.attach(application, "conformity_certificate")
    return road.fresh(application)


def held(road: Road, *reasons: str, **data: Any) -> Application:
    """Accepted, paid, asked about, inspected and held by the officer."""
    application = drafted(road, *reasons, **data)
    road.pay(application)
    application = road.submit(road.fresh(application))
    work()
    road.inspect(application)
    return road.take(application)


def issued(road: Road, *reasons: str, **data: Any) -> Application:
    application = road.approve(held(road, *reasons, **data))
    work()
    return road.fresh(application)


def take_in(road: Road, application: Application, thing: str, outcome: str = SurrenderOutcome.RETURNED) -> None:
    """Record at the desk that a previous thing was handed in, or is lost or stolen."""
    explanation = "" if outcome == SurrenderOutcome.RETURNED else "Заявление владельца"
    surrendering.take_in(
        actor=road.desk,
        number=application.number,
        version=None,
        requirement="previous_papers",
        thing=thing,
        outcome=outcome,
        explanation=explanation,
        now=timezone.now(),
    )
