"""The toy's law: one sub-service, three requirements, one charge, two checks, three grounds."""

from datetime import date

from applications.order_743 import BY_DOCUMENT_REVIEW, BY_FINES_REGISTER
from applications.standards import (
    ALWAYS,
    Channel,
    ChargeRule,
    CheckRule,
    Citation,
    DueAt,
    Ground,
    MetBy,
    Requirement,
    Result,
    Standard,
    Subservice,
    Term,
    Text,
    When,
)

PERMIT = "PP-1"
ONLY = frozenset({PERMIT})
DESK = frozenset({Channel.FRONT_DESK})


def said(text: str) -> Text:
    return Text(text, f"{text} (ru)", f"{text} (kk)")


LAW = said("Parking rules")


def ground(row: str, text: str, proved_by: Text) -> Ground:
    return Ground(row, said(text), proved_by, Citation(LAW, "99", "9", row[-1]))


HAS_AN_OLD_ONE = When(said("with an old permit"), lambda facts: facts.has("old_permit"))


def requirement(row: str, code: str, name: str, met_by: MetBy, check: str = "") -> Requirement:
    due = DueAt.DECISION if check else DueAt.SUBMISSION
    return Requirement(row, code, said(name), ALWAYS, DESK, ONLY, (met_by,), due, check)


def check(row: str, code: str, **parameters: str) -> CheckRule:
    return CheckRule(row, code, said(code), code, ("applicant",), row, ALWAYS, ONLY, parameters)


PARKING = Standard(
    code="PP",
    version="parking-2026",
    effective_from=date(2020, 1, 1),
    title=said("Parking permits"),
    annex="99",
    provider=said("Parking office"),
    provider_row="PP.1",
    form=said("paper"),
    form_row="PP.4",
    channels_row="PP.2",
    subservices=(Subservice(PERMIT, said("Parking permit"), DESK, "PP.2"),),
    terms=(Term("PP.3", DESK, ONLY, working_days=3),),
    hours=(),
    results=(Result("PP.5", said("A permit")),),
    requirements=(
        requirement("PP.8.1", "identity_document", "Identity document", MetBy.REGISTER, "identity"),
        requirement("PP.8.2", "plan", "Plan of the place", MetBy.SCAN),
        requirement("PP.8.3", "payment", "Payment", MetBy.PAYMENT),
        Requirement(
            "PP.8.4",
            "old_permit",
            said("Old permit"),
            HAS_AN_OLD_ONE,
            DESK,
            ONLY,
            (MetBy.SURRENDER,),
            DueAt.HANDOVER,
        ),
    ),
    # The rate is one that stands in the books already.
    charges=(ChargeRule("PP.6", "certificate_duty", said("Parking fee"), ALWAYS, ONLY, DueAt.SUBMISSION),),
    free=(),
    checks=(check("PP.9.1", "identity"), check("PP.9.2", "fines", scope="overdue")),
    grounds=(
        ground("PP.9.1", "The documents are not in order", BY_DOCUMENT_REVIEW),
        ground("PP.9.2", "A fine is overdue", BY_FINES_REGISTER),
        ground("PP.9.3", "The place is taken", said("the book of permits")),
    ),
    status_row="PP.10",
    status=said("by telephone"),
)
