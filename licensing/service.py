"""The issue of driver licences as the road knows it (annex 14, rows DL)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
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
from licensing import issuing, problems
from licensing.acts import act_of
from licensing.forms import LicenceDetailsForm
from licensing.issuing import LICENCE
from licensing.models import Act, DriverLicence, LicenceDetails
from licensing.papers import LICENCE_CARD, MOBILE_LICENCE
from licensing.questions import questions
from licensing.shown import licence_lines
from licensing.standard import ACT, EXCHANGED_BEFORE_EXPIRY, FIRST_OR_AFTER_DEPRIVATION, ISSUE, VERSIONS
from licensing.wanted import is_exchanged_before_expiry, wanted
from people.models import Scope
from refusals.papers import REFUSAL_LETTER

FOREIGN_LICENCE = Text(
    "The foreign licence, both sides",
    "Иностранное водительское удостоверение, обе стороны",
    "Шетелдік жүргізуші куәлігі, екі жағы",
)


class DriverLicences:
    """The Service contract for "DL"."""

    code = "DL"
    versions: tuple[Standard, ...] = VERSIONS
    subservices_offered: Sequence[str] = (ISSUE, FIRST_OR_AFTER_DEPRIVATION)
    details_model: type[models.Model] = LicenceDetails
    subject_name = Text("Licence", "Удостоверение", "Куәлік")
    related: Sequence[str] = ("licence_details__previous", "driver_licence")
    papers: Sequence[PaperKind] = (LICENCE_CARD, MOBILE_LICENCE, REFUSAL_LETTER)

    def details_form(self, application: Application, data: Any = None) -> forms.ModelForm[Any]:
        return LicenceDetailsForm(application, data)

    def details_template(self, application: Application) -> str:
        return "desk/details/licence.html"

    def facts(self, application: Application, on: date) -> Facts:
        """What the conditions of the standard look at, on the day `on` (Asia/Almaty)."""
        details: LicenceDetails = application.licence_details
        is_person = application.applicant_person_id is not None
        return Facts(
            subservice=application.subservice,
            channel=Channel(application.channel),
            applicant=ApplicantKind.PERSON if is_person else ApplicantKind.ORGANISATION,
            on=on,
            details={ACT: details.act, EXCHANGED_BEFORE_EXPIRY: is_exchanged_before_expiry(details, on)},
        )

    def summary(self, application: Application) -> Summary:
        """The driver, whom a second open application would be about, and "B, C1 – exchange" in the office's language.

        The line is stored and read by everybody, so it cannot follow the language of whoever saved it.
        """
        act = act_of(application)
        words = act.name.in_language(settings.LANGUAGE_CODE) if act else ""
        codes = ", ".join(wanted(application.licence_details).categories)
        return Summary(
            f"DRIVER:{application.applicant.identifier}", " – ".join(part for part in (codes, words) if part)
        )

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        return licence_lines(application)

    def documents(self, application: Application, facts: Facts) -> Sequence[Requirement]:
        """The standard's requirements, and the scan that the data of a foreign licence are compared with (DL.9.1)."""
        rules = standard_of(application).requirements_for(facts)
        is_foreign = application.licence_details.act == Act.FOREIGN
        proofs = representation_requirements(application, facts, self.deed(application))
        return [*rules, *([_foreign_licence(facts)] if is_foreign else ()), *proofs]

    def fulfilled(self, application: Application) -> frozenset[str]:
        """Registers, payments and scans meet everything; nothing is left to the service's own records."""
        return frozenset()

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """The rows DL ask for no previous licence; that it was handed in is a tick of the details."""
        return ()

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """Nothing is asked to be surrendered."""

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        """No requirement asks for electronic signatures."""
        return frozenset()

    def assess(self, application: Application, now: datetime) -> None:
        """The duty of DL.6, the same for every act."""
        rules = standard_of(application).charges_for(self.facts(application, timezone.localdate(now)))
        charging.assess(application, charging.requests(rules), now)

    def charges(self, application: Application) -> Sequence[ChargeLine]:
        return charging.charge_lines(application)

    def checks(self, application: Application, facts: Facts) -> Sequence[CheckQuestion]:
        return questions(application, facts)

    def registers_answered(self, application: Application, now: datetime) -> None:
        """The answers are shown and judged; nothing of them is copied into a draft."""

    def deed(self, application: Application) -> str:
        return Scope.LICENCE.value

    def intake_problems(self, application: Application) -> dict[str, str]:
        """Field → what is wrong and what to do instead; empty when nothing speaks against accepting the draft."""
        facts = facts_of(application)
        found = {
            **problems.party_problems(application),
            **problems.act_problems(application),
            **representation_problems(application, facts, self.deed(application)),
            **problems.money_problems(application),
        }
        if found:
            return found
        refused = problems.category_refusals(application, facts.on)
        return {**({"categories": " ".join(refused)} if refused else {}), **problems.capture_problems(application)}

    def before_approval(self, application: Application) -> None:
        """Raise DomainError for the first reason of the register of licences or the rules of the day (DL.9.2)."""
        problems.before_approval(application)

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        return problems.grounds_found(application)

    def effect(self, application: Application) -> Text:
        codes = ", ".join(wanted(application.licence_details).categories)
        return Text(
            f"The next blank of the stock becomes a licence for {codes}; the previous licence loses its force; the "
            "card is printed and signed.",
            f"Следующий бланк со склада становится удостоверением категорий {codes}; прежнее удостоверение "
            "утрачивает силу; карточка печатается и подписывается.",
            f"Қоймадағы келесі бланк {codes} санаттарының куәлігі болады; бұрынғы куәлік күшін жояды; карточка басып "
            "шығарылып, қол қойылады.",
        )

    def is_made_to_order(self, application: Application) -> bool:
        """Licences are printed on blanks of the stock."""
        return False

    def order_production(self, application: Application, now: datetime) -> None:
        """Nothing is made to order."""

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """DL.5: the licence; the previous one is replaced or lost."""
        return (Deliverable(LICENCE, issuing.issue(application, now).number),)

    def results(self, application: Application) -> Sequence[Deliverable]:
        licence = DriverLicence.objects.filter(application=application).only("number").first()
        return (Deliverable(LICENCE, licence.number),) if licence else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return issuing.undo(application, now)


def _foreign_licence(facts: Facts) -> Requirement:
    return Requirement(
        row="DL.9.1",
        code="foreign_licence",
        name=FOREIGN_LICENCE,
        when=ALWAYS,
        channels=frozenset(Channel),
        subservices=frozenset({facts.subservice}),
        met_by=(MetBy.SCAN,),
        due=DueAt.SUBMISSION,
    )
