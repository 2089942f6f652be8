"""Which grounds of refusal stand proven for an application, and which an officer may name on their own judgement."""

from __future__ import annotations

from dataclasses import dataclass

from applications.deciding import is_about_parties
from applications.models import Application, Check
from applications.order_743 import BY_DOCUMENT_REVIEW, BY_OFFICER
from applications.services import facts_of, service_of, standard_of
from applications.standards import Ground
from refusals.wording import findings_in_both
from registers.contract import Outcome

# What these prove is a person's judgement; every other ground stands or falls with a record.
JUDGED_BY_OFFICER = (BY_DOCUMENT_REVIEW, BY_OFFICER)


@dataclass(frozen=True)
class ProposedGround:
    """A ground with what proves it: an answer of a register (`check`) or a record of the service (no check)."""

    ground: Ground
    finding_ru: str
    finding_kk: str
    check: Check | None = None


def propose(application: Application) -> list[ProposedGround]:
    """The grounds that evidence proves now, in the order of the standard; the officer chooses among them."""
    standard = standard_of(application)
    applies = _applying(application)
    found = [
        _proven(standard.ground(check.ground, application.subservice), check)
        for check in application.checks.select_related("evidence")
        if check.conclusion == Outcome.HIT.value
        and (check.code, check.subject) in applies
        and is_about_parties(application, check)
    ]
    found += [
        ProposedGround(
            standard.ground(item.row, application.subservice),
            item.says.in_language("ru"),
            item.says.in_language("kk"),
        )
        for item in service_of(application).grounds_found(application)
    ]
    order = [ground.row for ground in standard.grounds_for(application.subservice)]
    return sorted(found, key=lambda item: order.index(item.ground.row))


def _applying(application: Application) -> set[tuple[str, str]]:
    """The checks that the standard asks for by now: an answer to a question that fell away proves nothing."""
    rules = standard_of(application).checks_for(facts_of(application))
    return {(rule.code, subject) for rule in rules for subject in rule.subjects}


def _proven(ground: Ground, check: Check) -> ProposedGround:
    """The ground with the register's words; without any, with those of the standard."""
    said = findings_in_both(check.findings)
    return ProposedGround(ground, said["ru"] or ground.text.ru, said["kk"] or ground.text.kk, check)


def is_judged_by_officer(ground: Ground) -> bool:
    """Whether an officer may name the ground without a record, in their own words."""
    return ground.proved_by in JUDGED_BY_OFFICER


def choosable(application: Application, proposed: list[ProposedGround]) -> list[Ground]:
    """The grounds an officer can choose now: the proven ones and those of their own judgement."""
    proven = {item.ground.row for item in proposed}
    grounds = standard_of(application).grounds_for(application.subservice)
    return [ground for ground in grounds if ground.row in proven or is_judged_by_officer(ground)]
