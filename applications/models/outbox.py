"""Work that a transaction promised to the outside: written with it, done by workers, found again by the sweep."""

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="outbox")
    # What has to be done: "checks", "issue", "paper", "payment_order"…; applications/outbox.py knows the handler.
    kind = models.CharField(max_length=32)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="outbox_waiting", fields=["not_before", "id"], condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
