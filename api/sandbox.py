"""The sandbox: whose applications are decided by program, and how, so that a partner can call each outcome up.

docs/api/sandbox.md shows this table; tests/test_api_sandbox.py walks every row of it over HTTP. It acts only where the
setting SANDBOX is on, no register but the simulator answers, a connected system filed the application and the applicant
has one of these numbers: everything else waits for people, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from api import sandbox_stock
from api.codes import CODES
from api.problems import Problem
from applications import deciding, holding, marking, revoking
from applications.acting import Actor
from applications.errors import DomainError
from applications.models import Application, OutboxMessage
from applications.outbox import Later, handles, promise
from applications.states import State
from offices.models import Role, Staff
from plates.models import ItemState, OrderState, PlateOrder, PlateOrderItem
from plates.production import ordering
from refusals.grounds import propose
from refusals.refusing import Chosen, refuse
from registers import lines
from registers.contract import REGISTERS

# Names a code of the table of errors, which the call then gets instead of its answer.
ASKS_FOR = "Sandbox-Answer"
# Time in which a client can see the state before the next step.
PAUSE = timedelta(seconds=2)
RETRY_PAUSE = timedelta(seconds=10)


class Course(StrEnum):
    """What the desk does once the registers have answered."""

    # Approve, or refuse for what the registers prove.
    DECIDE = "decide"
    # Refuse on the officer's own judgement.
    JUDGE = "judge"
    # Approve, and have the decision withdrawn after the issue.
    REVOKE = "revoke"
    # Mark each document wrong and wait.
    MARK = "mark"
    LEAVE = "leave"


@dataclass(frozen=True)
class Row:
    """What becomes of the applicant's application: the state it stays in and, for a refusal, the row of its ground.

    `about` is the plate or VIN to apply for; a licence needs none.
    """

    iin: str
    subservice: str
    about: str
    course: Course
    ends: State
    ground: str = ""


def _refused(iin: str, about: str, *grounds: tuple[str, str], course: Course = Course.DECIDE) -> tuple[Row, ...]:
    return tuple(
        Row(iin, subservice, "" if subservice == "DL-1" else about, course, State.REFUSED, ground)
        for subservice, ground in grounds
    )


TABLE: tuple[Row, ...] = (
    Row("840211307702", "VR-3", "770SBX02", Course.DECIDE, State.ISSUED),
    Row("840211307702", "PD", "770SBX02", Course.DECIDE, State.ISSUED),
    Row("840211307702", "DL-1", "", Course.DECIDE, State.ISSUED),
    Row("860312407711", "VR-3", "771SBX02", Course.REVOKE, State.REVOKED),
    *_refused("880413307728", "772SBX02", ("VR-3", "VR.9.3"), ("PD", "PD.9.7"), ("DL-1", "DL.9.4")),
    *_refused("900514407732", "773SBX02", ("VR-3", "VR.9.4"), ("PD", "PD.9.4"), ("DL-1", "DL.9.3")),
    *_refused("790615307747", "774SBX02", ("VR-3", "VR.9.5"), ("PD", "PD.9.6")),
    *_refused("810716307752", "775SBX02", ("VR-3", "VR.9.6"), ("PD", "PD.9.5")),
    *_refused("830817307765", "776SBX02", ("VR-3", "VR.9.6")),
    *_refused("850918407774", "777SBX02", ("VR-3", "VR.9.5"), ("PD", "PD.9.6")),
    *_refused("871019307787", "778SBX02", ("VR-3", "VR.9.7")),
    *_refused("920526407858", "Z94SB9580LH378501", ("VR-1", "VR.9.8")),
    *_refused("740627307862", "", ("DL-1", "DL.9.2")),
    *_refused("891120407796", "779SBX02", ("VR-3", "VR.9.1"), ("PD", "PD.9.1"), course=Course.JUDGE),
    *_refused("911221307804", "780SBX02", ("VR-3", "VR.9.2"), ("PD", "PD.9.2"), course=Course.JUDGE),
    Row("780122407810", "VR-3", "781SBX02", Course.LEAVE, State.CHECKING),
    Row("800223307823", "VR-3", "782SBX02", Course.LEAVE, State.REVIEW),
    Row("820324407839", "VR-2", "784SBX02", Course.MARK, State.REVIEW),
)
ROWS = {(row.iin, row.subservice): row for row in TABLE}
COURSES = {row.iin: row.course for row in TABLE}
JUDGED_RU, JUDGED_KK = "Песочница: отказ по суждению сотрудника.", "Құмсалғыш: қызметкердің пікірі бойынша бас тарту."
MARKED = "Песочница: документ не читается."
WITHDRAWN = "Песочница: решение отозвано."


def real_registers() -> list[str]:
    """The registers that are not the simulator's, as far as their addresses tell."""
    simulator = urlsplit(settings.SIMULATOR_URL).netloc
    addresses = {name: getattr(settings, lines.url_setting(name), "") for name in (*REGISTERS, "signature_service")}
    return sorted(name for name, address in addresses.items() if address and urlsplit(address).netloc != simulator)


def is_on() -> bool:
    """Whether this installation is a sandbox; never beside a real register, whatever the setting says."""
    return bool(settings.SANDBOX) and not real_registers()


def course_of(application: Application) -> Course | None:
    """What is done with the application by program; None for everybody else's."""
    if application.filed_by_id is None or application.applicant_person is None or not is_on():
        return None
    iin = application.applicant_person.iin
    course = COURSES.get(iin)
    # An officer judges only under the ground that the table names.
    return None if course == Course.JUDGE and (iin, application.subservice) not in ROWS else course


def follow(
    application: Application, now: datetime, told: Sequence[tuple[str, dict[str, Any]]], *, has_moved: bool
) -> None:
    """Beside a move of such an application, in its transaction: the promise of the next step."""
    if has_moved and application.state in STEPS and course_of(application) is not None:
        promise("sandbox", application=application, now=now, delay=PAUSE)


@handles("sandbox")
def keep_step(message: OutboxMessage) -> None:
    """Outbox: do what the application's state asks for, as people of its office."""
    application = message.application
    course = course_of(application) if application is not None else None
    if application is None or course is None or application.state not in STEPS:
        return
    if not Staff.objects.filter(office=application.office, role=Role.OFFICER, is_active=True).exists():
        # Filed at an office of the demo where nobody works.
        return
    try:
        STEPS[State(application.state)](application, course, timezone.now())
    except DomainError as error:
        if error.code == "held":
            # Somebody at the desk was first: then people decide.
            return
        raise Later(RETRY_PAUSE, error.code) from error


def _decide(application: Application, course: Course, now: datetime) -> None:
    if course == Course.LEAVE:
        return
    officer, number = _of_office(application, Role.OFFICER), application.number
    holding.take(actor=officer, number=number, now=now)
    if course == Course.MARK:
        for document in application.documents.filter(removed_at__isnull=True, marked_wrong_at__isnull=True):
            marking.mark_wrong(actor=officer, number=number, document_id=document.pk, reason=MARKED, now=now)
        return
    chosen = [Chosen(row) for row in dict.fromkeys(item.ground.row for item in propose(application))]
    if course == Course.JUDGE:
        chosen = [Chosen(ROWS[application.applicant.identifier, application.subservice].ground, JUDGED_RU, JUDGED_KK)]
    if chosen:
        refuse(actor=officer, number=number, version=None, chosen=chosen, now=now)
    else:
        sandbox_stock.see_to(application.office, actor=officer, now=now)
        deciding.approve(actor=officer, number=number, version=None, now=now)


@transaction.atomic
def _have_made(application: Application, course: Course, now: datetime) -> None:
    """Order the plates, send the order and let them arrive; pieces that people have ordered are theirs."""
    officer = _of_office(application, Role.OFFICER)
    waiting = PlateOrderItem.objects.filter(application=application, state=ItemState.WAITING)
    items = list(waiting.values_list("pk", flat=True))
    if not items:
        return
    if PlateOrder.objects.filter(office=application.office, state=OrderState.OPEN).exists():
        raise Later(RETRY_PAUSE, "somebody makes an order up")
    order = ordering.make_up(actor=officer, items=items, now=now)
    ordering.send(actor=officer, order_id=order.pk, expected_on=timezone.localdate(now), now=now)
    ordering.arrive(actor=officer, order_id=order.pk, items=items, now=now)


def _withdraw(application: Application, course: Course, now: datetime) -> None:
    if course != Course.REVOKE:
        return
    supervisor = _of_office(application, Role.SUPERVISOR)
    second = _of_office(application, Role.OFFICER, other_than=application.decided_by_id or 0)
    with transaction.atomic():
        revoking.ask(actor=supervisor, number=application.number, version=None, reason=WITHDRAWN, now=now)
        revoking.confirm(actor=second, number=application.number, version=None, now=now)


def _of_office(application: Application, role: Role, other_than: int = 0) -> Actor:
    """Somebody of the police office. Raises Later where nobody has the role."""
    found = Staff.objects.filter(office=application.office, role=role, is_active=True).exclude(pk=other_than)
    staff = found.order_by("username").first()
    if staff is None:
        raise Later(RETRY_PAUSE, f"nobody is {role} at {application.office.code}")
    return Actor.of(staff)


Step = Callable[[Application, Course, datetime], None]
STEPS: dict[str, Step] = {State.REVIEW: _decide, State.IN_PRODUCTION: _have_made, State.ISSUED: _withdraw}


def give_what_is_asked_for(request: Any) -> None:
    """Raises the Problem that the call asks for by its header, in a sandbox alone."""
    code = request.headers.get(ASKS_FOR, "")
    if not code or not is_on():
        return
    if code not in CODES:
        raise Problem("malformed")
    raise Problem(code, headers={"Retry-After": "1"} if CODES[code].status in {429, 503} else None)


class Mark:
    """Says on every answer of the API that it comes from a sandbox."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith("/api/v1/") and is_on():
            response["Sandbox"] = "true"
        return response


def banner(request: HttpRequest) -> dict[str, bool]:
    """Context of the banner on every page."""
    return {"is_sandbox": is_on()}
