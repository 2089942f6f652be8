"""The duplicate of a plate as the road knows it (annex 8, rows PD)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Surrender
from applications.questions import concrete
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
from applications.standards import (
    ALWAYS,
    ApplicantKind,
    Channel,
    CheckRule,
    Facts,
    MetBy,
    Requirement,
    Standard,
    Text,
)
from fees import charging
from people.models import Scope
from plates.duplicates import issuing, judging
from plates.duplicates.forms import DuplicateForm
from plates.duplicates.models import DuplicateDetails, DuplicateReason, PlateDuplicate
from plates.holdings import holding_of
from plates.production.ordering import want
from plates.production.whereabouts import whereabouts
from plates.standard import DUPLICATE, PLATE_COUNT, PREVIOUS_PLATES_EXIST, VERSIONS
from refusals.papers import REFUSAL_LETTER
from refusals.wording import in_all
from registers.contract import Question, WantedVehicleQuestion

EXEMPTION_PROOF = Requirement(
    row="PD.6",
    code="exemption_proof",
    name=Text(
        "Document that proves the exemption from the duty",
        "Документ, подтверждающий освобождение от пошлины",
        "Баждан босатылғанын растайтын құжат",
    ),
    when=ALWAYS,
    channels=frozenset(Channel),
    subservices=frozenset({DUPLICATE}),
    met_by=(MetBy.SCAN,),
)


class PlateDuplicates:
    """The Service contract for "PD"."""

    code = "PD"
    versions: tuple[Standard, ...] = VERSIONS
    subservices_offered: Sequence[str] = (DUPLICATE,)
    details_model: type[models.Model] = DuplicateDetails
    subject_name = Text("Plate", "ГРНЗ", "МТНБ")
    related: Sequence[str] = ("office__region", "duplicate_details__plate__format")
    papers: Sequence[PaperKind] = (REFUSAL_LETTER,)

    def details_form(self, application: Application, data: Any = None) -> forms.ModelForm[Any]:
        return DuplicateForm(application, data)

    def details_template(self, application: Application) -> str:
        return "desk/details/duplicate.html"

    def facts(self, application: Application, on: date) -> Facts:
        """What the conditions of the standard look at; the region of the police body decides the term (PD.3)."""
        details: DuplicateDetails = application.duplicate_details
        is_person = application.applicant_person_id is not None
        return Facts(
            subservice=application.subservice,
            channel=Channel(application.channel),
            applicant=ApplicantKind.PERSON if is_person else ApplicantKind.ORGANISATION,
            on=on,
            term_group=application.office.region.term_group,
            details={
                PLATE_COUNT: details.plate_count,
                PREVIOUS_PLATES_EXIST: details.plate is not None and bool(details.pieces_left),
            },
        )

    def summary(self, application: Application) -> Summary:
        """The plate, which bars a second application for it, and the vehicle it is on."""
        details: DuplicateDetails = application.duplicate_details
        if details.plate is None:
            return Summary("", "")
        holding = holding_of(application.applicant, details.plate.number)
        return Summary(f"PLATE:{details.plate}", holding.vehicle if holding else "", details.plate.number)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The plate, what happened to it, and where the pieces are once they are ordered."""
        details: DuplicateDetails = application.duplicate_details
        if details.plate is None:
            return ()
        single = details.plate.format.pieces == 1
        made = _("one") if single else ", ".join(str(piece.label) for piece in details.pieces)
        left = ", ".join(str(piece.label) for piece in details.pieces_left)
        lines = [
            DetailsView(_("Plate"), details.plate.number),
            DetailsView(_("On the vehicle"), application.headline),
            DetailsView(_("What happened"), str(DuplicateReason(details.reason).label) if details.reason else ""),
            DetailsView(_("Pieces to be made"), f"{details.plate_count}: {made}"),
            DetailsView(_("To be handed in"), (_("one") if single and left else left) or _("nothing is left")),
        ]
        return [*lines, *whereabouts(application)]

    def documents(self, application: Application, facts: Facts) -> Sequence[Requirement]:
        """The standard's requirements, and the proof of an exemption where one is claimed."""
        rules = standard_of(application).requirements_for(facts)
        details: DuplicateDetails = application.duplicate_details
        proofs = representation_requirements(application, facts, self.deed(application))
        return [*rules, *([EXEMPTION_PROOF] if details.exemption else ()), *proofs]

    def fulfilled(self, application: Application) -> frozenset[str]:
        """PD.8.2: the plate was chosen among those on the applicant's own name."""
        details: DuplicateDetails = application.duplicate_details
        is_own = details.plate is not None and holding_of(application.applicant, details.plate.number) is not None
        return frozenset({"own_plate"} if is_own else ())

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """PD.8.1, PD.8.2: the old pieces that are still there, each by its place."""
        details: DuplicateDetails = application.duplicate_details
        if details.plate is None:
            return ()
        return [
            Surrenderable(
                "previous_plates", str(piece), issuing.name_of(piece, details, old=True), details.plate.number
            )
            for piece in details.pieces_left
        ]

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        issuing.taken_in(application, surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        """PD.8.2: the application is signed by the applicant, a person or an organisation."""
        if requirement != "signed_application" or not application.applicant.identifier:
            return frozenset()
        return frozenset({application.applicant.identifier})

    def assess(self, application: Application, now: datetime) -> None:
        """Charge the duty once the plate is known (PD.6)."""
        details: DuplicateDetails = application.duplicate_details
        rules = standard_of(application).charges_for(self.facts(application, timezone.localdate(now)))
        lines = charging.requests(rules if details.plate else [], exemption=details.exemption)
        charging.assess(application, lines, now)

    def charges(self, application: Application) -> Sequence[ChargeLine]:
        return charging.charge_lines(application)

    def checks(self, application: Application, facts: Facts) -> Sequence[CheckQuestion]:
        builders = {"wanted_vehicles": _wanted_vehicle, "payments": charging.payments_question}
        return concrete(application, facts, builders)

    def registers_answered(self, application: Application, now: datetime) -> None:
        """The registers teach nothing about a plate."""

    def deed(self, application: Application) -> str:
        return Scope.PLATES.value

    def intake_problems(self, application: Application) -> dict[str, str]:
        return {
            **judging.plate_problems(application),
            **representation_problems(application, facts_of(application), self.deed(application)),
            **judging.money_problems(application),
        }

    def before_approval(self, application: Application) -> None:
        """PD.9.2: still the applicant's, still on the vehicle, not stolen."""
        judging.require_own_plate(application)

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """PD.9.2, when the plate is not the applicant's or no longer on its vehicle."""
        details: DuplicateDetails = application.duplicate_details
        reason = judging.what_bars(application, details.plate) if details.plate else None
        return (GroundFound(judging.ROW, in_all(lambda: str(reason))),) if reason else ()

    def effect(self, application: Application) -> Text:
        return Text(
            "The plate is ordered from the press; once it has arrived the duplicate is given out, and the old pieces "
            "that are left are handed in.",
            "ГРНЗ заказывается на изготовление; после поступления дубликат выдаётся, сохранившиеся прежние знаки "
            "сдаются.",
            "МТНБ жасауға тапсырыс беріледі; келіп түскен соң телнұсқа беріледі, сақталған бұрынғы белгілер "
            "тапсырылады.",
        )

    def is_made_to_order(self, application: Application) -> bool:
        """A number is pressed anew, always."""
        return True

    def order_production(self, application: Application, now: datetime) -> None:
        details: DuplicateDetails = application.duplicate_details
        want(application, judging.require_own_plate(application), details.pieces, now)

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        return issuing.issue(application, now)

    def results(self, application: Application) -> Sequence[Deliverable]:
        if not PlateDuplicate.objects.filter(application=application).exists():
            return ()
        return issuing.deliverables(application.duplicate_details)

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return issuing.undo(application, now)


def _wanted_vehicle(application: Application, _rule: CheckRule, _subject: str) -> Question | None:
    details: DuplicateDetails = application.duplicate_details
    holding = holding_of(application.applicant, details.plate.number) if details.plate else None
    if holding is None:
        return None
    return WantedVehicleQuestion(
        vin=holding.vin, body_number=holding.body_number, chassis_number=holding.chassis_number
    )
