"""Which requirement of the standard applies to an application about a vehicle, and which papers it still admits."""

from __future__ import annotations

from applications.models import Application
from applications.services import standard_of
from applications.standards import Facts, MetBy, Requirement


def requirement_of(application: Application, code: str, facts: Facts) -> Requirement | None:
    rules = standard_of(application).requirements_for(facts)
    return next((rule for rule in rules if rule.code == code), None)


def paper_passport_serves(application: Application, facts: Facts) -> bool:
    """Whether a scan of the paper passport is still admitted (before LAW-E1 and LAW-E2, or online by VR.8.3c)."""
    rule = requirement_of(application, "vehicle_passport", facts)
    return rule is not None and MetBy.SCAN in rule.met_by
