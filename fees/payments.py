"""Money as the gateway reports it: judged once, written once, and every report kept with what was made of it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from applications.acting import Actor, lock, pulse_after_commit, record
from applications.checking import promise_checks
from applications.models import Application
from applications.outbox import promise
from applications.states import State
from fees.charging import all_paid, is_paid
from fees.models import Charge, Payment, PaymentNotice, Tariff, Verdict, Via
from fees.reassessing import CHARGED_STATES
from fees.tariffs import MissingTariffError, in_force, mci_on
from registers.answers import Outcome
from registers.contract import ask
from registers.payments import read_callback
from registers.questions import PaymentReference, PaymentsQuestion

logger = logging.getLogger(__name__)

GATEWAY = Actor.automatic("gateway")
# The callback comes first; the poll only finds what it did not bring.
POLL_AFTER = timedelta(seconds=30)
POLL_SELDOM_AFTER = timedelta(hours=1)
POLL_SELDOM = timedelta(minutes=10)
# A page opened before a charge was replaced can still be paid on; its callback may be lost, too.
POLL_CANCELLED = timedelta(days=2)
POLL_BATCH = 50


@dataclass(frozen=True)
class Report:
    """What the gateway says: `receipt` for `amount` tenge under `reference`, paid by a person or organisation."""

    via: Via
    reference: str
    receipt: str
    amount: Decimal
    payer_identifier: str
    paid_at: datetime
    raw: str

    def __post_init__(self) -> None:
        words = (self.reference, self.receipt, self.payer_identifier)
        if any("\x00" in word for word in words):
            raise ValueError("a report with a reference, receipt or payer that cannot be kept")

    @classmethod
    def read(cls, body: bytes, via: Via) -> Report:
        """The report in `body`, whose origin the caller has made sure of. Raises ValueError when it is malformed."""
        said = read_callback(body)
        return cls(
            via=via,
            reference=said.reference,
            receipt=said.receipt,
            amount=said.amount,
            payer_identifier=said.payer_identifier,
            paid_at=said.paid_at,
            raw=body.decode("utf-8", errors="replace"),
        )


def receive(report: Report, now: datetime) -> Verdict:
    """Take a report in and say what was made of it; the only way by which a payment is ever written.

    A receipt pays one charge, once, in full, by the applicant or the representative, at the rate of the day of payment.
    The same report again gets the same end and no second payment. Rows VR.8.1b, VR.8.3a, PD.9.3, DL.8.1c, DL.8.2c.
    """
    try:
        return _receive(report, now)
    except IntegrityError:
        # The same receipt was written for another application at this very moment: now it can be seen.
        return _receive(report, now)


@transaction.atomic
def _receive(report: Report, now: datetime) -> Verdict:
    found = Charge.objects.filter(reference=report.reference).values_list("application__number", flat=True).first()
    if found is None:
        _note(report, Verdict.UNKNOWN_REFERENCE, None, now)
        return Verdict.UNKNOWN_REFERENCE
    application = lock(number=found, actor=GATEWAY)
    charge = Charge.objects.select_related("payment", "tariff").get(reference=report.reference)
    verdict = judge(application, charge, report)
    notice = _note(report, verdict, charge, now)
    if verdict == Verdict.APPLIED:
        _apply(application, charge, report, notice, now)
    elif verdict == Verdict.WRONG_AMOUNT and application.state in CHARGED_STATES:
        # It may be the day that made the amount wrong: the next payment page must ask for the right one.
        promise("reassess", application=application, now=now)
    changes = {"reference": report.reference, "receipt": report.receipt, "amount": str(report.amount)}
    record(
        application, GATEWAY, "payment_reported", now, {**changes, "verdict": verdict.value, "via": report.via.value}
    )
    pulse_after_commit(application)
    return verdict


def judge(application: Application, charge: Charge, report: Report) -> Verdict:
    """What a report means for its charge, as the rows stand now; the application is locked by the caller."""
    spent = Payment.objects.filter(receipt=report.receipt).first()
    if spent is not None:
        return Verdict.DUPLICATE if spent.charge_id == charge.pk else Verdict.RECEIPT_SPENT
    if is_paid(charge):
        return Verdict.ALREADY_PAID
    if application.state in {State.WITHDRAWN, State.REFUSED, State.REVOKED} or not _still_counts(charge, report):
        return Verdict.LATE
    if report.payer_identifier not in payers(application):
        return Verdict.WRONG_PAYER
    if report.amount != charge.amount or not _right_on_its_day(charge, report):
        return Verdict.WRONG_AMOUNT
    return Verdict.APPLIED


def payers(application: Application) -> set[str]:
    """Who may pay: the applicant and the representative, by IIN, BIN or document number."""
    people = [application.applicant, application.representative]
    return {person.identifier for person in people if person is not None}


def _still_counts(charge: Charge, report: Report) -> bool:
    """A cancelled charge still takes what was paid before its end, if nothing was paid in its place."""
    if charge.cancelled_at is None:
        return True
    same = Charge.objects.live().filter(application=charge.application_id, code=charge.code)
    is_replaced = same.exists() and not same.filter(payment__isnull=False).exists()
    return report.paid_at < charge.cancelled_at and is_replaced


def _right_on_its_day(charge: Charge, report: Report) -> bool:
    """The index and rate of the day of payment count (Tax Code, art. 615 p. 1), not those of the day of the order."""
    day = timezone.localdate(report.paid_at)
    if charge.supplements_id is not None:
        return True
    try:
        is_same_index = mci_on(day) == charge.mci
    except MissingTariffError:
        return False
    return is_same_index and charge.tariff in Tariff.objects.filter(in_force(day))


def _apply(application: Application, charge: Charge, report: Report, notice: PaymentNotice, now: datetime) -> None:
    if charge.cancelled_at is not None:
        instead = Charge.objects.unpaid().filter(application=application, code=charge.code)
        instead.update(cancelled_at=now)
        Charge.objects.filter(pk=charge.pk).update(cancelled_at=None)
        promise("reassess", application=application, now=now)
    Payment.objects.create(
        charge=charge,
        notice=notice,
        receipt=report.receipt,
        amount=report.amount,
        payer_identifier=report.payer_identifier,
        paid_at=report.paid_at,
        received_at=now,
        via=report.via,
    )
    if all_paid(application):
        _wake_checks(application, now)


def _wake_checks(application: Application, now: datetime) -> None:
    """What waited for the money goes on: the gateway is asked anew, so that the evidence is its own answer."""
    codes = application.checks.filter(register=PaymentsQuestion.register).values_list("code", flat=True)
    promise_checks(application, now, list(codes))


def _note(report: Report, verdict: Verdict, charge: Charge | None, now: datetime) -> PaymentNotice:
    return PaymentNotice.objects.create(
        application_id=charge.application_id if charge else None,
        charge=charge,
        via=report.via,
        reference=report.reference,
        receipt=report.receipt,
        amount=report.amount,
        payer_identifier=report.payer_identifier,
        paid_at=report.paid_at,
        received_at=now,
        raw=report.raw.replace("\x00", "\N{REPLACEMENT CHARACTER}"),
        verdict=verdict,
    )


def note_forged(now: datetime) -> None:
    """Keep that something not signed by the gateway came, without a word of it; once a minute, so it fills no disk."""
    if cache.add("fees:forged", 1, timeout=60):
        PaymentNotice.objects.create(via=Via.CALLBACK, received_at=now, verdict=Verdict.BAD_SIGNATURE)


def poll_unpaid(now: datetime) -> int:
    """Ask the gateway about a batch of ordered, unpaid charges and take in what it reports; returns reports taken in.

    Each charge is asked about after 30 s, and every ten minutes when its order is more than an hour old.
    """
    charges = list(_to_poll(now))
    if not charges:
        return 0
    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(polled_at=now)
    references = tuple(PaymentReference(charge.reference, str(charge.amount)) for charge in charges)
    answer = ask(PaymentsQuestion(references), now=now)
    if answer.outcome == Outcome.UNAVAILABLE:
        return 0
    reports = _reports(answer.facts.get("receipts"))
    fresh = [report for report in reports if not _is_known(report)]
    for report in fresh:
        receive(report, now)
    return len(fresh)


def _to_poll(now: datetime) -> QuerySet[Charge]:
    ordered = Charge.objects.filter(
        payment__isnull=True, ordered_at__lte=now - POLL_AFTER, application__state__in=CHARGED_STATES
    )
    counts = Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=now - POLL_CANCELLED)
    often = Q(polled_at__lte=now - POLL_AFTER, ordered_at__gt=now - POLL_SELDOM_AFTER)
    is_due = Q(polled_at__isnull=True) | often | Q(polled_at__lte=now - POLL_SELDOM)
    return ordered.filter(counts, is_due).order_by(F("polled_at").asc(nulls_first=True), "id")[:POLL_BATCH]


def _reports(receipts: object) -> list[Report]:
    """The receipts of a poll as reports; one that makes no sense is left for a callback to say better."""
    found = []
    for item in receipts if isinstance(receipts, list) else []:
        try:
            found.append(Report.read(json.dumps(item).encode(), Via.POLL))
        except ValueError:
            logger.warning("A receipt in the gateway's answer makes no sense.")
    return found


def _is_known(report: Report) -> bool:
    return PaymentNotice.objects.filter(receipt=report.receipt, reference=report.reference).exists()
