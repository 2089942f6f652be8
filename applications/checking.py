"""Asking the registers: what the standard names, in parallel, each answer kept as evidence."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, move, record, save
from applications.errors import DomainError
from applications.models import Application, Check, Evidence, OutboxMessage
from applications.outbox import Later, handles, promise
from applications.services import facts_of, service_of
from applications.states import UNDECIDED_STATES, State
from registers.contract import Answer, Outcome, ask, question_from_json, question_to_json

# An answer that came from a register is asked for again only when this much time has passed.
COOL_DOWN = timedelta(seconds=10)
# While a register is away, its questions are put again after this pause.
RETRY_PAUSE = timedelta(seconds=20)
PARALLEL = 12


def plan(application: Application, now: datetime) -> list[Check]:
    """Bring the application's check rows in line with the standard and the data now known; return all of them.

    A changed question forgets its answer, so that the evidence always belongs to what is asked. Checks that no longer
    apply are dropped while they are unanswered and kept, unused, once there is evidence.
    """
    planned = list(application.checks.all())
    existing = {(check.code, check.subject): check for check in planned}
    fresh, changed = [], []
    for question in service_of(application).checks(application, facts_of(application)):
        body = question_to_json(question.question)
        check = existing.pop((question.code, question.subject), None)
        if check is None:
            fresh.append(
                Check(
                    application=application,
                    code=question.code,
                    subject=question.subject,
                    register=question.register,
                    row=question.row,
                    ground=question.ground,
                    question=body,
                    paper_serves=question.paper_serves,
                )
            )
        elif check.question != body or check.paper_serves != question.paper_serves:
            forget(check, body)
            check.paper_serves = question.paper_serves
            changed.append(check)
    Check.objects.filter(pk__in=[check.pk for check in existing.values()], evidence__isnull=True).delete()
    Check.objects.bulk_create(fresh)
    Check.objects.bulk_update(changed, ["question", "paper_serves", *ANSWER_FIELDS, *RULING_FIELDS])
    gone = {check.pk for check in existing.values() if check.evidence_id is None}
    return [*(check for check in planned if check.pk not in gone), *fresh]


ANSWER_FIELDS = ("outcome", "findings", "facts", "asked_at", "answered_at", "valid_until", "attempts", "evidence")
RULING_FIELDS = ("ruling", "ruling_reason", "ruled_by", "ruled_at", "confirmed_by", "confirmed_at")


def forget(check: Check, question: dict[str, object]) -> None:
    check.question = question
    check.outcome = ""
    check.findings = []
    check.facts = {}
    check.asked_at = check.answered_at = check.valid_until = None
    check.attempts = 0
    check.evidence = None
    forget_ruling(check)


def forget_ruling(check: Check) -> None:
    check.ruling = check.ruling_reason = ""
    check.ruled_by = check.ruled_at = check.confirmed_by = check.confirmed_at = None


def refresh(application: Application, now: datetime, just_asked: Container[int] = ()) -> None:
    """After a draft changed: what it is about, what it costs, and what the registers can be asked by now."""
    service = service_of(application)
    summary = service.summary(application)
    application.subject, application.headline = summary.subject, summary.headline
    application.plate_number = summary.plate_number
    save(application, "subject", "headline", "plate_number")
    service.assess(application, now)
    if any(needs_asking(check, now) and check.pk not in just_asked for check in plan(application, now)):
        promise_checks(application, now)


def promise_checks(
    application: Application, now: datetime, codes: Sequence[str] = (), delay: timedelta = timedelta(0)
) -> OutboxMessage:
    """Have the workers ask what is unanswered, or exactly the checks of `codes`."""
    return promise("checks", application=application, now=now, payload={"codes": list(codes)}, delay=delay)


@handles("checks")
def keep_checks(message: OutboxMessage) -> None:
    if message.application is None:
        raise ValueError("Checks belong to an application.")
    run(message.application.number, message.payload.get("codes", []))


def run(number: str, codes: Iterable[str] = ()) -> None:
    """Ask everything that has no usable answer (and whatever `codes` names), then let the road go on.

    Nothing is locked while the registers think. Raises outbox.Later while a register is away.
    """
    now = timezone.now()
    checks = begin(number, now)
    wanted = set(codes)
    to_ask = [check for check in checks if check.code in wanted or needs_asking(check, now)]
    answers = ask_all(to_ask)
    finish(number, answers)
    if any(answer.outcome == Outcome.UNAVAILABLE for answer in answers.values()):
        raise Later(RETRY_PAUSE, "a register is away")


def needs_asking(check: Check, now: datetime) -> bool:
    return check.outcome in {"", Outcome.UNAVAILABLE.value} or check.is_stale(now)


@transaction.atomic
def begin(number: str, now: datetime) -> list[Check]:
    """Move a freshly accepted application into its checks and plan them. An application past its decision has none."""
    actor = Actor.automatic()
    application = lock(number=number, actor=actor)
    if application.state == State.SUBMITTED:
        move(application, "start_checks")
        save(application, "state")
        record(application, actor, "checks_started", now)
    if application.state not in {State.DRAFT, *UNDECIDED_STATES}:
        return []
    return plan(application, now)


def ask_all(checks: Sequence[Check]) -> dict[int, Answer]:
    """The answers by check id. Threads only wait for the network; none of them touches the database."""
    if not checks:
        return {}
    questions = [question_from_json(check.question) for check in checks]
    with ThreadPoolExecutor(max_workers=min(PARALLEL, len(checks))) as pool:
        answers = list(pool.map(ask, questions))
    return {check.pk: answer for check, answer in zip(checks, answers, strict=True)}


@transaction.atomic
def finish(number: str, answers: dict[int, Answer]) -> None:
    """Keep the evidence, and move on to the decision when there is something to decide on."""
    now = timezone.now()
    actor = Actor.automatic()
    application = lock(number=number, actor=actor)
    if answers:
        keep_evidence(application, answers)
    if answers and application.state == State.DRAFT:
        service_of(application).registers_answered(application, now)
        refresh(application, now, just_asked=answers)
    if application.state == State.CHECKING and is_ready_for_review(application):
        move(application, "finish_checks")
    if answers or application.state == State.REVIEW:
        save(application, "state")
        summary = {check: answer.outcome.value for check, answer in named(application, answers)}
        record(application, actor, "registers_answered", now, {"outcomes": summary, "state": application.state})


def named(application: Application, answers: dict[int, Answer]) -> list[tuple[str, Answer]]:
    return [(str(check), answers[check.pk]) for check in application.checks.all() if check.pk in answers]


def keep_evidence(application: Application, answers: dict[int, Answer]) -> None:
    """One evidence row per answer; the check carries the latest. A question changed meanwhile keeps no old answer."""
    checks = {check.pk: check for check in application.checks.filter(pk__in=answers)}
    rows = Evidence.objects.bulk_create(
        Evidence(
            request_id=answer.request_id,
            check_of=checks[pk],
            register=answer.register,
            question=checks[pk].question,
            outcome=answer.outcome.value,
            findings=[{"code": finding.code, "params": finding.params} for finding in answer.findings],
            facts=answer.facts,
            raw=answer.raw,
            asked_at=answer.asked_at,
            answered_at=answer.answered_at,
            valid_until=answer.valid_until,
        )
        for pk, answer in answers.items()
        if pk in checks
    )
    for row in rows:
        check = row.check_of
        check.attempts += 1
        if row.outcome != check.outcome or row.facts != check.facts:
            forget_ruling(check)
        for name in ("outcome", "findings", "facts", "asked_at", "answered_at", "valid_until"):
            setattr(check, name, getattr(row, name))
        check.evidence = row
    Check.objects.bulk_update(checks.values(), [*ANSWER_FIELDS, *RULING_FIELDS])


def is_ready_for_review(application: Application) -> bool:
    """All have answered – or one answer already bars approval, so that a refusal need not wait for the rest."""
    outcomes = {check.conclusion for check in application.checks.all()}
    waits = {"", Outcome.UNAVAILABLE.value} & outcomes
    return not waits or Outcome.HIT.value in outcomes


@transaction.atomic
def ask_again(*, actor: Actor, number: str, codes: Sequence[str], now: datetime) -> Application:
    """Put the checks of `codes` to their registers once more. Raises DomainError "cool_down" just after an answer."""
    application = lock(number=number, actor=actor)
    if application.state not in {State.DRAFT, *UNDECIDED_STATES}:
        raise DomainError("decided", _("The decision is made; the registers are not asked again."))
    recent = application.checks.filter(code__in=codes, asked_at__gt=now - COOL_DOWN).first()
    if recent is not None:
        message = _("This register answered a moment ago. Ask again in %(seconds)s seconds.")
        raise DomainError("cool_down", message % {"seconds": COOL_DOWN.seconds}, status=429)
    record(application, actor, "asked_again", now, {"checks": list(codes)})
    promise_checks(application, now, codes)
    return application
