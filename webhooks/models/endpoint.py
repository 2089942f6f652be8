"""Where a connected system wants to be told, and the secrets that prove who tells it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from webhooks.models.event import EventKind


class Endpoint(models.Model):
    system = models.ForeignKey("offices.ConnectedSystem", models.PROTECT, related_name="endpoints")
    url = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=40, choices=EventKind.choices), verbose_name=_("events"))
    is_active = models.BooleanField(_("active"), default=True)
    # Encrypted (webhooks/sealing.py): signing needs them as they are, so a hash would not do.
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    # One request at a time: held by a worker until then, so that a dead worker holds it no longer.
    busy_until = models.DateTimeField(null=True)
    # Failures in a row, whatever the event; past a few the target rests, so that it costs others nothing.
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = (
            models.UniqueConstraint(name="endpoint_once", fields=["system", "url"]),
            models.CheckConstraint(name="endpoint_has_a_secret", condition=~Q(secret="")),
            models.CheckConstraint(
                name="endpoint_old_secret_ends",
                condition=Q(previous_secret="", previous_until__isnull=True)
                | (~Q(previous_secret="") & Q(previous_until__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.url

    def has_two_secrets(self, now: datetime) -> bool:
        """Whether messages are signed with the previous secret, too."""
        return self.previous_until is not None and self.previous_until > now
