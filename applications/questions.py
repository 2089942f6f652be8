"""Questions about the people and organisations of an application, made concrete alike for every service.

A service adds its own builders for what only it knows of: the vehicle, the plate, the licence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from applications.models import Application
from applications.services import CheckQuestion, standard_of
from applications.standards import CheckRule, Facts
from people.models import Organisation, Person
from registers.contract import (
    ConsentQuestion,
    FinesQuestion,
    IdentityQuestion,
    OrganisationQuestion,
    Question,
    SanctionsQuestion,
    WantedPersonQuestion,
)
from registers.questions import FinesScope, SanctionsList

# Of a rule and one of its subjects: the question, or None while the data do not allow it or there is nobody to ask.
Builder: TypeAlias = Callable[[Application, CheckRule, str], Question | None]


def concrete(application: Application, facts: Facts, builders: Mapping[str, Builder]) -> list[CheckQuestion]:
    """What the standard asks of the registers, as far as the data allow yet; `builders` are the service's own."""
    known = {**ABOUT_PARTIES, **builders}
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
        if (question := known[rule.register](application, rule, subject)) is not None
    ]


def party(application: Application, subject: str) -> Person | Organisation | None:
    """The applicant or, for the subject "representative", whoever acts for them."""
    return application.applicant if subject == "applicant" else application.representative


def names(person: Person) -> dict[str, str]:
    """Surname, given name, patronymic and ISO birth date, as registers are asked by name."""
    return {
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date.isoformat(),
    }


def _identity(application: Application, _rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    # A foreigner without an IIN is not in the population register: a scan of the document serves (VR.8.1a, DL.8.1a).
    return IdentityQuestion(who.iin) if isinstance(who, Person) and who.iin else None


def _organisation(application: Application, _rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    return OrganisationQuestion(who.bin) if isinstance(who, Organisation) else None


def _consent(application: Application, _rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    return ConsentQuestion(who.identifier, application.service) if who else None


def _fines(application: Application, rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    return FinesQuestion(who.identifier, cast("FinesScope", rule.parameters["scope"])) if who else None


def _wanted_person(application: Application, _rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    return WantedPersonQuestion(who.iin or "", **names(who)) if isinstance(who, Person) else None


def _sanctions(application: Application, rule: CheckRule, subject: str) -> Question | None:
    who = party(application, subject)
    listed = cast("SanctionsList", rule.register.removesuffix("_list"))
    if isinstance(who, Person):
        return SanctionsQuestion(listed, "person", who.identifier, **names(who))
    return SanctionsQuestion(listed, "organisation", who.bin, who.name) if who else None


ABOUT_PARTIES: dict[str, Builder] = {
    "identity": _identity,
    "organisations": _organisation,
    "consent": _consent,
    "fines": _fines,
    "wanted_persons": _wanted_person,
    "terrorism_list": _sanctions,
    "proliferation_list": _sanctions,
}
