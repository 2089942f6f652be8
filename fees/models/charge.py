"""What an application owes, line by line."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.standards import Text
from offices.models import Named

# A payment and a cancellation may come at once: whoever is second finds what the first one did.
PAID_STAYS = """
IF NEW.cancelled_at IS NOT NULL AND EXISTS (SELECT 1 FROM fees_payment WHERE charge_id = NEW.id) THEN
    RAISE EXCEPTION 'charge % is paid and cannot be cancelled', NEW.reference
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_paid_stays';
END IF;
RETURN NEW;
"""


class ChargeQuerySet(models.QuerySet["Charge"]):
    def live(self) -> Self:
        """Charges that count: not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def unpaid(self) -> Self:
        """Live charges for which money is still to come; a charge of nothing needs none."""
        return self.live().filter(payment__isnull=True).exclude(amount=0)

    def payable(self) -> Self:
        """Unpaid charges whose amount is known."""
        return self.unpaid().filter(amount__isnull=False)

    def of(self, application: Application) -> Self:
        return self.filter(application=application)


class Charge(Named):
    """One amount under one reference. What was asked for never changes: another amount is another charge.

    An empty amount waits for a rate that an administrator has to enter and blocks until then.
    """

    class Missing(models.TextChoices):
        RATE = "rate", _("a rate")
        ROW = "row", _("a row of the tariffs")
        INDEX = "index", _("the monthly calculation index")

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="charges")
    row = models.CharField(max_length=16)
    code = models.CharField(max_length=48)
    group = models.CharField(max_length=48, blank=True)
    tariff = models.ForeignKey("fees.Tariff", models.PROTECT, null=True, related_name="+")
    exemption = models.ForeignKey("fees.Exemption", models.PROTECT, null=True, related_name="+")
    # The paid charge of the same code that this one adds to, after the details changed.
    supplements = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplemented_by")
    rate = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    mci = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # The place in the law as it was cited when the charge was made: language → words.
    legal_basis = models.JSONField(default=dict)
    # What is missing while the amount is empty.
    missing = models.CharField(max_length=8, blank=True, choices=Missing.choices)
    reference = models.CharField(max_length=24, unique=True)
    # The day whose index and rates were last looked at (Asia/Almaty).
    assessed_on = models.DateField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    pay_url = models.CharField(max_length=500, blank=True)
    ordered_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    order_error = models.CharField(max_length=200, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="charge_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)),
            models.CheckConstraint(
                name="charge_blocked_says_why",
                condition=Q(amount__isnull=True) & ~Q(missing="") | Q(amount__isnull=False, missing=""),
            ),
            models.CheckConstraint(
                name="charge_ordered_has_a_page", condition=Q(ordered_at__isnull=True) | ~Q(pay_url="")
            ),
            models.UniqueConstraint(
                name="charge_one_live_per_code",
                fields=["application", "code"],
                condition=Q(cancelled_at__isnull=True, supplements__isnull=True),
            ),
            models.UniqueConstraint(
                name="charge_one_live_supplement",
                fields=["supplements"],
                condition=Q(cancelled_at__isnull=True, supplements__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="charge_to_pay", fields=["ordered_at", "id"], condition=Q(cancelled_at__isnull=True)),
            models.Index(name="charge_assessed", fields=["assessed_on", "id"], condition=Q(cancelled_at__isnull=True)),
        ]
        triggers = [
            pgtrigger.Protect(name="charge_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="charge_amount_is_fixed",
                fields=["application", "row", "code", "group", "rate", "mci", "amount", "reference", "created_at"],
            ),
            pgtrigger.Trigger(
                name="charge_paid_stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=PAID_STAYS
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> Text:
        """The name of the charge in the three languages."""
        return Text(self.name_en, self.name_ru, self.name_kk)
