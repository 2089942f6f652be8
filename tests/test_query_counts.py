"""Shows 4: a transition costs at most 15 statements, with a short history and with a long one.

Statements are what the database is asked: SELECT, INSERT, UPDATE, DELETE. What only brackets them (SAVEPOINT, RELEASE)
does no work and is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import checking, deciding, handover, holding, intake, issuing, revoking
from applications.acting import record
from applications.models import Application, Check, Evidence
from refusals.refusing import Chosen, refuse
from registration.inspecting import record_inspection
from tests.fixtures_road import INSPECTED, Road
from tests.fixtures_sale import hand_in, held, issued, leaving, sold

pytestmark = pytest.mark.django_db

MOST = 15
# A withdrawal takes back in one transaction what issue and papers did in several.
MOST_OF = {"revoke": 19}
BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
BAD_PAPERS = (Chosen("VR.9.1", "Документ не читается.", "Құжат оқылмайды."),)


def by(username: str, verb: Callable[..., Any], **more: Any) -> Callable[[Road, Application], Any]:
    """The verb as an account calls it from a page of the case as it stands."""

    def call(road: Road, application: Application) -> Any:
        return verb(actor=road.who(username), number=application.number, now=timezone.now(), **more)

    return call


def fresh_answers(road: Road, application: Application) -> Callable[[], Any]:
    answers = checking.ask_all(list(application.checks.all()))
    return lambda: checking.finish(application.number, answers)


VERBS: dict[str, tuple[str, Callable[[Road, Application], Callable[[], Any]]]] = {}


def asked_for(road: Road, application: Application) -> Callable[[], Any]:
    by("supervisor", revoking.ask, version=None, reason="Ошибка")(road, application)
    return lambda: by("officer2", revoking.confirm, version=None)(road, application)


def verb(name: str, state: str, call: Callable[[Road, Application], Any]) -> None:
    VERBS[name] = state, lambda road, application: lambda: call(road, application)


verb("submit", "paid", by("front_desk", intake.submit, version=None))
verb("start_checks", "accepted", lambda _road, application: checking.begin(application.number, timezone.now()))
VERBS["finish_checks"] = "checking", fresh_answers
verb("take", "in_review", by("officer", holding.take))
verb("take_over", "held", by("officer2", holding.take_over, version=None, reason="Отпуск"))
verb("release", "held", by("officer", holding.release, version=None))
verb("inspect", "held", by("officer", record_inspection, version=None, data=INSPECTED))
verb("approve", "held", by("officer", deciding.approve, version=None))
verb("refuse", "held", by("officer", refuse, version=None, chosen=BAD_PAPERS))
verb("withdraw", "held", by("front_desk", deciding.withdraw, version=None, reason="Передумал"))
verb("issue", "approved", lambda _road, application: issuing.issue(application.number))
verb("ask_revocation", "issued", by("supervisor", revoking.ask, version=None, reason="Ошибка"))
VERBS["revoke"] = "issued", asked_for
verb("hand_over", "issued", by("front_desk", handover.hand_over, version=None))
verb("submit a sale", "sale_paid", by("front_desk", intake.submit, version=None))
verb("approve a sale", "sale_held", by("officer", deciding.approve, version=None))
verb("issue a sale, plates kept", "sale_approved", lambda _road, application: issuing.issue(application.number))
verb("issue a sale, new plates", "sale_approved_new", lambda _road, application: issuing.issue(application.number))
verb("hand over a sale", "sale_issued", by("front_desk", handover.hand_over, version=None))
verb("submit a deregistration", "leaving_paid", by("front_desk", intake.submit, version=None))
verb("approve a deregistration", "leaving_held", by("officer", deciding.approve, version=None))
verb("issue a deregistration", "leaving_approved", lambda _road, application: issuing.issue(application.number))

# Cases of VR-2, which the road itself does not know.
CASES: dict[str, Callable[[Road], Application]] = {
    "sale_paid": lambda road: sale_case(road, "paid"),
    "sale_held": lambda road: sale_case(road, "held"),
    "sale_approved": lambda road: sale_case(road, "approved"),
    "sale_approved_new": lambda road: sale_case(road, "approved", plates_kept="no"),
    "sale_issued": lambda road: sale_case(road, "issued"),
    "leaving_paid": lambda road: leaving_case(road, "paid"),
    "leaving_held": lambda road: leaving_case(road, "held"),
    "leaving_approved": lambda road: leaving_case(road, "approved"),
}


def sale_case(road: Road, until: str, **details: str) -> Application:
    application = sold(road, road.registered(), **details)
    hand_in(road, application, "certificate", *(["plates"] if details else []))
    return walked(road, application, until, is_inspected=True)


def leaving_case(road: Road, until: str) -> Application:
    application = leaving(road, road.registered())
    hand_in(road, application, "certificate", "plates")
    return walked(road, application, until, is_inspected=False)


def walked(road: Road, application: Application, until: str, *, is_inspected: bool) -> Application:
    if until == "paid":
        road.pay(application)
        return road.fresh(application)
    if until == "issued":
        return issued(road, application, is_inspected=is_inspected)
    application = held(road, application, is_inspected=is_inspected)
    return application if until == "held" else road.approve(application)


def lengthen(road: Road, application: Application) -> None:
    """300 journal rows and 30 answers more."""
    now = timezone.now()
    for turn in range(300):
        record(application, road.officer, "viewed", now, {"what": f"page {turn}"})
    latest = Check.objects.filter(application=application, evidence__isnull=False).select_related("evidence").first()
    assert latest is not None
    values = {field.name: getattr(latest.evidence, field.name) for field in Evidence._meta.fields if field.name != "id"}
    Evidence.objects.bulk_create(Evidence(**{**values, "request_id": f"again-{turn}"}) for turn in range(30))


def statements(step: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        step()
    return [query["sql"] for query in captured if not query["sql"].startswith(BRACKETS)]


@pytest.mark.parametrize("name", VERBS)
def test_a_transition_costs_little_and_no_more_with_a_long_history(road: Road, name):
    state, prepare = VERBS[name]
    application = CASES[state](road) if state in CASES else getattr(road, state)()
    with transaction.atomic():
        short = statements(prepare(road, application))
        transaction.set_rollback(True)
    lengthen(road, application)
    long = statements(prepare(road, application))

    assert len(short) <= MOST_OF.get(name, MOST), "\n".join(
        f"{place:2} {sql[:160]}" for place, sql in enumerate(short, 1)
    )
    assert len(long) == len(short)
