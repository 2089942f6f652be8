"""Unsafe calls that were answered: the same key again gets the same answer."""

from django.db import models


class IdempotentCall(models.Model):
    """One answered call under its Idempotency-Key, written in the transaction of what it did."""

    system = models.ForeignKey("offices.ConnectedSystem", models.PROTECT, related_name="+")
    key = models.CharField(max_length=128)
    # Of method, address and body: another call under the same key is refused.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    # As it was sent, so that the repetition is the same to the byte.
    body = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="idempotent_call_once", fields=["system", "key"]),)
        indexes = (models.Index(name="idempotent_call_age", fields=["answered_at"]),)

    def __str__(self) -> str:
        return f"{self.system_id}:{self.key}"
