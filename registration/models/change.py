"""What an update changed in the register (VR-3): field by field, what it was and what it became."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registration.models.vehicle import Vehicle


class VehicleChange(models.Model):
    """One field that an application changed. Values are plain JSON; null where there was none.

    Beside the vehicle's own fields: owner_name, owner_address, plate and certificate (registration.standard.updating).
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="changes")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="vehicle_changes")
    field = models.CharField(_("field"), max_length=20)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    at = models.DateTimeField(_("changed"))
    # When a withdrawn decision put the earlier value back.
    undone_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("change of recorded data")
        constraints = (
            models.UniqueConstraint(fields=["application", "field"], name="vehicle_change_once_per_application"),
            models.CheckConstraint(
                condition=~Q(before=F("after")) & (Q(before__isnull=False) | Q(after__isnull=False)),
                name="vehicle_change_changes_something",
            ),
            models.CheckConstraint(condition=~Q(field=""), name="vehicle_change_names_its_field"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("at")), name="vehicle_change_undone_after_it"
            ),
        )
        indexes = (models.Index(name="vehicle_change_history", fields=["vehicle", "at"]),)
        triggers = (
            pgtrigger.ReadOnly(
                name="vehicle_change_is_fixed", fields=["vehicle", "application", "field", "before", "after", "at"]
            ),
            pgtrigger.Protect(name="vehicle_change_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"
