"""What happened to plates: every change of state, and the list of the wanted. The database writes both itself."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plates.models.plate import Plate, PlateState

# Rows come from the trigger on the plate (models/plate.py), never from anybody's insert.
BY_NOBODY_ELSE = pgtrigger.Condition("pg_trigger_depth() = 0")


class PlateMovement(models.Model):
    """One change of the state of a plate: when, by whom (nobody: the portal), for which application, and why."""

    plate = models.ForeignKey(Plate, models.PROTECT, related_name="movements")
    from_state = models.CharField(_("state before"), max_length=12, choices=PlateState.choices)
    to_state = models.CharField(_("state after"), max_length=12, choices=PlateState.choices)
    at = models.DateTimeField(_("moved at"))
    by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    application = models.ForeignKey(
        "applications.Application", models.PROTECT, null=True, related_name="plate_movements"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("movement of a plate")
        triggers = (
            pgtrigger.Protect(name="plate_movement_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Protect(
                name="plate_movement_follows_plate", operation=pgtrigger.Insert, condition=BY_NOBODY_ELSE
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class WantedPlate(models.Model):
    """A stolen plate on the list of the wanted, from its theft until it is found. Its number never goes out again."""

    plate = models.ForeignKey(Plate, models.PROTECT, related_name="wanted")
    since = models.DateTimeField(_("wanted since"))
    declared_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="+")
    explanation = models.CharField(_("what was declared"), max_length=500, blank=True)
    lifted_at = models.DateTimeField(_("found"), null=True)
    lifted_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_because = models.CharField(_("where it was found"), max_length=500, blank=True)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = _("wanted plate")
        constraints = (
            models.UniqueConstraint(fields=["plate"], name="wanted_plate_once"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | Q(lifted_at__gte=F("since"), lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="wanted_plate_lifted_by_somebody_with_a_reason",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="wanted_plate_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="wanted_plate_follows_plate", operation=pgtrigger.Insert, condition=BY_NOBODY_ELSE),
            pgtrigger.ReadOnly(
                name="wanted_plate_is_fixed", fields=["plate", "since", "declared_by", "application", "explanation"]
            ),
        )

    def __str__(self) -> str:
        return str(self.plate)
