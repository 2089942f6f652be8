"""A motivated refusal: who refused, and each ground of the standard with what proves it, as the letter printed it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q


class Refusal(models.Model):
    """The decision to refuse. It is written once and never changed."""

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="refusal")
    decided_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="refusal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.application)


class RefusalReason(models.Model):
    """One ground of one refusal with its evidence, in the words of the day it was decided."""

    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="reasons")
    # The row of the standard, such as VR.9.4, and where the law says it.
    row = models.CharField(max_length=16)
    citation_ru = models.CharField(max_length=300)
    citation_kk = models.CharField(max_length=300)
    text_ru = models.TextField()
    text_kk = models.TextField()
    # What was found: the register's words, or the inspection's.
    finding_ru = models.TextField(blank=True)
    finding_kk = models.TextField(blank=True)
    # What the officer adds in their own words.
    remark_ru = models.TextField(blank=True)
    remark_kk = models.TextField(blank=True)
    # The law's row is named in `row`; `proved_by` is the answer of a register that proves it, where one does.
    proved_by = models.ForeignKey("applications.Check", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="refusal_reason_once", fields=["refusal", "row", "proved_by"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="refusal_reason_in_two_languages",
                condition=~Q(row="") & ~Q(text_ru="") & ~Q(text_kk="") & ~Q(citation_ru="") & ~Q(citation_kk=""),
            ),
            # No ground without a reason that the applicant can read, and always in both languages.
            models.CheckConstraint(
                name="refusal_reason_says_why",
                condition=(~Q(finding_ru="") & ~Q(finding_kk="")) | (~Q(remark_ru="") & ~Q(remark_kk="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="refusal_reason_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.row
