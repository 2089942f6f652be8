"""Money as the payment gateway reports it. Nothing here is ever written from a keyboard."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Via(models.TextChoices):
    CALLBACK = "callback", _("message from the gateway")
    POLL = "poll", _("answer of the gateway")


class Verdict(models.TextChoices):
    """What the portal made of a report."""

    APPLIED = "applied", _("counted")
    DUPLICATE = "duplicate", _("already counted")
    WRONG_AMOUNT = "wrong_amount", _("wrong amount")
    WRONG_PAYER = "wrong_payer", _("wrong payer")
    LATE = "late", _("too late")
    ALREADY_PAID = "already_paid", _("paid twice")
    RECEIPT_SPENT = "receipt_spent", _("receipt used for another charge")
    UNKNOWN_REFERENCE = "unknown_reference", _("unknown reference")
    BAD_SIGNATURE = "bad_signature", _("not signed by the gateway")


class PaymentNotice(models.Model):
    """Everything the gateway said about money, and what was made of it. A forged report keeps nothing of its text."""

    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="notices")
    charge = models.ForeignKey("fees.Charge", models.PROTECT, null=True, related_name="notices")
    via = models.CharField(max_length=8, choices=Via.choices)
    reference = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    payer_identifier = models.CharField(max_length=32, blank=True)
    paid_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    raw = models.TextField(blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="notice_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(
                name="notice_forged_keeps_nothing",
                condition=~Q(verdict="bad_signature") | Q(raw="", reference="", receipt="", payer_identifier=""),
            ),
        ]
        indexes = [models.Index(name="notice_receipt", fields=["receipt", "reference"])]
        triggers = [
            pgtrigger.Protect(name="notice_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.verdict}"


# The lock on the charge makes a payment and a cancellation wait for each other.
PAYS_ITS_CHARGE = """
SELECT charge.amount, charge.cancelled_at, charge.reference INTO due, cancelled, reference
    FROM fees_charge AS charge WHERE charge.id = NEW.charge_id FOR UPDATE;
IF due IS NULL OR due <> NEW.amount OR cancelled IS NOT NULL THEN
    RAISE EXCEPTION 'payment of % does not pay charge %', NEW.amount, reference
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_pays_its_charge';
END IF;
IF NOT EXISTS (
    SELECT 1 FROM fees_paymentnotice AS notice
    WHERE notice.id = NEW.notice_id AND notice.verdict = 'applied' AND notice.charge_id = NEW.charge_id
        AND notice.receipt = NEW.receipt AND notice.amount = NEW.amount
) THEN
    RAISE EXCEPTION 'payment of charge % was not reported by the gateway', reference
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_was_reported';
END IF;
RETURN NEW;
"""


class Payment(models.Model):
    """One receipt of the gateway that pays one charge, once and in full."""

    charge = models.OneToOneField("fees.Charge", models.PROTECT, related_name="payment")
    notice = models.OneToOneField("fees.PaymentNotice", models.PROTECT, related_name="payment")
    receipt = models.CharField(max_length=64, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    payer_identifier = models.CharField(max_length=32)
    paid_at = models.DateTimeField()
    received_at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=Via.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="payment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_has_a_receipt", condition=~Q(receipt="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="payment_pays_its_charge",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("due", "NUMERIC"), ("cancelled", "TIMESTAMPTZ"), ("reference", "TEXT")],
                func=PAYS_ITS_CHARGE,
            ),
            pgtrigger.Protect(name="payment_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.receipt
