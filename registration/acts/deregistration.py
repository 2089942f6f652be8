"""VR-2 deregistration: a vehicle leaves the record, free of charge (rows VR.5b, VR.6c, VR.8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from people.models import Scope
from registration import sale
from registration.acts.on_record import (
    bar,
    grounds_of,
    previous_papers,
    record_problems,
    record_shown,
    sale_shown,
    vehicle_on_record,
)
from registration.deregistering import deregister
from registration.forms.deregistration import DeregistrationForm
from registration.models import Registration, VehicleDetails
from registration.previous_papers import take_in
from registration.problems import Problems
from registration.returning import off_the_record_message
from registration.standard import facts as named
from registration.undoing import undo_deregistration
from registration.vehicle_facts import KnownVehicle

ENTRY = Text("Entry of the deregistration", "Запись о снятии с учёта", "Есептен шығару туралы жазба")


class Deregistration:
    """The act of VR-2 that takes off the record."""

    effect = Text(
        "The vehicle is taken off the record: its registration and SRTS end, the plates are no longer on it. The entry "
        "is made in the register; a confirmation is printed on request.",
        "Транспортное средство снимается с учёта: регистрация и СРТС прекращаются, ГРНЗ за ним больше не числятся. "
        "Запись вносится в реестр; подтверждение печатается по просьбе.",
        "Көлік құралы есептен шығарылады: тіркеу мен КҚТК тоқтатылады, МТНБ оған тіркелмейді. Жазба тізілімге "
        "енгізіледі; растау сұрау бойынша басып шығарылады.",
    )
    template = "desk/details/deregistration.html"
    scope = Scope.DEREGISTER.value

    def form(self, application: Application, data: Any) -> DeregistrationForm:
        return DeregistrationForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        details: VehicleDetails = application.vehicle_details
        return {named.ACT: details.act, named.PREVIOUS_PAPERS_EXIST: details.registration_id is not None}

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        return vehicle_on_record(details)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The reason, and the vehicle as the register has it."""
        details: VehicleDetails = application.vehicle_details
        reason = details.deregistration_reason
        lines = [DetailsView(str(_("Reason")), str(reason))] if reason is not None else []
        return [*lines, *sale_shown(details), *record_shown(application)]

    def registers_answered(self, application: Application) -> None:
        """The vehicle's data are the register's own; no answer changes them."""

    def problems(self, application: Application, facts: Facts) -> Problems:
        """Field → what keeps the draft from being accepted."""
        details: VehicleDetails = application.vehicle_details
        found = {**_off_the_record(application), **_against(application)}
        if details.deregistration_reason_id is None:
            found["deregistration_reason"] = str(_("Choose why the vehicle is taken off the record."))
        return found

    def before_approval(self, application: Application) -> None:
        """Raise DomainError when the registration, and so perhaps the owner, has changed since acceptance (VR.9.2)."""
        bar("VR.9.2", "vehicle_changed", _off_the_record(application))

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """A registration that has ended or changed (VR.9.2)."""
        return grounds_of("VR.9.2", lambda: _off_the_record(application))

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """VR.8.2c: SRTS and plates, handed in or declared lost before the decision."""
        return previous_papers(application)

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        take_in(surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5b: the entry."""
        deregister(application)
        return (Deliverable(ENTRY, application.number),)

    def results(self, application: Application) -> Sequence[Deliverable]:
        has_ended = Registration.objects.filter(ended_by=application).exists()
        return (Deliverable(ENTRY, application.number),) if has_ended else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return undo_deregistration(application, now)


def _off_the_record(application: Application) -> Problems:
    details: VehicleDetails = application.vehicle_details
    if details.vehicle is not None and details.registration_id is None:
        return {"found_by": off_the_record_message(details.vehicle)}
    return record_problems(application)


def _against(application: Application) -> Problems:
    """What the register says against whoever applies; the registered owner needs no sale."""
    contract = sale.Sale.of(application)
    if contract is None or contract.is_by_owner:
        return {}
    return {**sale.missing(contract), **sale.wrong(contract)}
