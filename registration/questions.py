"""The questions of the registration standard made concrete for one application: of whom, about which numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from applications.errors import DomainError
from applications.models import Application
from applications.services import CheckQuestion, standard_of
from applications.standards import CheckRule, Facts
from fees import charging
from fees.models import Charge
from fees.tariffs import MissingTariffError, VehicleClass, recycling_amount
from people.models import Organisation, Person
from registers.contract import (
    ConsentQuestion,
    FinesQuestion,
    ForeignRegistrationQuestion,
    IdentityQuestion,
    OrganisationQuestion,
    PaymentReference,
    PaymentsQuestion,
    Question,
    RecyclingCertificateQuestion,
    RestrictionsQuestion,
    SanctionsQuestion,
    VehiclePassportQuestion,
    WantedPersonQuestion,
    WantedVehicleQuestion,
)
from registers.questions import FinesScope, SanctionsList
from registration.models import PrimaryRegistrationDetails
from registration.vehicle_facts import KnownVehicle, known_vehicle, passport_check

ELECTRONIC_PASSPORT_NUMBER = re.compile(r"\d{15}")
# Up to this year of manufacture a vehicle was surely made before the recycling payment began (27 January 2016).
BEFORE_RECYCLING = 2015


@dataclass(frozen=True)
class Case:
    """What the builders look at."""

    application: Application
    details: PrimaryRegistrationDetails
    vehicle: KnownVehicle
    on: date

    def party(self, subject: str) -> Person | Organisation | None:
        return self.application.applicant if subject == "applicant" else self.application.representative

    @cached_property
    def passport(self) -> dict[str, Any]:
        """What the passport register answered last."""
        check = passport_check(self.application)
        return check.facts if check is not None else {}

    @property
    def numbers(self) -> dict[str, str]:
        """The numbers to ask by: as entered, so that the passport's answer cannot change what was asked."""
        names = ("vin", "body_number", "chassis_number")
        return {name: value for name in names if (value := getattr(self.details, name))}


def questions(application: Application, facts: Facts) -> list[CheckQuestion]:
    """What the standard asks of the registers, as far as the data allow yet (rows VR.8, VR.9)."""
    details: PrimaryRegistrationDetails = application.vehicle_details
    case = Case(application, details, known_vehicle(details), facts.on)
    return [
        CheckQuestion(
            code=rule.code,
            subject=subject,
            register=rule.register,
            row=rule.row,
            ground=rule.ground,
            question=question,
            paper_serves=rule.paper_serves,
        )
        for rule in standard_of(application).checks_for(facts)
        for subject in rule.subjects
        if (question := BUILDERS[rule.register](case, rule, subject)) is not None
    ]


def _identity(case: Case, _rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    # A foreigner without an IIN is not in the population register: a scan of the document serves (VR.8.1a).
    return IdentityQuestion(party.iin) if isinstance(party, Person) and party.iin else None


def _organisation(case: Case, _rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    return OrganisationQuestion(party.bin) if isinstance(party, Organisation) else None


def _consent(case: Case, _rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    return ConsentQuestion(party.identifier, case.application.service) if party else None


def _fines(case: Case, rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    return FinesQuestion(party.identifier, cast("FinesScope", rule.parameters["scope"])) if party else None


def _wanted_person(case: Case, _rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    return WantedPersonQuestion(party.iin or "", **_names(party)) if isinstance(party, Person) else None


def _names(person: Person) -> dict[str, str]:
    return {
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date.isoformat(),
    }


def _sanctions(case: Case, rule: CheckRule, subject: str) -> Question | None:
    party = case.party(subject)
    listed = cast("SanctionsList", rule.register.removesuffix("_list"))
    if isinstance(party, Person):
        return SanctionsQuestion(listed, "person", party.iin or "", **_names(party))
    return SanctionsQuestion(listed, "organisation", party.bin, party.name) if party else None


def _about_vehicle(make: Callable[..., Question]) -> Callable[[Case, CheckRule, str], Question | None]:
    def build(case: Case, _rule: CheckRule, _subject: str) -> Question | None:
        return make(**case.numbers) if case.numbers else None

    return build


def _passport(case: Case, _rule: CheckRule, _subject: str) -> Question | None:
    if not case.numbers:
        return None
    typed = case.details.passport_number
    number = typed if ELECTRONIC_PASSPORT_NUMBER.fullmatch(typed) else ""
    return VehiclePassportQuestion(**case.numbers, passport_number=number)


def _recycling(case: Case, _rule: CheckRule, _subject: str) -> Question | None:
    if not case.numbers:
        return None
    amount = expected_recycling(case)
    return RecyclingCertificateQuestion(
        **case.numbers,
        certificate_number=case.details.recycling_certificate_number or None,
        expected_amount=None if amount is None else str(amount),
    )


def _payments(case: Case, _rule: CheckRule, _subject: str) -> Question | None:
    # Asked once the portal's own books say paid: before that the answer would only be "not yet".
    charges = list(Charge.objects.of(case.application).live().filter(amount__gt=0).select_related("payment"))
    if not charges or not charging.all_paid(case.application):
        return None
    references = sorted(charges, key=lambda charge: charge.reference)
    return PaymentsQuestion(tuple(PaymentReference(item.reference, f"{item.amount:f}") for item in references))


BUILDERS: dict[str, Callable[[Case, CheckRule, str], Question | None]] = {
    "identity": _identity,
    "organisations": _organisation,
    "consent": _consent,
    "fines": _fines,
    "wanted_persons": _wanted_person,
    "terrorism_list": _sanctions,
    "proliferation_list": _sanctions,
    "wanted_vehicles": _about_vehicle(WantedVehicleQuestion),
    "restrictions": _about_vehicle(RestrictionsQuestion),
    "foreign_registration": _about_vehicle(ForeignRegistrationQuestion),
    "vehicle_passport": _passport,
    "recycling": _recycling,
    "payments": _payments,
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
    details: PrimaryRegistrationDetails = application.vehicle_details
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
