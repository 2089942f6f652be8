"""What was asked of the state's registers for an application, and every answer that came."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registers.contract import Outcome

OUTCOMES = [
    (Outcome.CLEAR.value, _("clear")),
    (Outcome.HIT.value, _("hit")),
    (Outcome.UNAVAILABLE.value, _("unavailable")),
    (Outcome.NEEDS_HUMAN.value, _("needs a decision")),
]


class CheckQuerySet(models.QuerySet["Check"]):
    def to_ask(self, now: datetime) -> Self:
        """Checks with no usable answer at `now`: never answered, unavailable, or gone stale."""
        return self.filter(
            Q(outcome="") | Q(outcome=Outcome.UNAVAILABLE.value) | Q(valid_until__isnull=False, valid_until__lt=now)
        )


class Check(models.Model):
    """One question of the standard about one subject, with the latest answer; an empty outcome means none came yet."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="checks")
    code = models.CharField(max_length=48)
    subject = models.CharField(max_length=16)
    register = models.CharField(max_length=32)
    row = models.CharField(max_length=16)
    ground = models.CharField(max_length=16)
    question = models.JSONField()
    # A register that merely holds nothing bars nothing: the scanned paper stands in for it (LAW-E1, LAW-E2, VR.8.3c).
    paper_serves = models.BooleanField(default=False)
    outcome = models.CharField(max_length=16, blank=True, choices=OUTCOMES)
    findings = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    evidence = models.ForeignKey("applications.Evidence", models.PROTECT, null=True, related_name="+")

    # A name match without an IIN is judged by an officer and confirmed by a second person.
    ruling = models.CharField(
        max_length=8, blank=True, choices=[("clear", _("not this person")), ("hit", _("the same"))]
    )
    ruling_reason = models.TextField(blank=True)
    ruled_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="check_once", fields=["application", "code", "subject"]),
            models.CheckConstraint(
                name="check_outcome_known", condition=Q(outcome="") | Q(outcome__in=[item.value for item in Outcome])
            ),
            models.CheckConstraint(
                name="check_ruling_four_eyes",
                condition=Q(confirmed_by__isnull=True) | (Q(ruled_by__isnull=False) & ~Q(confirmed_by=F("ruled_by"))),
            ),
            models.CheckConstraint(
                name="check_ruling_has_a_reason",
                condition=Q(ruling="") | (~Q(ruling_reason="") & Q(ruled_by__isnull=False, ruled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                name="check_unavailable", fields=["application"], condition=Q(outcome=Outcome.UNAVAILABLE.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}:{self.subject}"

    @property
    def conclusion(self) -> str:
        """The outcome that counts: a confirmed ruling on a doubtful match, otherwise the register's own answer."""
        if self.outcome == Outcome.NEEDS_HUMAN.value and self.confirmed_by_id is not None:
            return self.ruling
        if self.outcome == Outcome.HIT.value and self.paper_serves and self.is_merely_missing:
            return Outcome.CLEAR.value
        return self.outcome

    @property
    def is_merely_missing(self) -> bool:
        """Whether all the register says is that it holds nothing."""
        return all(finding["code"].endswith(".missing") for finding in self.findings)

    def is_stale(self, now: datetime) -> bool:
        return self.valid_until is not None and self.valid_until < now


class Evidence(models.Model):
    """One answer of a register as it came; never changed."""

    request_id = models.CharField(max_length=36, unique=True)
    # Named rather than linked to the check's row: the same register can be asked again for the same check.
    check_of = models.ForeignKey(Check, models.PROTECT, related_name="answers")
    register = models.CharField(max_length=32)
    question = models.JSONField()
    outcome = models.CharField(max_length=16, choices=OUTCOMES)
    findings = models.JSONField()
    facts = models.JSONField()
    raw = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        # Which decisions rest on what a register said within some hours.
        indexes = [models.Index(name="evidence_answered", fields=["register", "answered_at"])]
        triggers = [
            pgtrigger.Protect(name="evidence_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.request_id
