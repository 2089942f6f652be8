"""Where an application stands, in plain words for whoever waits for it; nothing about anybody."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError
from applications.models import Application
from applications.numbers import normalise_number
from applications.services import service_name
from applications.states import OPEN_STATES, State
from offices.models import Office
from people.identifiers import SEPARATORS, normalise_vin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a state means for the applicant, and what comes next.
MEANINGS: dict[State, _StrPromise] = {
    State.SUBMITTED: _("The application is accepted. The state registers are asked next."),
    State.CHECKING: _("The state registers are being asked. You need to do nothing."),
    State.REVIEW: _("The registers have answered. An officer of the police looks at the application and decides."),
    State.APPROVED: _("The decision is positive. The result is being made out."),
    State.IN_PRODUCTION: _("The decision is positive. What you ordered is being made."),
    State.READY: _("What you ordered is made. The result is being made out."),
    State.ISSUED: _("The service is rendered."),
    State.REFUSED: _("The service is refused. The letter with the reasons is part of the result."),
    State.WITHDRAWN: _("The application was withdrawn. Nothing more is done with it."),
    State.REVOKED: _("The decision was withdrawn. Ask the office what that means for you."),
}
# The steps of the journal that an applicant is told of; all others are the portal's own business.
STEPS: dict[str, _StrPromise] = {
    "accepted": _("Application accepted"),
    "checks_started": _("State registers asked"),
    "registers_answered": _("State registers answered"),
    "document_marked_wrong": _("A document was found wrong: send or bring it again"),
    "approved": _("Decision: positive"),
    "refused": _("Decision: refused"),
    "production_ordered": _("Ordered to be made"),
    "production_finished": _("Made and delivered to the office"),
    "issued": _("Result made out"),
    "handed_over": _("Result handed over"),
    "withdrawn": _("Application withdrawn"),
    "revoked": _("Decision withdrawn"),
}
LAST_DIGITS = 4


@dataclass(frozen=True)
class Step:
    """One thing that happened, in plain words, at an aware instant."""

    words: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """All that anybody is told: words of the state, the office that has the case, the promised end, the steps.

    `due_at` is None once the case is finished; `place` is where the result is or will be handed over.
    """

    number: str
    service: str
    state: str
    meaning: str
    holder: Office
    place: Office
    due_at: datetime | None
    steps: list[Step]


def number_of(typed: str) -> str:
    """The number as it is stored, of what a person typed. Raises InvalidInputError for the field `number`."""
    try:
        return normalise_number(normalise_vin(typed))
    except ValueError as error:
        message = _("This is no application number: it has 13 digits, as on the receipt. Check each of them.")
        raise InvalidInputError({"number": message}) from error


def find(number: str) -> Application | None:
    """The accepted application of that number, with its offices; drafts have no standing."""
    return (
        Application.objects.filter(number=number)
        .exclude(state=State.DRAFT)
        .select_related("office", "front_desk", "applicant_person", "applicant_organisation")
        .defer("subject", "headline", "plate_number")
        .first()
    )


def is_applicants(application: Application | None, digits: str) -> bool:
    """Whether `digits` are the last four of the applicant's IIN, BIN or, without one, document; never of nobody."""
    typed = SEPARATORS.sub("", digits).upper()
    last = application.applicant.identifier[-LAST_DIGITS:].upper() if application else ""
    return hmac.compare_digest(typed.encode(), last.encode()) and len(typed) == LAST_DIGITS


def standing(application: Application) -> Standing:
    """What may be told of an accepted application; one query."""
    state = State(application.state)
    place = application.front_desk or application.office
    is_at_the_desk = state in (State.ISSUED, State.REFUSED)
    return Standing(
        number=application.number,
        service=service_name(application),
        state=str(state.label),
        meaning=str(MEANINGS[state]),
        holder=place if is_at_the_desk else application.office,
        place=place,
        due_at=application.due_at if state in OPEN_STATES else None,
        steps=list(_steps(application)),
    )


def _steps(application: Application) -> Iterator[Step]:
    """The first time of each step; a document may be found wrong more than once."""
    entries = application.journal.filter(action__in=STEPS).order_by("id").values_list("action", "at")
    told: set[str] = set()
    for action, at in entries:
        if action not in told or action == "document_marked_wrong":
            told.add(action)
            yield Step(str(STEPS[action]), at)
