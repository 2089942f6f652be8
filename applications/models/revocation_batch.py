"""A bulk reversal: many decisions withdrawn together, looked at before, confirmed by a second person, row by row."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from offices.models import Role, Staff


class BatchState(models.TextChoices):
    PREVIEWING = "previewing", _("Preview being made")
    PREVIEWED = "previewed", _("Preview ready")
    ASKED = "asked", _("Waits for a second person")
    RUNNING = "running", _("Being carried out")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


OPEN_BATCH = (BatchState.PREVIEWING, BatchState.PREVIEWED, BatchState.ASKED, BatchState.RUNNING, BatchState.PAUSED)
CONFIRMED_BATCH = (BatchState.RUNNING, BatchState.PAUSED, BatchState.FINISHED)


class RevocationBatchQuerySet(models.QuerySet["RevocationBatch"]):
    def visible_to(self, staff: Staff) -> Self:
        """Those of the reader's own region, for officers and supervisors."""
        if staff.role not in {Role.OFFICER, Role.SUPERVISOR} or staff.office is None:
            return self.none()
        return self.filter(region=staff.office.region_id)

    def waiting_for(self, staff: Staff) -> Self:
        """Those that `staff` can be the second person of."""
        return self.visible_to(staff).filter(state=BatchState.ASKED).exclude(asked_by=staff)


class RevocationBatch(models.Model):
    """Chosen by the answers that decisions rest on, by service, or by a list of numbers."""

    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="+")
    reason = models.TextField()
    # What chose the decisions: answers of a register (or of any) within [from, until), a service, or a list.
    register = models.CharField(max_length=32, blank=True)
    answered_from = models.DateTimeField(null=True)
    answered_until = models.DateTimeField(null=True)
    service = models.CharField(max_length=8, blank=True)
    list_name = models.CharField(max_length=200, blank=True)
    # Lines of the list that name nothing that can be withdrawn: [{"line", "text", "problem"}].
    bad_lines = models.JSONField(default=list)

    state = FSMField(default=BatchState.PREVIEWING, choices=BatchState.choices, protected=True)
    asked_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # When every chosen decision had its row, in the order in which they are withdrawn.
    gathered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_reason = models.TextField(blank=True)

    objects = RevocationBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="batch_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="batch_state_known", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="batch_chosen_by_answers_or_list",
                condition=~Q(list_name="") & Q(answered_from__isnull=True, answered_until__isnull=True)
                | Q(list_name="", answered_from__lt=F("answered_until")) & (~Q(register="") | ~Q(service="")),
            ),
            models.CheckConstraint(
                name="batch_four_eyes", condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="batch_runs_only_confirmed",
                condition=~Q(state__in=CONFIRMED_BATCH)
                | Q(asked_at__isnull=False, confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_stopped_with_a_reason", condition=~Q(state=BatchState.STOPPED) | ~Q(stop_reason="")
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="batch_choice_is_fixed",
                fields=["region", "reason", "register", "answered_from", "answered_until", "service", "asked_by"],
            ),
            pgtrigger.Protect(name="batch_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason[:40]}"

    @transition(field=state, source=BatchState.PREVIEWING, target=BatchState.PREVIEWED)
    def finish_preview(self) -> None:
        pass

    @transition(field=state, source=BatchState.PREVIEWED, target=BatchState.ASKED)
    def ask(self) -> None:
        pass

    @transition(field=state, source=BatchState.ASKED, target=BatchState.RUNNING)
    def confirm(self) -> None:
        pass

    @transition(field=state, source=BatchState.RUNNING, target=BatchState.PAUSED)
    def pause(self) -> None:
        pass

    @transition(field=state, source=BatchState.PAUSED, target=BatchState.RUNNING)
    def resume(self) -> None:
        pass

    @transition(field=state, source=BatchState.RUNNING, target=BatchState.FINISHED)
    def finish(self) -> None:
        pass

    @transition(field=state, source=[*OPEN_BATCH], target=BatchState.STOPPED)
    def stop(self) -> None:
        pass


class Foreseen(models.TextChoices):
    REVOCABLE = "revocable", _("can be withdrawn")
    BARRED = "barred", _("cannot be withdrawn now")


class RowOutcome(models.TextChoices):
    REVOKED = "revoked", _("decision withdrawn")
    LEFT = "left", _("decision stands")
    FAILED = "failed", _("not done: fault")


class RevocationBatchRow(models.Model):
    """One decision of a batch: what was foreseen, and what came of it. Done once; the lock on its batch orders it."""

    batch = models.ForeignKey(RevocationBatch, models.PROTECT, related_name="rows")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="+")
    # The latest decision first: what rests on another one of the batch is withdrawn before it.
    position = models.PositiveIntegerField()
    foreseen = models.CharField(max_length=9, blank=True, choices=Foreseen.choices)
    # What would be undone, or the one reason why not, in every language: [{"en", "ru", "kk"}].
    says = models.JSONField(default=list)
    outcome = models.CharField(max_length=7, blank=True, choices=RowOutcome.choices)
    code = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True)
    revocation = models.OneToOneField("applications.Revocation", models.PROTECT, null=True, related_name="batch_row")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="batch_row_once", fields=["batch", "application"]),
            models.UniqueConstraint(name="batch_row_position", fields=["batch", "position"]),
            models.CheckConstraint(name="batch_row_foreseen_known", condition=Q(foreseen__in=["", *Foreseen.values])),
            models.CheckConstraint(
                name="batch_row_done_once",
                condition=Q(outcome="", done_at__isnull=True, revocation__isnull=True)
                | Q(outcome=RowOutcome.REVOKED, done_at__isnull=False, revocation__isnull=False)
                | Q(outcome__in=[RowOutcome.LEFT, RowOutcome.FAILED], done_at__isnull=False, revocation__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="batch_row_to_foresee", fields=["batch", "position"], condition=Q(foreseen="")),
            models.Index(name="batch_row_to_do", fields=["batch", "position"], condition=Q(outcome="")),
        ]
        triggers = [
            # An outcome stands: whatever is done is never done again.
            pgtrigger.Protect(
                name="batch_row_outcome_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.outcome <> ''"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"
