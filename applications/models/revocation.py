"""The withdrawal of a decision: asked for by a supervisor, confirmed by a second person, done once."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from offices.access import offices_visible_to
from offices.models import Role, Staff

# Who decided is the application's column, hence a trigger and not a check.
NOT_THE_DECIDER = """
    IF NEW.confirmed_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM applications_application
        WHERE id = NEW.application_id AND decided_by_id = NEW.confirmed_by_id
    ) THEN
        RAISE EXCEPTION 'whoever decided does not confirm the withdrawal of the decision'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'revocation_confirmed_by_another_than_the_decider';
    END IF;
    RETURN NEW;
"""


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def open(self) -> Self:
        """Asked for, and neither confirmed nor rejected yet."""
        return self.filter(confirmed_at__isnull=True, rejected_at__isnull=True)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the cases of the offices whose work an officer or supervisor sees."""
        if staff.role not in {Role.OFFICER, Role.SUPERVISOR}:
            return self.none()
        return self.filter(application__office__in=offices_visible_to(staff).values("pk"))

    def waiting_for(self, staff: Staff) -> Self:
        """Those that `staff` can be the second person of: neither the one who asked nor the one who decided."""
        return self.open().visible_to(staff).exclude(asked_by=staff).exclude(application__decided_by=staff)


class Revocation(models.Model):
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="revocations")
    reason = models.TextField()
    asked_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    rejected_at = models.DateTimeField(null=True)
    rejection_reason = models.TextField(blank=True)
    # What the service took back, and what it had given: [{"en", "ru", "kk"}], for things with their "number".
    undone = models.JSONField(default=list)
    given = models.JSONField(default=list)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="revocation_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="revocation_four_eyes", condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="revocation_confirmed_by_somebody",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revocation_rejected_by_whom_and_why",
                condition=Q(rejected_by__isnull=True, rejected_at__isnull=True, rejection_reason="")
                | Q(rejected_by__isnull=False, rejected_at__isnull=False) & ~Q(rejection_reason=""),
            ),
            models.CheckConstraint(
                name="revocation_confirmed_or_rejected",
                condition=Q(confirmed_at__isnull=True) | Q(rejected_at__isnull=True),
            ),
            # Open or confirmed: a decision is withdrawn once, and asked about once at a time.
            models.UniqueConstraint(
                name="revocation_one_per_decision", fields=["application"], condition=Q(rejected_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                name="revocation_open",
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True, rejected_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="revocation_confirmed_by_another",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=NOT_THE_DECIDER,
            ),
            pgtrigger.ReadOnly(name="revocation_is_fixed", fields=["application", "reason", "asked_by", "asked_at"]),
            pgtrigger.Protect(name="revocation_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.reason[:40]}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.rejected_at is None
