"""Acts by which numbered things leave a stock otherwise than to an applicant: two people sign each."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WriteOffKind(models.TextChoices):
    """What became of the things; the value is the state into which the act brings them."""

    DESTROYED = "destroyed", pgettext_lazy("plates", "destroyed")
    SPOILED = "spoiled", pgettext_lazy("plates", "spoiled")
    LOST = "lost", pgettext_lazy("plates", "lost")
    STOLEN = "stolen", pgettext_lazy("plates", "stolen")


class WriteOffAct(models.Model):
    """Drawn up by one person; what it lists changes only when a second one confirms it.

    `stock` is the code of a write_offs.stocks.Stock. The lines are rows of that stock's own table.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="write_offs")
    stock = models.CharField(_("stock"), max_length=20)
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
        verbose_name = _("act of writing off")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=WriteOffKind.values), name="write_off_kind_known"),
            models.CheckConstraint(condition=~Q(explanation=""), name="write_off_is_explained"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("drawn_up_by")),
                name="write_off_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="write_off_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True, dropped_at__isnull=True)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False, confirmed_at__isnull=True),
                name="write_off_confirmed_or_dropped",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="write_off_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="write_off_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.confirmed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL"),
            ),
            pgtrigger.ReadOnly(
                name="write_off_is_fixed",
                fields=["office", "stock", "kind", "explanation", "drawn_up_by", "drawn_up_at"],
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


class Line(models.Model):
    """One thing on an act; each stock has its own table of them, which adds the thing."""

    act = models.ForeignKey(WriteOffAct, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.act_id}: {self.pk}"
