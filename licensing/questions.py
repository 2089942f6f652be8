"""The questions of the licence standard made concrete for one application (rows DL.8, DL.9, DL-2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from applications.models import Application
from applications.questions import concrete
from applications.services import CheckQuestion
from applications.standards import CheckRule, Facts
from fees.charging import payments_question
from licensing.acts import ActOfIssue, act_of
from licensing.licences import issued_on
from licensing.models import Act, LicenceDetails
from licensing.wanted import Wanted, wanted
from people.models import Person
from registers.contract import (
    DeprivationsQuestion,
    DrivingCoursesQuestion,
    ExamsQuestion,
    MedicalCertificateQuestion,
    Question,
)


@dataclass(frozen=True)
class Case:
    """What the builders look at."""

    person: Person
    details: LicenceDetails
    act: ActOfIssue
    wanted: Wanted


def questions(application: Application, facts: Facts) -> list[CheckQuestion]:
    """What the standard asks of the registers, as far as the data allow yet."""
    person, act = application.applicant_person, act_of(application)
    case = None
    if person is not None and act is not None:
        details: LicenceDetails = application.licence_details
        case = Case(person, details, act, wanted(details))
    own = {register: partial(_of_case, case, build) for register, build in BUILDERS.items()}
    return concrete(application, facts, {**own, "payments": payments_question})


def _of_case(
    case: Case | None, build: Callable[[Case], Question | None], _application: Application, _rule: CheckRule, _who: str
) -> Question | None:
    return build(case) if case is not None else None


def _medical(case: Case) -> Question | None:
    categories = case.wanted.categories
    number = case.details.medical_certificate_number
    return MedicalCertificateQuestion(case.person.identifier, categories, number) if categories else None


def _course(case: Case) -> Question | None:
    return DrivingCoursesQuestion(case.person.identifier, case.wanted.new) if case.wanted.new else None


def _exams(case: Case) -> Question | None:
    examined = case.wanted.examined
    return ExamsQuestion(case.person.identifier, examined, case.act.purpose) if examined else None


def _deprivation(case: Case) -> Question | None:
    return DeprivationsQuestion(case.person.identifier, case.act.purpose, _licence_issued_on(case.details))


def _licence_issued_on(details: LicenceDetails) -> str:
    """The day of the licence whose force a ruling may have ended; ISO, empty without one."""
    if details.act == Act.FOREIGN:
        return details.foreign_issued_on.isoformat() if details.foreign_issued_on else ""
    return issued_on(details.previous).isoformat() if details.previous else ""


BUILDERS: dict[str, Callable[[Case], Question | None]] = {
    "medical_certificates": _medical,
    "driving_courses": _course,
    "exams": _exams,
    "deprivations": _deprivation,
}
