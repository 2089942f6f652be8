"""Numbered blanks under strict accounting: received, then issued or spoiled, and never gone."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition


class BlankState(models.TextChoices):
    RECEIVED = "received", _("in stock")
    ISSUED = "issued", _("issued")
    SPOILED = "spoiled", _("spoiled")


class Blank(models.Model):
    """A numbered blank of one kind; what its number looks like is the kind's own matter."""

    number = models.CharField(_("number"), max_length=12, unique=True)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="%(class)ss")
    state = FSMField(_("state"), default=BlankState.RECEIVED, choices=BlankState.choices, protected=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    spoiled_at = models.DateTimeField(_("spoiled"), null=True)
    spoiled_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    spoiled_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=BlankState.RECEIVED, target=BlankState.ISSUED)
    def issue(self) -> None:
        pass

    @transition(field=state, source=BlankState.RECEIVED, target=BlankState.SPOILED)
    def spoil(self) -> None:
        pass


def accounting(prefix: str) -> tuple[models.CheckConstraint, ...]:
    """The constraints of strict accounting; `prefix` tells the kinds of blanks apart."""
    return (
        models.CheckConstraint(condition=Q(state__in=BlankState.values), name=f"{prefix}_state_known"),
        models.CheckConstraint(
            condition=Q(state=BlankState.SPOILED, spoiled_at__isnull=False, spoiled_by__isnull=False)
            & ~Q(spoiled_reason="")
            | ~Q(state=BlankState.SPOILED) & Q(spoiled_at__isnull=True, spoiled_by__isnull=True, spoiled_reason=""),
            name=f"{prefix}_spoiled_by_whom_and_why",
        ),
    )


def stock_index(prefix: str) -> models.Index:
    """What `Stock.allocate` looks through: the blanks in stock of an office, in the order of numbers."""
    return models.Index(name=f"{prefix}_stock", fields=["office", "number"], condition=Q(state=BlankState.RECEIVED))


def moves(prefix: str) -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of strict accounting: no way back into the stock, no other number, no deletion."""
    return (
        pgtrigger.FSM(
            name=f"{prefix}_state_moves",
            field="state",
            transitions=[
                (BlankState.RECEIVED.value, BlankState.ISSUED.value),
                (BlankState.RECEIVED.value, BlankState.SPOILED.value),
            ],
            condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
        ),
        pgtrigger.ReadOnly(name=f"{prefix}_number_is_fixed", fields=["number", "received_at"]),
        pgtrigger.Protect(name=f"{prefix}_never_deleted", operation=pgtrigger.Delete),
    )
