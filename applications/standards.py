"""The words a public-service standard is written in: frozen, typed, readable beside the law row by row.

A standard is data. Everything else is derived from it: the intake checklist, the clock, the checks, the charges,
the grounds of refusal and the public page of the service. Each part carries the id of the row it encodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language


@dataclass(frozen=True)
class Text:
    """One wording in the three languages of the portal; prints itself in the active one."""

    en: str
    ru: str
    kk: str

    def in_language(self, language: str | None) -> str:
        """The wording in `language` ("en", "ru", "kk"); Russian when it is none of them."""
        return {"en": self.en, "kk": self.kk}.get((language or "")[:2], self.ru)

    def __str__(self) -> str:
        return self.in_language(get_language())


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: the act, its annex, the row of the table and the item in that row."""

    act: Text
    annex: str
    row: str
    item: str

    @property
    def place(self) -> Text:
        """The annex, row and item without the act."""
        return Text(
            f"annex {self.annex} to the Rules, row {self.row}, item {self.item}",
            f"приложение {self.annex} к Правилам, строка {self.row}, подпункт {self.item})",
            f"Қағидаларға {self.annex}-қосымша, {self.row}-жол, {self.item})-тармақша",
        )

    def in_language(self, language: str | None) -> str:
        """The citation in `language` ("en", "ru", "kk"); Russian when it is none of them."""
        return f"{self.act.in_language(language)}, {self.place.in_language(language)}"

    def __str__(self) -> str:
        return self.in_language(get_language())


class Channel(StrEnum):
    FRONT_DESK = "front_desk"
    EGOV = "egov"
    PLATFORM = "platform"


class ApplicantKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class MetBy(StrEnum):
    """What can satisfy a requirement."""

    SCAN = "scan"
    REGISTER = "register"
    PAYMENT = "payment"
    INSPECTION = "inspection"
    SURRENDER = "surrender"
    SIGNATURE = "signature"
    # What the portal's own registers hold, such as the plates assigned to a person.
    RECORD = "record"


class DueAt(StrEnum):
    """The step of the road that a requirement must be met before."""

    SUBMISSION = "submission"
    DECISION = "decision"
    HANDOVER = "handover"


@dataclass(frozen=True)
class Facts:
    """What the conditions of a standard may look at; a service derives it from one application.

    `details` holds the service's own answers (for example `altered_construction`), each a plain JSON value.
    `on` is the day of submission (Asia/Almaty); for a draft, today.
    """

    subservice: str
    channel: Channel
    applicant: ApplicantKind
    on: date
    term_group: str = ""
    details: dict[str, object] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return bool(self.details.get(name))


@dataclass(frozen=True)
class When:
    """A condition that reads as a sentence and decides over facts."""

    says: Text
    holds: Callable[[Facts], bool]


ALWAYS = When(Text("always", "всегда", "әрқашан"), lambda facts: True)


BY_PERSON = When(
    Text("for an individual", "для физического лица", "жеке тұлға үшін"),
    lambda facts: facts.applicant == ApplicantKind.PERSON,
)
BY_ORGANISATION = When(
    Text("for a legal entity", "для юридического лица", "заңды тұлға үшін"),
    lambda facts: facts.applicant == ApplicantKind.ORGANISATION,
)


@dataclass(frozen=True)
class Term:
    """How long the service may take: working minutes or working days, never both (rows VR.3, PD.3, DL.3)."""

    row: str
    channels: frozenset[Channel]
    subservices: frozenset[str]
    minutes: int | None = None
    working_days: int | None = None
    term_group: str | None = None

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.working_days is None):
            raise ValueError("A term is either minutes or working days.")


@dataclass(frozen=True)
class Hours:
    """Opening hours as the standard prints them; the clock reads the office's own schedule."""

    row: str
    says: Text


@dataclass(frozen=True)
class Option:
    """One of the forms a document may take, and the channels where that form is admissible."""

    row: str
    code: str
    name: Text
    channels: frozenset[Channel]
    met_by: MetBy


class CollectedBy(StrEnum):
    TREASURY = "treasury"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Requirement:
    """A document or fact the law asks for.

    Any one of `met_by` is enough. `check` names the CheckRule whose clear answer meets it by register. With
    `options` the document is exactly one of them. `besides` are further rows of the law that this part encodes;
    the days `effective_from` and `effective_until` both count as inside.
    """

    row: str
    code: str
    name: Text
    when: When
    channels: frozenset[Channel]
    subservices: frozenset[str]
    met_by: tuple[MetBy, ...]
    due: DueAt = DueAt.SUBMISSION
    check: str = ""
    effective_from: date | None = None
    effective_until: date | None = None
    options: tuple[Option, ...] = ()
    besides: tuple[str, ...] = ()

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day `on`; the first and the last day are inside."""
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_until is None or on <= self.effective_until)

    def options_for(self, channel: Channel) -> list[Option]:
        return [option for option in self.options if channel in option.channels]


@dataclass(frozen=True)
class ChargeRule:
    """A payment the law attaches to the service; the rate itself is a dated tariff of that code (and variant).

    A payment collected by an operator is not charged by the portal: its certificate proves it. `printed_rate` is the
    rate in MCI that the standard itself prints; charges are still counted by the tariff.
    """

    row: str
    code: str
    name: Text
    when: When
    subservices: frozenset[str]
    before: DueAt
    collected_by: CollectedBy = CollectedBy.TREASURY
    variant: str = ""
    printed_rate: Decimal | None = None


@dataclass(frozen=True)
class FreeRule:
    """When the law says that nothing is due; a charge and a free rule never hold together."""

    row: str
    name: Text
    when: When
    subservices: frozenset[str]


@dataclass(frozen=True)
class CheckRule:
    """A question to a register: of whom, under which ground a hit refuses, with which parameters.

    With `paper_serves` a register that simply holds nothing (a finding that ends in ".missing") is no ground of
    refusal: the scanned paper stands in for it. Any other hit still refuses.
    """

    row: str
    code: str
    name: Text
    register: str
    subjects: tuple[str, ...]
    ground: str
    when: When
    subservices: frozenset[str]
    parameters: dict[str, str] = field(default_factory=dict)
    paper_serves: bool = False


@dataclass(frozen=True)
class Ground:
    """A ground of refusal in the project's own words, with the exact place it stands.

    A ground that says less for some sub-services stands twice under its row, once for each set of them.
    """

    row: str
    text: Text
    proved_by: Text
    citation: Citation
    subservices: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Result:
    row: str
    says: Text


@dataclass(frozen=True)
class Subservice:
    code: str
    name: Text
    channels: frozenset[Channel]
    row: str


@dataclass(frozen=True)
class Standard:
    """One dated version of a public service's legal table."""

    code: str
    version: str
    effective_from: date
    title: Text
    annex: str
    provider: Text
    provider_row: str
    form: Text
    form_row: str
    channels_row: str
    subservices: tuple[Subservice, ...]
    terms: tuple[Term, ...]
    hours: tuple[Hours, ...]
    results: tuple[Result, ...]
    requirements: tuple[Requirement, ...]
    charges: tuple[ChargeRule, ...]
    free: tuple[FreeRule, ...]
    checks: tuple[CheckRule, ...]
    grounds: tuple[Ground, ...]
    status_row: str
    status: Text

    def subservice(self, code: str) -> Subservice:
        return next(subservice for subservice in self.subservices if subservice.code == code)

    def offers(self, subservice: str, channel: Channel) -> bool:
        return channel in self.subservice(subservice).channels

    def term(self, facts: Facts) -> Term:
        """The term that applies to `facts`. Raises LookupError when the channel is not offered."""
        for term in self.terms:
            fits_group = term.term_group in (None, facts.term_group)
            if facts.subservice in term.subservices and facts.channel in term.channels and fits_group:
                return term
        raise LookupError(f"{self.code}: no term for {facts.subservice} through {facts.channel}")

    def requirements_for(self, facts: Facts) -> list[Requirement]:
        return [
            rule
            for rule in self.requirements
            if facts.subservice in rule.subservices
            and facts.channel in rule.channels
            and rule.is_in_force(facts.on)
            and rule.when.holds(facts)
        ]

    def charges_for(self, facts: Facts) -> list[ChargeRule]:
        return [rule for rule in self.charges if facts.subservice in rule.subservices and rule.when.holds(facts)]

    def checks_for(self, facts: Facts) -> list[CheckRule]:
        return [rule for rule in self.checks if facts.subservice in rule.subservices and rule.when.holds(facts)]

    def grounds_for(self, subservice: str) -> list[Ground]:
        return [ground for ground in self.grounds if not ground.subservices or subservice in ground.subservices]

    def ground(self, row: str, subservice: str) -> Ground:
        """The ground `row` as it reads for `subservice`. Raises LookupError where it does not apply."""
        for ground in self.grounds_for(subservice):
            if ground.row == row:
                return ground
        raise LookupError(f"{self.code}: no ground {row} for {subservice}")


def in_force(versions: Iterable[Standard], on: date) -> Standard:
    """The version in force on `on` (Asia/Almaty day of submission). Raises LookupError before the first one."""
    started = [version for version in versions if version.effective_from <= on]
    if not started:
        raise LookupError(f"No version of the standard is in force on {on.isoformat()}.")
    return max(started, key=lambda version: version.effective_from)
