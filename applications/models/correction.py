"""A slip in the particulars of somebody without an IIN, put right by two people once applications rest on them."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        """Asked for, and neither confirmed nor rejected yet."""
        return self.filter(confirmed_at__isnull=True, rejected_at__isnull=True)


class Correction(models.Model):
    """Asked for at the front desk on a case; the person's row changes only when a second person confirms it."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="corrections")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="corrections")
    # Field of the person → [as on record, as the document says].
    changes = models.JSONField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    rejected_at = models.DateTimeField(null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="correction_four_eyes", condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="correction_confirmed_by_somebody",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_confirmed_or_rejected",
                condition=Q(rejected_by__isnull=True, rejected_at__isnull=True)
                | Q(rejected_by__isnull=False, rejected_at__isnull=False, confirmed_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="correction_one_open_per_person",
                fields=["person"],
                condition=Q(confirmed_at__isnull=True, rejected_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="correction_is_fixed",
                fields=["person", "application", "changes", "reason", "asked_by", "asked_at"],
            ),
            pgtrigger.Protect(name="correction_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {', '.join(self.changes)}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.rejected_at is None
