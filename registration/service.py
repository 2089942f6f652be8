"""State registration of vehicles as the road knows it (annex 5, rows VR). VR-1 is served; the others come later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Surrender
from applications.services import (
    ChargeLine,
    CheckQuestion,
    Deliverable,
    DetailsView,
    GroundFound,
    PaperKind,
    Summary,
    Surrenderable,
    standard_of,
)
from applications.standards import (
    ALWAYS,
    ApplicantKind,
    Channel,
    DueAt,
    Facts,
    MetBy,
    Requirement,
    Standard,
    Text,
)
from fees import charging
from refusals.papers import REFUSAL_LETTER
from registration import issuing, problems
from registration.forms import PrimaryRegistrationForm
from registration.models import (
    Colour,
    FactsSource,
    Fuel,
    InspectionAct,
    PrimaryRegistrationDetails,
    RegistrationCertificate,
)
from registration.papers import INSPECTION_ACT, REGISTRATION_CERTIFICATE
from registration.questions import questions, vehicle_class
from registration.standard import VERSIONS
from registration.standard import facts as named
from registration.vehicle_facts import known_vehicle, passport_check, take_from_register

EXEMPTION_PROOF = Text(
    "Document that proves the exemption from the plate duty",
    "Документ, подтверждающий освобождение от пошлины за ГРНЗ",
    "МТНБ үшін баждан босатылғанын растайтын құжат",
)


EFFECT = Text(
    "The vehicle is entered in the register under this owner, with the next plate of the stock; an SRTS blank leaves "
    "the stock; the certificate is printed and signed.",
    "Транспортное средство вносится в реестр за этим владельцем со следующим ГРНЗ со склада; бланк СРТС списывается "
    "со склада; свидетельство печатается и подписывается.",
    "Көлік құралы тізілімге осы иесіне қоймадағы келесі МТНБ-мен енгізіледі; КҚТК бланкі қоймадан шығарылады; куәлік "
    "басып шығарылып, қол қойылады.",
)
PLATES = Text("Plates", "ГРНЗ", "МТНБ")
CERTIFICATE = Text("SRTS", "СРТС", "КҚТК")


class VehicleRegistration:
    """The Service contract for "VR"."""

    code = "VR"
    versions: tuple[Standard, ...] = VERSIONS
    # What intake offers; VR-2 to VR-4 stand in the standard and are not on the road yet.
    subservices_offered: Sequence[str] = (named.PRIMARY,)
    details_model: type[models.Model] = PrimaryRegistrationDetails
    subject_name = Text("Vehicle", "Транспортное средство", "Көлік құралы")
    related: Sequence[str] = ("vehicle_details", "registration")
    papers: Sequence[PaperKind] = (REGISTRATION_CERTIFICATE, INSPECTION_ACT, REFUSAL_LETTER)

    def details_form(self, application: Application, data: Any = None) -> PrimaryRegistrationForm:
        """The form of VR-1, bound when `data` is given; saving it writes only the details."""
        return PrimaryRegistrationForm(application, data)

    def details_template(self, application: Application) -> str:
        return "desk/details/registration.html"

    def facts(self, application: Application, on: date) -> Facts:
        """What the conditions of the standard look at, on the day `on` (Asia/Almaty)."""
        details: PrimaryRegistrationDetails = application.vehicle_details
        is_person = application.applicant_person_id is not None
        return Facts(
            subservice=application.subservice,
            channel=Channel(application.channel),
            applicant=ApplicantKind.PERSON if is_person else ApplicantKind.ORGANISATION,
            on=on,
            details={
                named.PREVIOUS_OWNER_IS_ORGANISATION: details.previous_owner_is_organisation,
                named.ALTERED_CONSTRUCTION: details.altered_construction,
                named.ELECTRONIC_PASSPORT_EXISTS: details.facts_source == FactsSource.REGISTER,
            },
        )

    def summary(self, application: Application) -> Summary:
        """The key that bars a second application for the vehicle, and the vehicle in a line."""
        details: PrimaryRegistrationDetails = application.vehicle_details
        vehicle = known_vehicle(details)
        keys = (("VIN", details.vin), ("BODY", details.body_number), ("CHASSIS", details.chassis_number))
        subject = next((f"{kind}:{number}" for kind, number in keys if number), "")
        return Summary(subject, vehicle.headline or vehicle.identity, application.plate_number)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The vehicle line by line, with the passport's own value where it differs from what was entered."""
        vehicle = known_vehicle(application.vehicle_details)
        check = passport_check(application)
        registered = (check.facts.get("vehicle") or {}) if check is not None else {}
        lines = (
            (_("VIN"), "vin", vehicle.vin),
            (_("Body number"), "body_number", vehicle.body_number),
            (_("Chassis number"), "chassis_number", vehicle.chassis_number),
            (_("Category"), "category", vehicle.category),
            (_("Make"), "make", vehicle.make),
            (_("Model"), "model", vehicle.model),
            (_("Year of manufacture"), "year", vehicle.year),
            (_("Colour"), "", Colour(vehicle.colour).label if vehicle.colour else ""),
            (_("Body type"), "body_type", vehicle.body_type),
            (_("Engine number"), "engine_number", vehicle.engine_number),
            (_("Engine volume, cm³"), "engine_volume_cm3", vehicle.engine_volume_cm3),
            (_("Engine power, kW"), "", vehicle.engine_power_kw),
            (_("Fuel"), "", Fuel(vehicle.fuel).label if vehicle.fuel in Fuel.values else ""),
            (_("Unladen mass, kg"), "unladen_mass_kg", vehicle.unladen_mass_kg),
            (_("Permitted maximum mass, kg"), "maximum_mass_kg", vehicle.maximum_mass_kg),
            (_("Ecological class"), "ecological_class", vehicle.ecological_class),
            (_("Special marks"), "", vehicle.special_marks),
            (_("Vehicle passport"), "", vehicle.passport_number),
        )
        return [
            DetailsView(str(label), _shown(value), _differing(value, registered.get(name)))
            for label, name, value in lines
            if value not in (None, "") or registered.get(name)
        ]

    def documents(self, application: Application, facts: Facts) -> Sequence[Requirement]:
        """The standard's requirements, and the proof of an exemption where one is claimed (VR.6a).

        A payment is asked for once there is something to pay: for a vehicle nobody has described nothing can be
        counted, and an application for it can only be refused.
        """
        rules = standard_of(application).requirements_for(facts)
        details: PrimaryRegistrationDetails = application.vehicle_details
        if vehicle_class(known_vehicle(details)) is None:
            rules = [rule for rule in rules if MetBy.PAYMENT not in rule.met_by]
        if details.exemption:
            rules = [*rules, _exemption_proof(facts)]
        return rules

    def fulfilled(self, application: Application) -> frozenset[str]:
        """The inspection act, once there is one; whether the vehicle passed is `before_approval`'s word."""
        is_inspected = InspectionAct.objects.filter(application=application).exists()
        return frozenset({"inspection"} if is_inspected else ())

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """A vehicle registered for the first time has no previous papers."""
        return ()

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """Nothing is surrendered at a primary registration."""

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def assess(self, application: Application, now: datetime) -> None:
        """Charge what the standard asks for, once the vehicle is known (VR.6a); before that nothing can be counted."""
        details: PrimaryRegistrationDetails = application.vehicle_details
        vehicle = vehicle_class(known_vehicle(details))
        facts = self.facts(application, _day(now))
        rules = standard_of(application).charges_for(facts) if vehicle else []
        charging.assess(application, charging.requests(rules, vehicle=vehicle, exemption=details.exemption), now)

    def charges(self, application: Application) -> Sequence[ChargeLine]:
        return charging.charge_lines(application)

    def checks(self, application: Application, facts: Facts) -> Sequence[CheckQuestion]:
        return questions(application, facts)

    def registers_answered(self, application: Application, now: datetime) -> None:
        """The vehicle's data come from its electronic passport, never from a keyboard (VR.8.1d)."""
        take_from_register(application)

    def intake_problems(self, application: Application) -> dict[str, str]:
        return problems.intake_problems(application)

    def before_approval(self, application: Application) -> None:
        problems.before_approval(application)

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        return problems.grounds_found(application)

    def effect(self, application: Application) -> Text:
        return EFFECT

    def is_made_to_order(self, application: Application) -> bool:
        """Plates of a registration come from the stock."""
        return False

    def order_production(self, application: Application, now: datetime) -> None:
        """Nothing is made to order."""

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5a: the registration with its SRTS and plates."""
        certificate = issuing.register(application, now)
        return _given(application, certificate)

    def results(self, application: Application) -> Sequence[Deliverable]:
        """The plates and the SRTS of this application."""
        certificate = (
            RegistrationCertificate.objects.filter(registration__application=application)
            .select_related("blank")
            .first()
        )
        return _given(application, certificate) if certificate else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        """Take the registration back (VR.5a)."""
        raise NotImplementedError


def _given(application: Application, certificate: RegistrationCertificate) -> Sequence[Deliverable]:
    return (Deliverable(PLATES, application.plate_number), Deliverable(CERTIFICATE, certificate.number))


def _day(now: datetime) -> date:
    return timezone.localdate(now)


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return number_format(value, None if value % 1 else 0)
    return "" if value is None else str(value)


def _differing(value: object, registered: object) -> str:
    is_told = registered not in (None, "")
    return str(registered) if is_told and str(registered) != str(value) else ""


def _exemption_proof(facts: Facts) -> Requirement:
    return Requirement(
        row="VR.6a",
        code="exemption_proof",
        name=EXEMPTION_PROOF,
        when=ALWAYS,
        channels=frozenset(Channel),
        subservices=frozenset({facts.subservice}),
        met_by=(MetBy.SCAN,),
        due=DueAt.SUBMISSION,
    )
