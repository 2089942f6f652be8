"""One event on its way to one endpoint: every attempt leaves a typed outcome, and the last answer can be read."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Not delivered")


class Outcome(models.TextChoices):
    """How an attempt ended."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("answered with an error")
    REDIRECTED = "redirected", _("answered with a redirect, which is not followed")
    TIMED_OUT = "timed_out", _("did not answer in time")
    UNREACHABLE = "unreachable", _("could not be reached")
    FORBIDDEN = "forbidden", _("address not allowed")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> Self:
        """What may be sent now: of each application and endpoint only the earliest that still waits."""
        earlier = Delivery.objects.filter(
            endpoint=OuterRef("endpoint"),
            application=OuterRef("application"),
            state=DeliveryState.WAITING,
            pk__lt=OuterRef("pk"),
        )
        return self.filter(~Exists(earlier), state=DeliveryState.WAITING, next_attempt_at__lte=now)

    def dead(self) -> Self:
        return self.filter(state=DeliveryState.DEAD)


class Delivery(models.Model):
    event = models.ForeignKey("webhooks.Event", models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey("webhooks.Endpoint", models.PROTECT, related_name="deliveries")
    # The event's, repeated for the order within an application.
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    # The beginning of the last answer, or what went wrong.
    answer = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="delivery_once", fields=["event", "endpoint"]),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_settled",
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(name="delivery_waiting", fields=["endpoint", "next_attempt_at"], condition=Q(state="waiting")),
            models.Index(
                name="delivery_in_order", fields=["endpoint", "application", "id"], condition=Q(state="waiting")
            ),
            models.Index(name="delivery_dead", fields=["-id"], condition=Q(state="dead")),
        )

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"
