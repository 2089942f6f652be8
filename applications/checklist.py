"""What the law still asks of an application: each requirement of its standard, met or not, and by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from applications.foreigners import proved_by_scan, scans_needed
from applications.models import Application, Check, Document
from applications.services import ChargeLine, facts_of, service_of
from applications.signatures import is_signed
from applications.standards import DueAt, MetBy, Requirement
from applications.surrendering import is_surrendered
from registers.contract import Outcome


@dataclass(frozen=True)
class RequirementState:
    """One line of the checklist. `met_by` says what met it; `check` and `documents` are what there is so far."""

    requirement: Requirement
    met_by: MetBy | None
    documents: tuple[Document, ...]
    check: Check | None

    @property
    def is_met(self) -> bool:
        return self.met_by is not None

    @property
    def accepts_scan(self) -> bool:
        return MetBy.SCAN in self.requirement.met_by


# What the road itself sees; everything else is for the service to say.
OF_THE_ROAD = frozenset({MetBy.REGISTER, MetBy.PAYMENT, MetBy.SCAN, MetBy.SURRENDER, MetBy.SIGNATURE})


def checklist(
    application: Application, now: datetime, *due: DueAt, lines: Sequence[ChargeLine] | None = None
) -> list[RequirementState]:
    """The requirements that apply to `application` at `now`, in the order of the standard; only those of `due`, if any.

    A few queries, whatever the history; none for checks and documents that the caller has prefetched, nor for the
    charges where it hands them over as `lines`.
    """
    service = service_of(application)
    documents = [document for document in application.documents.all() if document.removed_at is None]
    checks = group(application.checks.all())
    asked_for = service.documents(application, facts_of(application))
    rules = [rule for rule in (proved_by_scan(rule, application) for rule in asked_for) if not due or rule.due in due]
    is_for_the_service = any(not OF_THE_ROAD.issuperset(rule.met_by) for rule in rules)
    done = service.fulfilled(application) if is_for_the_service else frozenset()
    is_paid = all(line.is_paid for line in (service.charges(application) if lines is None else lines))
    states = []
    for requirement in rules:
        attached = tuple(item for item in documents if item.requirement == requirement.code)
        asked = checks[requirement.check]
        scans = scans_needed(requirement, application)
        met_by = met(requirement, attached, asked, is_paid=is_paid, done=done, now=now, scans=scans)
        if met_by is None:
            met_by = met_by_hand(application, requirement)
        telling = next((check for check in asked if check.conclusion != Outcome.CLEAR.value), None)
        states.append(RequirementState(requirement, met_by, attached, telling or next(iter(asked), None)))
    return states


def group(checks: Iterable[Check]) -> defaultdict[str, list[Check]]:
    """The checks by code: a register is asked of applicant and representative alike, and must clear both."""
    grouped: defaultdict[str, list[Check]] = defaultdict(list)
    for check in checks:
        grouped[check.code].append(check)
    return grouped


def met(
    requirement: Requirement,
    documents: tuple[Document, ...],
    checks: Sequence[Check],
    *,
    is_paid: bool,
    done: frozenset[str],
    now: datetime,
    scans: int = 1,
) -> MetBy | None:
    """What meets the requirement, a register before a scan; None while nothing does. A scan marked wrong is none."""
    has_scan = sum(document.marked_wrong_at is None for document in documents) >= scans
    is_clear = all(check.outcome == Outcome.CLEAR.value and not check.is_stale(now) for check in checks)
    holds = {
        MetBy.REGISTER: bool(checks) and is_clear,
        MetBy.PAYMENT: is_paid,
        MetBy.SCAN: has_scan,
        MetBy.SURRENDER: False,
        MetBy.SIGNATURE: False,
    }
    of_the_service = requirement.code in done
    ways = [way for way in holds if way in requirement.met_by]
    ways += [way for way in requirement.met_by if way not in holds]
    return next((way for way in ways if holds.get(way, of_the_service)), None)


def met_by_hand(application: Application, requirement: Requirement) -> MetBy | None:
    """Whether what has to be surrendered is in, or everybody has signed who has to."""
    if MetBy.SURRENDER in requirement.met_by and is_surrendered(application, requirement.code):
        return MetBy.SURRENDER
    if MetBy.SIGNATURE in requirement.met_by and is_signed(application, requirement.code):
        return MetBy.SIGNATURE
    return None


def missing(states: list[RequirementState], *due: DueAt) -> list[RequirementState]:
    return [state for state in states if state.requirement.due in due and not state.is_met]
