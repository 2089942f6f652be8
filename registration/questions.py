"""The questions of the registration standard made concrete for one application: of whom, about which numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from applications.errors import DomainError
from applications.models import Application
from applications.questions import concrete
from applications.services import CheckQuestion
from applications.standards import CheckRule, Facts
from fees.charging import payments_question
from fees.tariffs import MissingTariffError, VehicleClass, recycling_amount
from registers.contract import (
    ForeignRegistrationQuestion,
    Question,
    RecyclingCertificateQuestion,
    RestrictionsQuestion,
    TemporaryImportQuestion,
    VehiclePassportQuestion,
    WantedVehicleQuestion,
)
from registration.models import VehicleDetails
from registration.vehicle_facts import KnownVehicle, known_vehicle, passport_check

ELECTRONIC_PASSPORT_NUMBER = re.compile(r"[0-9]{15}")
# Up to this year of manufacture a vehicle was surely made before the recycling payment began (27 January 2016).
BEFORE_RECYCLING = 2015
NUMBERS = ("vin", "body_number", "chassis_number")


@dataclass(frozen=True)
class Case:
    """What the builders look at."""

    application: Application
    details: VehicleDetails
    vehicle: KnownVehicle
    on: date

    @cached_property
    def passport(self) -> dict[str, Any]:
        """What the passport register answered last."""
        check = passport_check(self.application)
        return check.facts if check is not None else {}

    @property
    def numbers(self) -> dict[str, str]:
        """The numbers to ask by: as entered, so that the passport's answer cannot change what was asked.

        Of a vehicle on record they are the register's.
        """
        source = self.details.vehicle or self.details
        return {name: value for name in NUMBERS if (value := getattr(source, name))}

    @property
    def corrected_numbers(self) -> dict[str, str]:
        """The numbers that an update would write in place of the recorded ones; empty where none is corrected."""
        return {name: str(new) for name in NUMBERS if (new := self.details.changes.get(name, {}).get("after"))}


def questions(application: Application, vehicle: KnownVehicle, facts: Facts) -> list[CheckQuestion]:
    """What the standard asks of the registers, as far as the data allow yet (rows VR.8, VR.9)."""
    case = Case(application, application.vehicle_details, vehicle, facts.on)
    own = {register: partial(_of_case, case, build) for register, build in BUILDERS.items()}
    return concrete(application, facts, {**own, "payments": payments_question})


def _of_case(
    case: Case, build: Callable[[Case, str], Question | None], _application: Application, _rule: CheckRule, subject: str
) -> Question | None:
    return build(case, subject)


def _about_vehicle(make: Callable[..., Question]) -> Callable[[Case, str], Question | None]:
    def build(case: Case, subject: str) -> Question | None:
        numbers = case.corrected_numbers if subject == "corrected_number" else case.numbers
        return make(**numbers) if numbers else None

    return build


def _passport(case: Case, _subject: str) -> Question | None:
    if not case.numbers:
        return None
    typed = case.details.passport_number
    number = typed if ELECTRONIC_PASSPORT_NUMBER.fullmatch(typed) else ""
    return VehiclePassportQuestion(**case.numbers, passport_number=number)


def _recycling(case: Case, _subject: str) -> Question | None:
    if not case.numbers:
        return None
    amount = expected_recycling(case)
    return RecyclingCertificateQuestion(
        **case.numbers,
        certificate_number=case.details.recycling_certificate_number or None,
        expected_amount=None if amount is None else str(amount),
    )


def _temporary_import(case: Case, _subject: str) -> Question | None:
    declaration = case.details.customs_declaration
    return TemporaryImportQuestion(**case.numbers, declaration=declaration) if case.numbers else None


# What only this service knows of, by register; the questions about people are every service's.
BUILDERS: dict[str, Callable[[Case, str], Question | None]] = {
    "wanted_vehicles": _about_vehicle(WantedVehicleQuestion),
    "restrictions": _about_vehicle(RestrictionsQuestion),
    "foreign_registration": _about_vehicle(ForeignRegistrationQuestion),
    "vehicle_passport": _passport,
    "recycling": _recycling,
    "temporary_import": _temporary_import,
}


def vehicle_class(vehicle: KnownVehicle) -> VehicleClass | None:
    """What the rates depend on; None while category or year is not known."""
    if not vehicle.category or not vehicle.year:
        return None
    return VehicleClass(
        category=vehicle.category,
        year_of_manufacture=vehicle.year,
        is_electric=vehicle.is_electric,
        is_hybrid=vehicle.is_hybrid,
        engine_cc=vehicle.engine_volume_cm3,
        is_tractor_unit=vehicle.is_tractor_unit,
    )


def expected_recycling(case: Case) -> Decimal | None:
    """The least that the certificate must be for, in tenge; None while it cannot be known.

    The index of the day of payment counts. The operator took the payment between the day the passport was issued and
    today, so the smaller of the two amounts is what the certificate must reach.
    """
    vehicle = vehicle_class(case.vehicle)
    if vehicle is None:
        return None
    made_or_imported = _made_or_imported(case)
    amounts = []
    for day in {case.on, _passport_issued(case) or case.on}:
        try:
            amounts.append(recycling_amount(vehicle, day, made_or_imported))
        except DomainError:
            continue
    return min(amounts) if amounts else None


def recycling_obstacle(application: Application, facts: Facts) -> MissingTariffError | DomainError | None:
    """Why the amount of the recycling payment cannot be compared today: a missing tariff or engine volume."""
    asked = next((check for check in application.checks.all() if check.code == "recycling"), None)
    if asked is not None and asked.question.get("expected_amount") is not None:
        return None
    details: VehicleDetails = application.vehicle_details
    case = Case(application, details, known_vehicle(details), facts.on)
    vehicle = vehicle_class(case.vehicle)
    if vehicle is None or expected_recycling(case) is not None:
        return None
    try:
        recycling_amount(vehicle, facts.on, _made_or_imported(case))
    except DomainError as error:
        return error
    return None


def _passport_issued(case: Case) -> date | None:
    text = case.passport.get("issued_on")
    return date.fromisoformat(text) if text else None


def _made_or_imported(case: Case) -> date | None:
    imported = case.passport.get("imported_on")
    if imported:
        return date.fromisoformat(imported)
    year = case.vehicle.year
    return date(year, 12, 31) if year and year <= BEFORE_RECYCLING else None
