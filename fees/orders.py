"""Having a payment page opened: one page for all that an application still owes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.acting import pulse_after_commit
from applications.models import Application, OutboxMessage
from applications.outbox import Later, handles
from applications.standards import Text
from fees.models import Charge
from registers.payments import GatewayError, OrderItem, open_page

RETRY_PAUSE = timedelta(seconds=20)
PURPOSE = Text("%(name)s, application %(number)s", "%(name)s, заявление %(number)s", "%(name)s, %(number)s өтініші")


@handles("payment_order")
def keep_order(message: OutboxMessage) -> None:
    """Outbox: bring the payment page to what is unpaid now. Raises outbox.Later while the gateway is away."""
    if message.application is None:
        raise ValueError("An order of payment belongs to an application.")
    order_payment(message.application, timezone.now())


def order_payment(application: Application, now: datetime) -> None:
    """Open the payment page, or let it show what is unpaid now; asking again changes nothing.

    Nothing is locked while the gateway thinks. Raises outbox.Later, with the reason left on the charges.
    """
    charges = list(Charge.objects.of(application).payable())
    was_ordered = Charge.objects.of(application).filter(ordered_at__isnull=False).exists()
    if not charges and not was_ordered:
        return
    ours = Charge.objects.payable().filter(pk__in=[charge.pk for charge in charges])
    order = application.number.replace("-", "")
    try:
        opened = open_page(
            order=order,
            items=[_item(application, charge) for charge in charges],
            payer_identifier=application.applicant.identifier,
            return_url=application.return_to or settings.PORTAL_URL,
            callback_url=settings.PORTAL_URL + reverse("api:payment_callback"),
        )
    except GatewayError as error:
        ours.filter(ordered_at__isnull=True).update(order_error=error.finding.code)
        raise Later(RETRY_PAUSE, error.finding.code) from error
    ours.filter(ordered_at__isnull=True).update(ordered_at=now, pay_url=opened.pay_url, order_error="")
    ours.update(pay_url=opened.pay_url)
    pulse_after_commit(application)


def _item(application: Application, charge: Charge) -> OrderItem:
    if charge.amount is None:
        raise ValueError("A charge without an amount cannot be ordered.")
    purpose = PURPOSE.ru % {"name": charge.name_ru, "number": application.number}
    return OrderItem(reference=charge.reference, amount=charge.amount, description=purpose)
