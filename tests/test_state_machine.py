"""Every verb in every state by every account: what is not allowed raises one clear error and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from applications import deciding, handover, holding, intake, marking, revoking
from applications.acting import Actor
from applications.errors import DomainError
from applications.journal import verify
from applications.models import Application, JournalEntry, OutboxMessage
from applications.states import State
from refusals.refusing import Chosen, refuse
from registration.inspecting import record_inspection
from tests.fixtures_road import INSPECTED, Road

pytestmark = pytest.mark.django_db

BAD_PAPERS = (Chosen("VR.9.1", "Документ не читается.", "Құжат оқылмайды."),)
VERSION = {"version": None}
VERBS: dict[str, Callable[..., Any]] = {
    "submit": lambda **who: intake.submit(**who, **VERSION),
    "save_details": lambda **who: intake.save_details(**who, **VERSION, data={"vin": ""}),
    "take": holding.take,
    "take_over": lambda **who: holding.take_over(**who, **VERSION, reason="Отпуск"),
    "release": lambda **who: holding.release(**who, **VERSION),
    "inspect": lambda **who: record_inspection(**who, **VERSION, data=INSPECTED),
    "approve": lambda **who: deciding.approve(**who, **VERSION),
    "refuse": lambda **who: refuse(**who, **VERSION, chosen=BAD_PAPERS),
    "withdraw": lambda **who: deciding.withdraw(**who, **VERSION, reason="Передумал"),
    "hand_over": lambda **who: handover.hand_over(**who, **VERSION),
    "ask_revocation": lambda **who: revoking.ask(**who, **VERSION, reason="Ошибка реестра"),
    "confirm_revocation": lambda **who: revoking.confirm(**who, **VERSION),
    "reject_revocation": lambda **who: revoking.reject(**who, **VERSION, reason="Ошибки нет"),
    "remove_document": lambda **who: intake.remove(**who, document_id=0),
    "mark_document": lambda **who: marking.mark_wrong(**who, document_id=0, reason="Нечитаемо"),
}
ACCOUNTS = (
    "front_desk",
    "officer",
    "officer2",
    "supervisor",
    "front_desk2",
    "front_desk_astana",
    "officer_astana",
    "contact_centre",
    "auditor",
    "administrator",
)
OFFICERS = ("officer", "officer2", "supervisor")
# The states as the road reaches them; "held" is the review of a case that `officer` holds.
STATES = (
    *("paid", "accepted", "checking", "in_review", "held", "approved", "issued", "refused", "withdrawn"),
    *("revocable", "revoked"),
)
UNDECIDED = ("accepted", "checking", "in_review", "held")


def allowed() -> set[tuple[str, str, str]]:
    """State, verb, account: all that may happen, read off the law's road and the roles; everything else may not."""
    may = {("paid", "submit", "front_desk"), ("paid", "save_details", "front_desk")}
    may |= {(state, "withdraw", who) for state in ("paid", *UNDECIDED) for who in ("front_desk", "supervisor")}
    may |= {(state, verb, who) for state in UNDECIDED for verb in ("take_over", "inspect") for who in OFFICERS}
    may |= {(state, "take", who) for state in ("accepted", "checking", "in_review") for who in OFFICERS}
    # Taking what one holds already is no mistake.
    may |= {("held", verb, "officer") for verb in ("take", "release", "approve", "refuse")}
    may |= {(state, "hand_over", "front_desk") for state in ("issued", "refused", "revocable")}
    may |= {(state, "ask_revocation", "supervisor") for state in ("approved", "issued", "refused")}
    # Whoever asked may think again; confirming is for somebody who neither asked nor decided.
    may |= {("revocable", "confirm_revocation", "officer2")}
    may |= {("revocable", "reject_revocation", who) for who in ("officer2", "supervisor")}
    return may


ALLOWED = allowed()


def reach(road: Road, state: str) -> Application:
    """The case in that state; "revocable" is issued and asked to be withdrawn, "revoked" that it was."""
    if state in {"revocable", "revoked"}:
        application = road.issued()
        attempt(road, application, "ask_revocation", "supervisor")
        if state == "revoked":
            attempt(road, application, "confirm_revocation", "officer2")
        return road.fresh(application)
    if state in {"refused", "withdrawn"}:
        application = road.held()
        verb = {"refused": ("refuse", "officer"), "withdrawn": ("withdraw", "front_desk")}[state]
        attempt(road, application, *verb)
        return road.fresh(application)
    return getattr(road, state)()


def attempt(road: Road, application: Application, verb: str, account: str) -> str:
    """The code of the refusal; empty when the verb did its work. Anything but a DomainError fails the test."""
    try:
        with transaction.atomic():
            VERBS[verb](actor=road.who(account), number=application.number, now=timezone.now())
    except DomainError as error:
        return f"{error.status} {error.code}"
    return ""


def footprint(application: Application) -> tuple[Any, ...]:
    """Everything that a refused step must leave as it was."""
    row = Application.objects.filter(pk=application.pk).values().get()
    return row, JournalEntry.objects.count(), OutboxMessage.objects.count(), application.papers.count()


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_allowed_changes_nothing(road: Road, state):
    """Each verb by each account that the table does not allow: a refusal, and not a byte changed."""
    application = reach(road, state)
    before = footprint(application)
    attempts = [(verb, who) for verb in VERBS for who in ACCOUNTS if (state, verb, who) not in ALLOWED]
    codes = {(verb, who): attempt(road, application, verb, who) for verb, who in attempts}

    assert {pair for pair, code in codes.items() if code[:3] not in {"403", "404", "409", "422"}} == set()
    assert footprint(application) == before
    assert verify() is None


@pytest.mark.parametrize("state", STATES)
def test_what_is_allowed_is_done_and_journaled(road: Road, state):
    """Each allowed step leaves at least one row of its actor; the chain stays whole."""
    application = reach(road, state)
    steps = [(verb, who) for kind, verb, who in sorted(ALLOWED) if kind == state]
    done = {}
    for verb, who in steps:
        with transaction.atomic():
            rows = application.journal.count()
            code = attempt(road, application, verb, who)
            is_idle = (state, verb, who) == ("held", "take", "officer")
            done[verb, who] = code or ("" if is_idle or application.journal.count() > rows else "not journaled")
            assert verify(f"application:{application.number}") is None
            transaction.set_rollback(True)

    assert {pair: code for pair, code in done.items() if code} == {}


def test_the_portal_itself_does_not_decide(road: Road):
    """Workers move a case along, people decide it."""
    application = road.held()
    codes = set()
    for verb in ("take", "approve", "refuse", "hand_over", "inspect", "mark_document", "ask_revocation"):
        with pytest.raises(DomainError) as refused:
            VERBS[verb](actor=Actor.automatic(), number=application.number, now=timezone.now())
        codes.add(refused.value.code)

    assert codes == {"role"}
    assert road.fresh(application).state == State.REVIEW
