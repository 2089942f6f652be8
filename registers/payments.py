"""The payment gateway: asking what is paid, opening an order, and checking the gateway's callback.

VR.8.1b, VR.8.3a, PD.9.3, DL.8.1c, DL.8.2c: that a charge is paid is only ever learned from the gateway.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from django.conf import settings
from pydantic import AwareDatetime, Field

from registers import lines, signing, transport
from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import PaymentReference, PaymentsQuestion
from registers.replies import Money, Reply, amount_text

FIRST_PAYMENT, LAST_PAYMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Receipt(Reply):
    """One payment that the gateway took; amount in tenge."""

    receipt: str
    amount: Money
    payer_identifier: str
    paid_at: AwareDatetime


class PaymentStatus(Reply):
    """What the gateway knows of one reference; someone may have paid more than once."""

    reference: str
    status: Literal["unknown", "unpaid", "paid"]
    receipts: list[Receipt]


class PaymentsReply(Reply):
    """A status for each reference asked about."""

    payments: list[PaymentStatus]


class PaymentCallback(Receipt):
    """The body of the gateway's callback, once its signature is verified: what can be kept of a payment."""

    reference: str = Field(min_length=1, max_length=64)
    receipt: str = Field(min_length=1, max_length=64)
    payer_identifier: str = Field(min_length=1, max_length=32)
    # At the ends of the calendar an instant has no day in the national time.
    paid_at: AwareDatetime = Field(ge=FIRST_PAYMENT, lt=LAST_PAYMENT)


def interpret(question: PaymentsQuestion, reply: PaymentsReply, _today: date) -> Verdict:
    """Clear when every reference has a receipt of at least its amount; the facts list all receipts."""
    known = {status.reference: status for status in reply.payments}
    findings = [finding for asked in question.references if (finding := _objection(asked, known.get(asked.reference)))]
    asked_for = {asked.reference for asked in question.references}
    receipts: list[Json] = [
        {"reference": status.reference, **receipt.model_dump(mode="json")}
        for status in reply.payments
        if status.reference in asked_for
        for receipt in status.receipts
    ]
    return Verdict(Outcome.HIT if findings else Outcome.CLEAR, tuple(findings), {"receipts": receipts})


def _objection(asked: PaymentReference, status: PaymentStatus | None) -> Finding | None:
    required = Decimal(asked.amount)
    params: dict[str, Json] = {"reference": asked.reference, "amount": amount_text(required)}
    if status is None or status.status != "paid" or not status.receipts:
        return Finding("payments.unpaid", params)
    largest = max(receipt.amount for receipt in status.receipts)
    if largest < required:
        return Finding("payments.amount_short", {**params, "paid": amount_text(largest)})
    return None


def sign_callback(body: bytes, timestamp: int) -> str:
    """The X-Signature header for a callback body, signed with the shared secret at `timestamp` (unix seconds)."""
    return signing.sign(body, secret=settings.PAYMENT_CALLBACK_SECRET, timestamp=timestamp)


def verify_callback(header: str, body: bytes, now: datetime, tolerance: int = 300) -> None:
    """Pass in silence if the gateway signed this very body within `tolerance` seconds of the aware instant `now`.

    Raises registers.signing.SignatureRefusedError (malformed, altered, stale).
    """
    secret = settings.PAYMENT_CALLBACK_SECRET
    signing.verify(header, body, secret=secret, now=int(now.timestamp()), tolerance=tolerance)


def read_callback(body: bytes) -> PaymentCallback:
    """The content of a verified callback. Raises pydantic.ValidationError (a ValueError) if it is malformed."""
    return PaymentCallback.model_validate_json(body)


@dataclass(frozen=True)
class OrderItem:
    """One charge on a payment page: it gets a receipt and a callback of its own; `amount` in tenge."""

    reference: str
    amount: Decimal
    description: str


class PaymentPage(Reply):
    """A payment page that the gateway has opened; the payer's browser is sent to `pay_url`."""

    order: str
    total: Money
    pay_url: str = Field(pattern=r"^https?://[!-~]+$", max_length=500)


class GatewayError(Exception):
    """The page could not be opened; `finding` says why in the words of registers.findings."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.finding = Finding(code)


def open_page(
    *,
    order: str,
    items: Sequence[OrderItem],
    payer_identifier: str,
    return_url: str,
    callback_url: str,
) -> PaymentPage:
    """Open the payment page `order` for `items`, or bring the page that is already open to them: repeating is safe.

    What was paid on the page stays paid. Raises GatewayError if the gateway is down, refuses, or answers something
    else than was ordered.
    """
    body: dict[str, object] = {
        "order": order,
        "items": [
            {"reference": item.reference, "amount": amount_text(item.amount), "description": item.description}
            for item in items
        ],
        "payer_identifier": payer_identifier,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    payments = lines.line("payments")
    pages = replace(payments, url=f"{payments.url}/pages")
    try:
        opened = PaymentPage.model_validate_json(transport.post(pages, body, request_id=str(uuid.uuid4())))
    except transport.TroubleError as trouble:
        raise GatewayError(trouble.code) from trouble
    except ValueError as error:
        raise GatewayError("unavailable.nonsense") from error
    if opened.order != order or opened.total != sum((item.amount for item in items), Decimal(0)):
        raise GatewayError("unavailable.nonsense")
    return opened
