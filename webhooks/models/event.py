"""What happened to the applications of connected systems: written with the change, numbered once it is real."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import ConnectedSystem


class EventKind(models.TextChoices):
    """The types of Standard Webhooks messages that the portal sends."""

    STATE_CHANGED = "application.state_changed", _("state of an application changed")
    DOCUMENT_MARKED_WRONG = "application.document_marked_wrong", _("document marked wrong")
    TEST = "webhook.test", _("test")


def new_code() -> str:
    """A public id nobody can guess: it is the `webhook-id` of every sending of the event."""
    return f"evt_{secrets.token_urlsafe(18)}"


class EventQuerySet(models.QuerySet["Event"]):
    def after(self, system: ConnectedSystem, position: int) -> Self:
        """The events of `system` past `position`, in the order in which each system is told of them.

        A position is given once the event is real, so whoever reads in this order never misses one.
        """
        return self.filter(system=system, position__gt=position).select_related("application").order_by("position")

    def unnumbered(self) -> Self:
        return self.filter(position__isnull=True).exclude(kind=EventKind.TEST)


class Event(models.Model):
    code = models.CharField(max_length=32, unique=True, default=new_code)
    system = models.ForeignKey("offices.ConnectedSystem", models.PROTECT, related_name="events")
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=40, choices=EventKind.choices)
    # State and version of the application as the change left it.
    state = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    problem = models.JSONField(default=dict)
    at = models.DateTimeField()
    position = models.PositiveBigIntegerField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="event_once", fields=["application", "kind", "version"]),
            models.UniqueConstraint(name="event_position_once", fields=["system", "position"]),
            models.CheckConstraint(
                name="event_of_an_application",
                condition=Q(kind=EventKind.TEST, application__isnull=True)
                | (~Q(kind=EventKind.TEST) & Q(application__isnull=False)),
            ),
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=EventKind.values)),
        )
        indexes = (models.Index(name="event_unnumbered", fields=["system", "id"], condition=Q(position__isnull=True)),)

    def __str__(self) -> str:
        return self.code
