"""Lengths of time that the sources do not agree on: dated rows that an administrator confirms or changes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from plates.models.formats import Confidence


class TermCode(models.TextChoices):
    STORAGE_DAYS = "storage_days", _("days for which a number handed in is stored for its holder")
    HOLD_MINUTES = "hold_minutes", _("minutes for which a chosen number is held while it is paid")


class PlateTerm(models.Model):
    """One length over one period of days; the last day may be open. The database itself reads it (models/plate.py)."""

    code = models.CharField(_("what"), max_length=16, choices=TermCode.choices)
    amount = models.PositiveIntegerField(_("length"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # The administrator who entered the row; loading the reference data then leaves it alone.
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+", editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("code", "-valid_from")
        verbose_name = _("term")
        constraints = (
            models.CheckConstraint(condition=Q(code__in=TermCode.values), name="plate_term_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="plate_term_has_a_length"),
            models.CheckConstraint(condition=~Q(source=""), name="plate_term_has_a_source"),
            ExclusionConstraint(
                name="plate_term_one_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.amount}"
