"""Numbered blanks under strict accounting: received, then issued or written off by two people, and never gone."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from write_offs.rules import of_lines, signed_twice, waits_for_the_second


class BlankState(models.TextChoices):
    RECEIVED = "received", _("in stock")
    # On an act that waits for its second person: nobody is given a blank that may be torn or gone.
    SET_ASIDE = "set_aside", _("set aside")
    ISSUED = "issued", _("issued")
    SPOILED = "spoiled", _("spoiled")
    LOST = "lost", pgettext_lazy("blank", "lost")
    STOLEN = "stolen", pgettext_lazy("blank", "stolen")


# What an act can make of a blank, and from which states. A lost one that turns up is written off as spoiled.
WRITTEN_OFF: dict[BlankState, frozenset[BlankState]] = {
    BlankState.SPOILED: frozenset({BlankState.RECEIVED, BlankState.LOST, BlankState.STOLEN}),
    BlankState.LOST: frozenset({BlankState.RECEIVED}),
    BlankState.STOLEN: frozenset({BlankState.RECEIVED}),
}
MOVES: tuple[tuple[BlankState, BlankState], ...] = (
    (BlankState.RECEIVED, BlankState.ISSUED),
    (BlankState.RECEIVED, BlankState.SET_ASIDE),
    (BlankState.SET_ASIDE, BlankState.RECEIVED),
    *((BlankState.SET_ASIDE, state) for state in WRITTEN_OFF),
    (BlankState.LOST, BlankState.SPOILED),
    (BlankState.STOLEN, BlankState.SPOILED),
)


class Blank(models.Model):
    """A numbered blank of one kind; what its number looks like is the kind's own matter."""

    number = models.CharField(_("number"), max_length=12, unique=True)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="%(class)ss")
    state = FSMField(_("state"), default=BlankState.RECEIVED, choices=BlankState.choices, protected=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=BlankState.RECEIVED, target=BlankState.ISSUED)
    def issue(self) -> None:
        pass


def accounting(prefix: str) -> tuple[models.CheckConstraint, ...]:
    """The constraints of strict accounting; `prefix` tells the kinds of blanks apart."""
    return (models.CheckConstraint(condition=Q(state__in=BlankState.values), name=f"{prefix}_state_known"),)


def stock_index(prefix: str) -> models.Index:
    """What `Stock.allocate` looks through: the blanks in stock of an office, in the order of numbers."""
    return models.Index(name=f"{prefix}_stock", fields=["office", "number"], condition=Q(state=BlankState.RECEIVED))


# A blank is set aside by an act that is open, comes back when the act is dropped, and is gone when two have signed.
_BY_AN_ACT = """
    IF OLD.state = 'received' AND NEW.state = 'set_aside' AND NOT {waits} THEN
        RAISE EXCEPTION 'blank % is set aside only by an act', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = '{prefix}_set_aside_by_an_act';
    END IF;
    IF OLD.state = 'set_aside' AND NEW.state = 'received' AND {waits} THEN
        RAISE EXCEPTION 'blank % stands on an act that waits for its second person', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = '{prefix}_set_aside_until_the_act_is_closed';
    END IF;
    IF NEW.state IN ('spoiled', 'lost', 'stolen') AND NOT {signed} THEN
        RAISE EXCEPTION 'blank % is written off only by an act that two people signed', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = '{prefix}_written_off_by_an_act';
    END IF;
    RETURN NEW;
"""


def moves(prefix: str, *, lines: str) -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of strict accounting: no way around an act of two people (its lines are the table `lines`), no way
    back into the stock, no other number, no deletion."""
    joined = {"lines": lines, "column": "blank_id"}
    return (
        pgtrigger.FSM(
            name=f"{prefix}_state_moves",
            field="state",
            transitions=[(before.value, after.value) for before, after in MOVES],
            condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
        ),
        pgtrigger.Trigger(
            name=f"{prefix}_moves_by_an_act",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state AND NEW.state <> 'issued'"),
            func=_BY_AN_ACT.format(prefix=prefix, waits=waits_for_the_second(**joined), signed=signed_twice(**joined)),
        ),
        pgtrigger.Protect(
            name=f"{prefix}_begins_in_use",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition("NEW.state NOT IN ('received', 'issued')"),
        ),
        pgtrigger.ReadOnly(name=f"{prefix}_number_is_fixed", fields=["number", "received_at"]),
        pgtrigger.Protect(name=f"{prefix}_never_deleted", operation=pgtrigger.Delete),
    )


def line_rules(prefix: str, *, stock: str, blanks: str) -> tuple[pgtrigger.Trigger, ...]:
    """The triggers of the lines of acts on this kind of blanks, whose table is `blanks`."""
    return of_lines(f"{prefix}_write_off", stock=stock, things=blanks, column="blank_id")
