"""What came into the stock of an office, and when."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plates.models.formats import PlateFormat


class PlateReceipt(models.Model):
    """One delivery of plates into the stock of an office."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plate_receipts")
    format = models.ForeignKey(PlateFormat, models.PROTECT, related_name="receipts")
    first_number = models.CharField(_("first number"), max_length=12)
    last_number = models.CharField(_("last number"), max_length=12)
    count = models.PositiveIntegerField(_("count"))
    reference = models.CharField(_("delivery note"), max_length=60)
    received_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))

    class Meta:
        ordering = ("-received_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(count__gt=0), name="plate_receipt_not_empty"),
            models.CheckConstraint(condition=~Q(reference=""), name="plate_receipt_has_a_reference"),
            models.UniqueConstraint(fields=["office", "reference"], name="plate_receipt_entered_once"),
        )
        triggers = (pgtrigger.Protect(name="plate_receipt_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.first_number}–{self.last_number}"
