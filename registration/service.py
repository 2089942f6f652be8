"""State registration of vehicles as the road knows it (annex 5, rows VR); what differs by sub-service are its acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from applications.models import Application, Surrender
from applications.representation import representation_problems, representation_requirements
from applications.services import (
    ChargeLine,
    CheckQuestion,
    Deliverable,
    DetailsView,
    GroundFound,
    PaperKind,
    Summary,
    Surrenderable,
    facts_of,
    standard_of,
)
from applications.standards import ALWAYS, ApplicantKind, Channel, DueAt, Facts, MetBy, Requirement, Standard, Text
from fees import charging
from refusals.papers import REFUSAL_LETTER
from registration import problems
from registration.acts import OFFERED, act_of, vehicle_of
from registration.choosing import let_go, takes_plates
from registration.models import InspectionAct, VehicleDetails
from registration.papers import (
    DEREGISTRATION_CONFIRMATION,
    INSPECTION_ACT,
    REGISTRATION_CERTIFICATE,
    TEMPORARY_CERTIFICATE,
)
from registration.plating import chosen_group, plate_problems
from registration.questions import questions, vehicle_class
from registration.standard import VERSIONS
from registration.standard import facts as named

EXEMPTION_PROOF = Text(
    "Document that proves the exemption from the plate duty",
    "Документ, подтверждающий освобождение от пошлины за ГРНЗ",
    "МТНБ үшін баждан босатылғанын растайтын құжат",
)


class VehicleRegistration:
    """The Service contract for "VR"."""

    code = named.SERVICE
    versions: tuple[Standard, ...] = VERSIONS
    subservices_offered: Sequence[str] = OFFERED
    details_model: type[models.Model] = VehicleDetails
    subject_name = Text("Vehicle", "ТС", "Көлік")
    related: Sequence[str] = (
        "vehicle_details__vehicle",
        "vehicle_details__registration",
        "registration",
    )
    papers: Sequence[PaperKind] = (
        REGISTRATION_CERTIFICATE,
        TEMPORARY_CERTIFICATE,
        DEREGISTRATION_CONFIRMATION,
        INSPECTION_ACT,
        REFUSAL_LETTER,
    )

    def details_form(self, application: Application, data: Any = None) -> forms.ModelForm[Any]:
        """The form of the act, bound when `data` is given and then of the act that `data` names; saves only details."""
        asked = data.get("act", "") if data is not None else ""
        return act_of(application, asked).form(application, data)

    def details_template(self, application: Application) -> str:
        return act_of(application).template

    def facts(self, application: Application, on: date) -> Facts:
        """What the conditions of the standard look at, on the day `on` (Asia/Almaty)."""
        is_person = application.applicant_person_id is not None
        return Facts(
            subservice=application.subservice,
            channel=Channel(application.channel),
            applicant=ApplicantKind.PERSON if is_person else ApplicantKind.ORGANISATION,
            on=on,
            details=act_of(application).named_facts(application),
        )

    def summary(self, application: Application) -> Summary:
        """The key that bars a second application for the vehicle, and the vehicle in a line.

        A vehicle on record is barred under the numbers it has, even where an update would correct them.
        """
        vehicle = vehicle_of(application)
        known = application.vehicle_details.vehicle or vehicle
        keys = (("VIN", known.vin), ("BODY", known.body_number), ("CHASSIS", known.chassis_number))
        subject = next((f"{kind}:{number}" for kind, number in keys if number), "")
        return Summary(subject, vehicle.headline or vehicle.identity, _plate_number(application))

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        return act_of(application).facts_shown(application)

    def documents(self, application: Application, facts: Facts) -> Sequence[Requirement]:
        """The standard's requirements, and the proof of an exemption where one is claimed (VR.6a).

        A payment is asked for once there is something to pay: for a vehicle nobody has described nothing can be
        counted, and an application for it can only be refused.
        """
        rules = standard_of(application).requirements_for(facts)
        details: VehicleDetails = application.vehicle_details
        if vehicle_class(vehicle_of(application)) is None:
            rules = [rule for rule in rules if MetBy.PAYMENT not in rule.met_by]
        rules = [_in_its_form(rule, details.ownership_proof) for rule in rules]
        if details.exemption:
            rules = [*rules, _exemption_proof(facts)]
        return [*rules, *representation_requirements(application, facts, self.deed(application))]

    def fulfilled(self, application: Application) -> frozenset[str]:
        """The inspection act, once there is one; whether the vehicle passed is `before_approval`'s word."""
        is_inspected = InspectionAct.objects.filter(application=application).exists()
        return frozenset({"inspection"} if is_inspected else ())

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        return act_of(application).surrenders(application)

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        act_of(application).taken_in(application, surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return act_of(application).signers(application, requirement)

    def assess(self, application: Application, now: datetime) -> None:
        """Charge what the standard asks for, once the vehicle is known (VR.6); before that nothing can be counted.

        A chosen number that is not wanted any more is free again, before its duty is charged.
        """
        let_go(application, now)
        details: VehicleDetails = application.vehicle_details
        vehicle = vehicle_class(vehicle_of(application))
        facts = self.facts(application, timezone.localdate(now))
        rules = standard_of(application).charges_for(facts) if vehicle else []
        group = chosen_group(application, facts.on)
        lines = charging.requests(rules, vehicle=vehicle, exemption=details.exemption, chosen_group=group)
        charging.assess(application, lines, now)

    def charges(self, application: Application) -> Sequence[ChargeLine]:
        return charging.charge_lines(application)

    def checks(self, application: Application, facts: Facts) -> Sequence[CheckQuestion]:
        return questions(application, vehicle_of(application), facts)

    def registers_answered(self, application: Application, now: datetime) -> None:
        act_of(application).registers_answered(application)

    def deed(self, application: Application) -> str:
        return act_of(application).scope

    def intake_problems(self, application: Application) -> dict[str, str]:
        """Field → what is wrong and what to do instead; empty when nothing speaks against accepting the draft."""
        facts = facts_of(application)
        return {
            **act_of(application).problems(application, facts),
            **representation_problems(application, facts, self.deed(application)),
            **problems.ownership_problems(application, facts),
            **(plate_problems(application, vehicle_of(application).category) if takes_plates(application) else {}),
            **problems.money_problems(application, facts),
        }

    def before_approval(self, application: Application) -> None:
        """Raise DomainError for the first reason that bars approval: the act's own, or the inspection's (VR.9.9)."""
        act_of(application).before_approval(application)
        problems.require_inspection(application)

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """The grounds that the portal's own records prove: the inspection act, and what the act finds."""
        return [*problems.inspection_grounds(application), *act_of(application).grounds_found(application)]

    def effect(self, application: Application) -> Text:
        return act_of(application).effect

    def is_made_to_order(self, application: Application) -> bool:
        """Plates of a registration come from the stock."""
        return False

    def order_production(self, application: Application, now: datetime) -> None:
        """Nothing is made to order."""

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        return act_of(application).issue(application, now)

    def results(self, application: Application) -> Sequence[Deliverable]:
        return act_of(application).results(application)

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return act_of(application).undo(application, now)


def _in_its_form(rule: Requirement, form: str) -> Requirement:
    """A requirement that has forms is met by the one that was chosen and by no other (LAW-O1)."""
    chosen = next((option for option in rule.options if option.code == form), None)
    return replace(rule, met_by=(chosen.met_by,)) if chosen is not None else rule


def _plate_number(application: Application) -> str:
    """The plates that were issued or, before that, those the vehicle on record carries."""
    details: VehicleDetails = application.vehicle_details
    if application.issued_at is not None or details.registration_id is None:
        return application.plate_number
    return details.previous_numbers[1]


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
