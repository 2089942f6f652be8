"""What an application owes: charges follow its details and the day's rates, and what is paid stays paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, pulse_after_commit, record
from applications.models import Application
from applications.outbox import promise
from applications.services import ChargeLine
from applications.standards import ChargeRule, CheckRule, CollectedBy, Text
from fees.models import Charge, Tariff
from fees.tariffs import MissingTariffError, Quote, VehicleClass, mci_on, missing_message, plate_group, quote
from registers.contract import PaymentReference, PaymentsQuestion, Question

LANGUAGES = ("en", "ru", "kk")


@dataclass(frozen=True)
class ChargeRequest:
    """One payment the standard asks for: its row, the code and group of its tariff, and what the rate depends on.

    `exemption` is the code of the exemption claimed; it lifts only the duties that the law names.
    """

    row: str
    code: str
    name: Text
    group: str = ""
    vehicle: VehicleClass | None = None
    exemption: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a charge has to be; two charges that agree in all of this are the same charge."""

    row: str
    group: str
    tariff: Tariff | None
    exemption_id: int | None
    supplements: Charge | None
    rate: Decimal | None
    mci: Decimal | None
    amount: Decimal | None
    missing: str
    legal_basis: Text | None

    def is_met_by(self, charge: Charge) -> bool:
        """Whether `charge` already says all this."""
        return (
            charge.row == self.row
            and charge.group == self.group
            and charge.tariff_id == (self.tariff.pk if self.tariff else None)
            and charge.exemption_id == self.exemption_id
            and charge.supplements_id == (self.supplements.pk if self.supplements else None)
            and (charge.rate, charge.mci, charge.amount) == (self.rate, self.mci, self.amount)
            and charge.missing == self.missing
        )


def requests(
    rules: Iterable[ChargeRule], *, vehicle: VehicleClass | None = None, exemption: str = "", chosen_group: str = ""
) -> list[ChargeRequest]:
    """The charges of the standard made concrete for a vehicle; payments an operator collects are none of the portal's.

    The group is the rule's variant or, for the plate duty, `chosen_group` where a number was chosen, else the one that
    the category of the vehicle tells.
    """

    def group(rule: ChargeRule) -> str:
        if rule.code == "plate_duty" and vehicle is not None and not rule.variant:
            return chosen_group or plate_group(vehicle)
        return rule.variant

    return [
        ChargeRequest(rule.row, rule.code, rule.name, group(rule), vehicle, exemption)
        for rule in rules
        if rule.collected_by is CollectedBy.TREASURY
    ]


@transaction.atomic
def assess(application: Application, lines: Sequence[ChargeRequest], now: datetime) -> None:
    """Bring the charges in line with `lines` and the rates of the day of `now` (Asia/Almaty); VR.6a, VR.6d, PD.6, DL.6.

    Unchanged charges stay. An unpaid one that changed is cancelled and replaced. A paid one stays: it was right on the
    day it was paid; if the details changed so that it was too small, a further charge asks for the difference.
    Running it again changes nothing.
    """
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=application.pk)
    everything = list(Charge.objects.of(application).select_related("payment"))
    live = [charge for charge in everything if charge.cancelled_at is None]
    kept: list[Charge] = []
    fresh: list[tuple[ChargeRequest, Wanted]] = []
    index = cache(mci_on)
    for request in lines:
        mine = [charge for charge in live if charge.code == request.code]
        paid = [charge for charge in mine if is_paid(charge)]
        kept += paid
        wanted = _wanted(request, paid, timezone.localdate(now), index)
        if wanted is None:
            continue
        same = next((charge for charge in mine if charge not in paid and wanted.is_met_by(charge)), None)
        if same is None:
            fresh.append((request, wanted))
        else:
            kept.append(same)
    dropped = [charge for charge in live if charge not in kept and not is_paid(charge)]
    _write(application, kept, dropped, fresh, len(everything), now)


def _wanted(
    request: ChargeRequest, paid: Sequence[Charge], today: date, index: Callable[[date], Decimal]
) -> Wanted | None:
    """What is to be asked for besides what is paid; None when nothing is."""
    day = timezone.localdate(paid[0].payment.paid_at) if paid else today
    last = paid[-1] if paid else None
    try:
        found = quote(
            code=request.code,
            on=day,
            group=request.group,
            vehicle=request.vehicle,
            exemption=request.exemption,
            index=index,
        )
    except MissingTariffError as error:
        return _blocked(request, error, last)
    amount = found.amount - sum((charge.payment.amount for charge in paid), Decimal(0))
    if paid and amount <= 0:
        return None
    return _priced(request, found, amount, last)


def _priced(request: ChargeRequest, found: Quote, amount: Decimal, supplements: Charge | None) -> Wanted:
    return Wanted(
        row=request.row,
        group=found.tariff.group,
        tariff=found.tariff,
        exemption_id=found.exemption.pk if found.exemption else None,
        supplements=supplements,
        rate=found.rate,
        mci=found.mci,
        amount=amount,
        missing="",
        legal_basis=found.legal_basis,
    )


def _blocked(request: ChargeRequest, error: MissingTariffError, supplements: Charge | None) -> Wanted:
    return Wanted(
        row=request.row,
        group=error.tariff.group if error.tariff else request.group,
        tariff=error.tariff,
        exemption_id=None,
        supplements=supplements,
        rate=None,
        mci=None,
        amount=None,
        missing=error.missing.value,
        legal_basis=error.tariff.citation if error.tariff else None,
    )


def _write(
    application: Application,
    kept: Sequence[Charge],
    dropped: Sequence[Charge],
    fresh: Sequence[tuple[ChargeRequest, Wanted]],
    given: int,
    now: datetime,
) -> None:
    """Cancel, create, promise the orders and journal; nothing at all when nothing changed but the day looked at."""
    today = timezone.localdate(now)
    older = [charge.pk for charge in kept if charge.assessed_on < today]
    if older:
        Charge.objects.filter(pk__in=older).update(assessed_on=today)
    if dropped:
        Charge.objects.filter(pk__in=[charge.pk for charge in dropped]).update(cancelled_at=now)
    charges = Charge.objects.bulk_create(
        _charge(application, request, wanted, given + position, now)
        for position, (request, wanted) in enumerate(fresh, start=1)
    )
    if any(charge.amount for charge in charges) or any(charge.ordered_at for charge in dropped):
        promise("payment_order", application=application, now=now)
    if charges or dropped:
        changes = {
            "charged": {charge.reference: f"{charge.code} {charge.amount}" for charge in charges},
            "cancelled": [charge.reference for charge in dropped],
        }
        record(application, Actor.automatic(), "charged", now, changes)
        pulse_after_commit(application)


def _charge(application: Application, request: ChargeRequest, wanted: Wanted, place: int, now: datetime) -> Charge:
    names = {f"name_{language}": request.name.in_language(language) for language in LANGUAGES}
    basis = wanted.legal_basis
    return Charge(
        application=application,
        row=wanted.row,
        code=request.code,
        group=wanted.group,
        tariff=wanted.tariff,
        exemption_id=wanted.exemption_id,
        supplements=wanted.supplements,
        rate=wanted.rate,
        mci=wanted.mci,
        amount=wanted.amount,
        missing=wanted.missing,
        legal_basis={language: basis.in_language(language) for language in LANGUAGES} if basis else {},
        reference=f"{application.number.replace('-', '')}-{place:02d}",
        assessed_on=timezone.localdate(now),
        created_at=now,
        **names,
    )


def is_paid(charge: Charge) -> bool:
    """Whether the gateway's receipt for it is here."""
    return hasattr(charge, "payment")


def is_settled(charge: Charge) -> bool:
    """Paid, or nothing to pay."""
    return charge.amount == 0 or is_paid(charge)


def charge_lines(application: Application) -> list[ChargeLine]:
    """The live charges as every screen shows them, in the order they were made; one query."""
    charges = Charge.objects.of(application).live()
    return [_line(charge) for charge in charges.select_related("payment", "tariff", "exemption", "supplements")]


def all_paid(application: Application) -> bool:
    """Whether nothing is left to pay; a charge that waits for its rate is left."""
    return not Charge.objects.of(application).unpaid().exists()


def payments_question(application: Application, _rule: CheckRule, _subject: str) -> Question | None:
    """Are the charges known to the payment systems (VR.8.1b, VR.8.3a, PD.9.3, DL.8.1c, DL.8.2c)?

    Asked once the portal's own books say paid: before that the answer would only be "not yet".
    """
    live = list(Charge.objects.of(application).live().select_related("payment"))
    charges = [charge for charge in live if charge.amount]
    if not charges or not all(is_settled(charge) for charge in live):
        return None
    references = sorted(charges, key=lambda charge: charge.reference)
    return PaymentsQuestion(tuple(PaymentReference(item.reference, f"{item.amount:f}") for item in references))


def _line(charge: Charge) -> ChargeLine:
    payment = charge.payment if is_paid(charge) else None
    missing = ""
    if charge.missing:
        what = charge.tariff.name if charge.tariff else str(charge.title)
        missing = missing_message(charge.missing, what, charge.assessed_on)
    return ChargeLine(
        row=charge.row,
        code=charge.code,
        name=charge.title,
        amount=charge.amount,
        rate=charge.rate,
        mci=charge.mci,
        legal_basis=charge.legal_basis.get((get_language() or "")[:2], charge.legal_basis.get("ru", "")),
        is_paid=is_settled(charge),
        reference=charge.reference,
        receipt=payment.receipt if payment else "",
        paid_at=payment.paid_at if payment else None,
        pay_url="" if payment else charge.pay_url,
        blocked_by=missing,
        remark=_remark(charge),
    )


def _remark(charge: Charge) -> str:
    if charge.exemption is not None:
        return _("Exempt: %(who)s.") % {"who": charge.exemption.name}
    if charge.amount == 0:
        return str(_("Nothing is due."))
    if charge.supplements is not None:
        return _("The difference to what was paid under %(reference)s.") % {"reference": charge.supplements.reference}
    if is_paid(charge) or charge.amount is None or charge.ordered_at is not None:
        return ""
    if charge.order_error:
        return str(_("The payment gateway does not answer. The payment page is asked for again by itself."))
    return str(_("The payment page is being opened."))
