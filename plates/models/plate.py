"""A plate number and where it is now; every change of its state is written down by the database itself."""

from __future__ import annotations

import re

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plates.models.formats import Drawing, PlateFormat
from plates.models.receipts import PlateReceipt
from plates.models.rules import FITS_FORMAT_AND_REGION, MOVEMENT, SET_ASIDE


class PlateState(models.TextChoices):
    IN_STOCK = "in_stock", _("in stock")
    RESERVED = "reserved", pgettext_lazy("plate", "reserved")
    ASSIGNED = "assigned", _("on a vehicle")
    SURRENDERED = "surrendered", _("handed in")
    TO_DESTROY = "to_destroy", _("to be destroyed")
    DESTROYED = "destroyed", _("destroyed")
    LOST = "lost", pgettext_lazy("plate", "lost")
    STOLEN = "stolen", pgettext_lazy("plate", "stolen")


# Where a plate may go from each state; the database holds the same table.
MOVES: dict[PlateState, frozenset[PlateState]] = {
    PlateState.IN_STOCK: frozenset(
        {PlateState.RESERVED, PlateState.ASSIGNED, PlateState.DESTROYED, PlateState.LOST, PlateState.STOLEN}
    ),
    PlateState.RESERVED: frozenset({PlateState.IN_STOCK, PlateState.ASSIGNED}),
    PlateState.ASSIGNED: frozenset({PlateState.SURRENDERED, PlateState.LOST, PlateState.STOLEN}),
    PlateState.SURRENDERED: frozenset(
        {
            PlateState.ASSIGNED,
            PlateState.IN_STOCK,
            PlateState.TO_DESTROY,
            PlateState.DESTROYED,
            PlateState.LOST,
            PlateState.STOLEN,
        }
    ),
    PlateState.TO_DESTROY: frozenset({PlateState.IN_STOCK, PlateState.DESTROYED, PlateState.LOST, PlateState.STOLEN}),
    PlateState.DESTROYED: frozenset(),
    # Found again: it is destroyed, for its number is never given to another vehicle.
    PlateState.LOST: frozenset({PlateState.TO_DESTROY}),
    PlateState.STOLEN: frozenset({PlateState.TO_DESTROY}),
}


# What can be given out: it is in stock, and stands on no act that waits for its second person.
FREE = Q(state=PlateState.IN_STOCK, set_aside_by=None)


class Plate(models.Model):
    """One plate number, in the stock of one office until it is given to a vehicle."""

    number = models.CharField(_("number"), max_length=12, unique=True)
    format = models.ForeignKey(PlateFormat, models.PROTECT, related_name="plates")
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="plates")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plates")
    receipt = models.ForeignKey(PlateReceipt, models.PROTECT, related_name="plates")
    # Of higher demand on the day it was received: dearer, and never given as the next plate of the stock.
    is_high_demand = models.BooleanField(_("higher demand"), default=False)
    state = models.CharField(
        _("state"), max_length=12, default=PlateState.IN_STOCK, choices=PlateState.choices, editable=False
    )
    state_changed_at = models.DateTimeField(_("in this state since"))
    # The last day for which a number that was handed in is stored for its holder.
    stored_until = models.DateField(_("stored until"), null=True)
    # The act that waits for its second person: nobody is given a plate of the stock that may be bent or gone.
    set_aside_by = models.ForeignKey(
        "write_offs.WriteOffAct", models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    # Written together with a new state: who moves it, for which application and why. The trigger takes them into
    # PlateMovement and empties them, so that no later change can carry them by mistake.
    moved_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    moved_for = models.ForeignKey(
        "applications.Application", models.PROTECT, null=True, related_name="+", db_index=False
    )
    moved_because = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        ordering = ("number",)
        verbose_name = _("plate")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=PlateState.values), name="plate_state_known"),
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z0-9]{4,12}$"), name="plate_number_compact"),
        )
        indexes = (
            models.Index(name="plate_stored", fields=["stored_until"], condition=Q(state=PlateState.SURRENDERED)),
            models.Index(
                name="plate_stock",
                fields=["office", "format", "number"],
                condition=Q(state=PlateState.IN_STOCK, is_high_demand=False),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="plate_fits_format_and_region",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("number", "format_id", "region_id", "office_id"),
                when=pgtrigger.Before,
                declare=[("layout", "RECORD")],
                func=FITS_FORMAT_AND_REGION,
            ),
            pgtrigger.FSM(
                name="plate_state_moves",
                field="state",
                transitions=[(source.value, target.value) for source in MOVES for target in sorted(MOVES[source])],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.Trigger(
                name="plate_state_written",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                declare=[("today", "DATE"), ("term", "INTEGER")],
                func=MOVEMENT,
            ),
            pgtrigger.Trigger(
                name="plate_set_aside_by_an_act",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.set_aside_by_id IS DISTINCT FROM NEW.set_aside_by_id"),
                func=SET_ASIDE,
            ),
            pgtrigger.ReadOnly(name="plate_number_is_fixed", fields=["number", "format", "region"]),
            pgtrigger.Protect(name="plate_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def parts(self) -> tuple[str, str]:
        """The number as a plate shows it: ("417 KZN", "02"); the second is empty where the format has no region."""
        main, region = self.format.split(self.number)
        return " ".join(re.findall(r"\d+|[A-Z]+", main)), region

    @property
    def drawing(self) -> Drawing:
        """Everything a template needs to draw the plate."""
        main, region = self.parts
        return Drawing(main, region, self.format.background, self.format.text_colour)
