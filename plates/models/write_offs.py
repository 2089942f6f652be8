"""Plates that leave a stock otherwise than on a vehicle: an act that two people sign."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plates.models.plate import Plate, PlateState


class WriteOffKind(models.TextChoices):
    """What became of the plates; the value is the state into which the act brings them."""

    DESTROYED = PlateState.DESTROYED.value, _("destroyed")
    LOST = PlateState.LOST.value, pgettext_lazy("plates", "lost")
    STOLEN = PlateState.STOLEN.value, pgettext_lazy("plates", "stolen")


class WriteOffAct(models.Model):
    """Drawn up by one person; its plates change only when a second one confirms it."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plate_write_offs")
    kind = models.CharField(_("kind"), max_length=12, choices=WriteOffKind.choices)
    explanation = models.CharField(_("explanation"), max_length=500)
    drawn_up_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField(_("drawn up"))
    confirmed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    dropped_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(_("dropped"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("act of writing off plates")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=WriteOffKind.values), name="plate_write_off_kind_known"),
            models.CheckConstraint(condition=~Q(explanation=""), name="plate_write_off_is_explained"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("drawn_up_by")),
                name="plate_write_off_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="plate_write_off_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True, dropped_at__isnull=True)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, confirmed_at__isnull=True),
                name="plate_write_off_confirmed_or_dropped",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="plate_write_off_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="plate_write_off_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.confirmed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL"),
            ),
            pgtrigger.ReadOnly(
                name="plate_write_off_is_fixed", fields=["office", "kind", "explanation", "drawn_up_by", "drawn_up_at"]
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that stands on the act."""
        return f"{self.office.code}-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its second person."""
        return self.confirmed_at is None and self.dropped_at is None


# A line belongs to an act that nobody has signed twice yet, and to the stock of its office.
LINE_FITS = """
    IF NOT EXISTS (
        SELECT 1 FROM plates_writeoffact AS act JOIN plates_plate AS plate ON plate.office_id = act.office_id
        WHERE act.id = NEW.act_id AND plate.id = NEW.plate_id
            AND act.confirmed_at IS NULL AND act.dropped_at IS NULL
    ) THEN
        RAISE EXCEPTION 'plate % does not belong on act %', NEW.plate_id, NEW.act_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_write_off_line_fits';
    END IF;
    RETURN NEW;
"""


class WriteOffLine(models.Model):
    """One plate of an act."""

    act = models.ForeignKey(WriteOffAct, models.PROTECT, related_name="lines")
    plate = models.ForeignKey(Plate, models.PROTECT, related_name="write_offs")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["act", "plate"], name="plate_write_off_line_once"),)
        triggers = (
            pgtrigger.Protect(name="plate_write_off_line_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="plate_write_off_line_fits",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=LINE_FITS,
            ),
        )

    def __str__(self) -> str:
        return str(self.plate)
