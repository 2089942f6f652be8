"""A number kept for the application that chose it. The database writes the hold with the plate's state."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plates.models.movements import BY_NOBODY_ELSE
from plates.models.plate import Plate


class PlateHold(models.Model):
    """One number for one application. `until` binds an unpaid draft; a paid number is kept until the case ends."""

    plate = models.ForeignKey(Plate, models.PROTECT, related_name="holds")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="plate_holds")
    since = models.DateTimeField(_("held since"))
    until = models.DateTimeField(_("held until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = _("held number")
        constraints = (
            models.UniqueConstraint(
                fields=["plate"], condition=Q(ended_at__isnull=True), name="plate_held_for_one_application"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="plate_hold_one_per_application"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="plate_hold_lasts_a_while"),
        )
        indexes = (models.Index(name="plate_hold_open", fields=["until"], condition=Q(ended_at__isnull=True)),)
        triggers = (
            pgtrigger.Protect(name="plate_hold_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="plate_hold_follows_plate",
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=BY_NOBODY_ELSE,
            ),
        )

    def __str__(self) -> str:
        return str(self.plate)
