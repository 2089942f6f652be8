"""Reports of money that did not count, in words for the desk: what came, why it does not count, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from fees.models import PaymentNotice, Verdict
from people.models import masked
from registers.findings import grouped

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class NoticeShown:
    """One report that did not count; times are aware, `payer` is masked."""

    received_at: datetime
    verdict: str
    title: str
    what_came: str
    why: str
    what_to_do: str
    reference: str
    receipt: str
    payer: str


@dataclass(frozen=True)
class Words:
    why: _StrPromise
    what_to_do: _StrPromise


REFUND = gettext_lazy("The payer asks the state revenue office to return the money, with the receipt.")
WORDS: dict[str, Words] = {
    Verdict.WRONG_AMOUNT: Words(
        gettext_lazy(
            "The amount is not the one due on the day of payment, so the charge stays unpaid. What is due follows the "
            "index and the rate of that day."
        ),
        gettext_lazy(
            "The applicant pays the charge anew through the payment page; for the money that came, the payer asks the "
            "state revenue office to return it."
        ),
    ),
    Verdict.WRONG_PAYER: Words(
        gettext_lazy("Only the applicant or the representative named in the application can pay for it."),
        gettext_lazy(
            "The applicant or the representative pays the charge through the payment page; the one who paid asks the "
            "state revenue office to return the money."
        ),
    ),
    Verdict.LATE: Words(gettext_lazy("The money came when nothing was due under this reference any more."), REFUND),
    Verdict.ALREADY_PAID: Words(gettext_lazy("The charge was already paid with another receipt."), REFUND),
    Verdict.RECEIPT_SPENT: Words(
        gettext_lazy("This receipt has already paid another charge, and a receipt pays only one."),
        gettext_lazy("The applicant pays this charge through its payment page."),
    ),
}


def notices_shown(application: Application) -> list[NoticeShown]:
    """What the gateway reported for the application and did not count, newest first, each report once."""
    notices = application.notices.filter(verdict__in=list(WORDS)).select_related("charge")
    seen: set[tuple[str, str, str]] = set()
    shown = []
    for notice in notices:
        key = (notice.reference, notice.receipt, notice.verdict)
        if key not in seen:
            seen.add(key)
            shown.append(_shown(notice))
    return shown


def _shown(notice: PaymentNotice) -> NoticeShown:
    words = WORDS[notice.verdict]
    return NoticeShown(
        received_at=notice.received_at,
        verdict=notice.verdict,
        title=str(Verdict(notice.verdict).label),
        what_came=_what_came(notice),
        why=str(words.why),
        what_to_do=str(words.what_to_do),
        reference=notice.reference,
        receipt=notice.receipt,
        payer=masked(notice.payer_identifier),
    )


def _what_came(notice: PaymentNotice) -> str:
    due = notice.charge.amount if notice.charge else None
    numbers = {
        "amount": grouped(notice.amount) if notice.amount is not None else "",
        "due": grouped(due) if due is not None else "",
        "receipt": notice.receipt,
        "reference": notice.reference,
    }
    if notice.verdict == Verdict.WRONG_AMOUNT:
        return _("%(amount)s tenge under %(reference)s, where %(due)s were asked for; receipt %(receipt)s.") % numbers
    return _("%(amount)s tenge under %(reference)s; receipt %(receipt)s.") % numbers
