"""The contract by which a service plugs into the road, and the list of the services plugged in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import forms
from django.db import models
from django.utils import timezone

from applications.models import Application, Surrender
from applications.standards import Facts, Requirement, Standard, Text, in_force


@dataclass(frozen=True)
class Summary:
    """What an application is about, in one line: the key that bars a second one, the words, the plate."""

    subject: str
    headline: str
    plate_number: str = ""


@dataclass(frozen=True)
class ChargeLine:
    """One charge as every screen shows it. Amounts in whole or decimal tenge; `rate` in MCI; `mci` in tenge.

    `amount` is None while the tariff is an empty setting: the line then blocks and `blocked_by` says what is missing.
    """

    row: str
    code: str
    name: Text
    amount: Decimal | None
    rate: Decimal | None
    mci: Decimal | None
    legal_basis: str
    is_paid: bool
    reference: str = ""
    receipt: str = ""
    paid_at: datetime | None = None
    pay_url: str = ""
    blocked_by: str = ""
    remark: str = ""


@dataclass(frozen=True)
class CheckQuestion:
    """One question of the standard made concrete. `question` is a dataclass of registers.contract."""

    code: str
    subject: str
    register: str
    row: str
    ground: str
    question: Any
    paper_serves: bool = False


# The move that orders a paper which is made when the applicant asks for it (VR.5b).
ON_REQUEST = "request"


@dataclass(frozen=True)
class PaperKind:
    """How a paper of a service is made: its template and what it prints, taken once when the paper is ordered."""

    code: str
    name: Text
    template: str
    content: Callable[[Application], dict[str, Any]]
    # CSS page size and margins live in the template; `ordered_at` names the move that orders the paper, for those
    # applications to which it applies.
    ordered_at: str = ""
    applies: Callable[[Application], bool] = lambda application: True


@dataclass(frozen=True)
class DetailsView:
    """What the case page shows beside documents: label, value, and the register's value where it differs."""

    label: str
    value: str
    registered: str = ""


@dataclass(frozen=True)
class Surrenderable:
    """A thing that a requirement wants handed in: which one, its name, and the number on it."""

    requirement: str
    code: str
    name: Text
    number: str


@dataclass(frozen=True)
class Deliverable:
    """A thing that an issue gives into the applicant's hands or enters in a register: its name and its number."""

    name: Text
    number: str


@dataclass(frozen=True)
class GroundFound:
    """A ground of refusal that the service's own records prove: the row, and what was found, in all languages."""

    row: str
    says: Text


class Service(Protocol):
    """One public service. Stateless; every function takes the application it is about."""

    code: str
    versions: tuple[Standard, ...]
    # The sub-services that can be applied for; the standard may name more than are built.
    subservices_offered: Sequence[str]
    details_model: type[models.Model]
    # What the application is about, as the step of intake and the line of a page call it: "Vehicle", "Plate".
    subject_name: Text
    # Relations of an application that every page of the case needs, joined into the query that finds it.
    related: Sequence[str]
    papers: Sequence[PaperKind]

    def details_form(self, application: Application, data: Any = None) -> forms.ModelForm[Any]:
        """The desk's form for the service's details, bound when `data` is given; saving it writes only details."""

    def details_template(self, application: Application) -> str:
        """The template that lays the form out, inside the form of intake."""

    def facts(self, application: Application, on: date) -> Facts:
        """What the conditions of the standard look at, as of the day `on`."""

    def summary(self, application: Application) -> Summary: ...

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The facts an officer compares with the documents."""

    def documents(self, application: Application, facts: Facts) -> Sequence[Requirement]:
        """The requirements that apply; almost always `standard.requirements_for(facts)`."""

    def fulfilled(self, application: Application) -> frozenset[str]:
        """Codes of requirements met by the service's own records: an inspection act, a plate on the person's name."""

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """The things that requirements want handed in, as the service's register knows them now; often none."""

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """What a surrender does to the service's register, inside the caller's transaction.

        Called once for each thing: when the result is issued, or afterwards as soon as the thing is recorded.
        """

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        """The IIN or BIN of everybody whose electronic signature the requirement asks for; empty while unknown."""

    def assess(self, application: Application, now: datetime) -> None:
        """Write the charges that follow from the details; called after every change of a draft."""

    def charges(self, application: Application) -> Sequence[ChargeLine]:
        """The charges as they stand, paid or not."""

    def checks(self, application: Application, facts: Facts) -> Sequence[CheckQuestion]:
        """The questions the standard asks of the registers for this application, as far as its data allow yet."""

    def registers_answered(self, application: Application, now: datetime) -> None:
        """Take what the answers teach into a draft's details (for example the vehicle's data from its passport).

        Called after every round of answers while the application is a draft; summary and charges are renewed after it.
        """

    def deed(self, application: Application) -> str:
        """What a power of attorney has to allow for this application: a value of people.models.Scope."""

    def intake_problems(self, application: Application) -> dict[str, str]:
        """What the service itself finds wrong with a draft before it can be accepted: field → message."""

    def before_approval(self, application: Application) -> None:
        """Raise DomainError when the service knows a reason that bars approval (for example no inspection act)."""

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """The grounds of refusal that the service's own records prove, such as a failed inspection; often none."""

    def effect(self, application: Application) -> Text:
        """What an approval does, said back to the officer before it is done."""

    def is_made_to_order(self, application: Application) -> bool:
        """Whether the result has to be made after the approval; then `order_production` comes before `issue`."""

    def order_production(self, application: Application, now: datetime) -> None:
        """Order what has to be made, inside the caller's transaction; `producing.finish` tells when it is there."""

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """The effect on the register, inside the caller's transaction; returns what it gave, as `results` will.

        Raises DomainError when stock is short.
        """

    def results(self, application: Application) -> Sequence[Deliverable]:
        """What the issue gave, in the order in which it lies on the counter; empty before the issue."""

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        """Take back what the decision ordered or entered, inside the caller's transaction; returns it in words.

        Called once, for a case that is in production, ready or issued: it may be that only an order is to be
        cancelled. It is also called only to see what would be undone, and everything is rolled back afterwards.
        Raises DomainError "cannot_be_undone" (applications.errors.cannot_be_undone) when later acts rest on it.
        """


@dataclass
class _Plugged:
    services: dict[str, Service] = field(default_factory=dict)


_plugged = _Plugged()


def plug_in(service: Service) -> None:
    """Called by the service's AppConfig.ready()."""
    _plugged.services[service.code] = service


def service(code: str) -> Service:
    """The service of that code. Raises KeyError when none is plugged in."""
    return _plugged.services[code]


def service_if_any(code: str) -> Service | None:
    """The service of that code, for what people and programs send."""
    return _plugged.services.get(code)


def all_services() -> list[Service]:
    """The services plugged in, in the order of the annexes that hold their standards."""
    return sorted(_plugged.services.values(), key=lambda item: (int(item.versions[0].annex), item.code))


def in_force_today(service: Service) -> Standard:
    """The version of the service's standard that judges an application opened today (Asia/Almaty)."""
    return in_force(service.versions, timezone.localdate())


def service_of(application: Application) -> Service:
    return service(application.service)


def day_of(application: Application) -> date:
    """The day whose rules judge the application (Asia/Almaty): that of submission, for a draft today."""
    return timezone.localdate(application.submitted_at)


def standard_of(application: Application) -> Standard:
    """The standard the application is judged by: the version kept at submission, for a draft the one in force."""
    versions = service_of(application).versions
    for version in versions:
        if version.version == application.standard_version:
            return version
    return in_force(versions, day_of(application))


def facts_of(application: Application) -> Facts:
    return service_of(application).facts(application, day_of(application))


def service_name(application: Application) -> str:
    """The sub-service in the active language."""
    if application.service not in {service.code for service in all_services()}:
        return application.service
    return str(standard_of(application).subservice(application.subservice).name)
