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


# The region of the office and the layout of the format are other tables' columns, hence a trigger and not a check.
FITS_FORMAT_AND_REGION = """
    SELECT regex, region_place INTO layout FROM plates_plateformat WHERE code = NEW.format_id;
    IF layout.regex = '' OR NEW.number !~ layout.regex THEN
        RAISE EXCEPTION 'plate % does not have the layout of format %', NEW.number, NEW.format_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_fits_its_format';
    END IF;
    IF (layout.region_place = 'right' AND right(NEW.number, 2) <> NEW.region_id)
        OR (layout.region_place = 'left' AND left(NEW.number, 2) <> NEW.region_id)
    THEN
        RAISE EXCEPTION 'plate % does not carry region %', NEW.number, NEW.region_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_number_carries_its_region';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM offices_office WHERE id = NEW.office_id AND region_id = NEW.region_id) THEN
        RAISE EXCEPTION 'plate % lies outside its region''s stock', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_in_its_regions_stock';
    END IF;
    RETURN NEW;
"""


# Other tables' rows again: what happened to the plate before, and the list of the wanted.
MOVEMENT = """
    IF NEW.state IN ('in_stock', 'reserved', 'assigned') AND (
        EXISTS (
            SELECT 1 FROM plates_platemovement
            WHERE plate_id = NEW.id AND ('lost' IN (from_state, to_state) OR 'stolen' IN (from_state, to_state))
        ) OR EXISTS (SELECT 1 FROM plates_wantedplate WHERE plate_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'plate % was lost or stolen and is never issued again', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_lost_never_reissued';
    END IF;
    IF NEW.state_changed_at IS NOT DISTINCT FROM OLD.state_changed_at THEN
        NEW.state_changed_at := now();
    END IF;
    INSERT INTO plates_platemovement (plate_id, from_state, to_state, at, by_id, application_id, reason)
    VALUES (
        NEW.id, OLD.state, NEW.state, NEW.state_changed_at, NEW.moved_by_id, NEW.moved_for_id, NEW.moved_because
    );
    IF NEW.state = 'stolen' THEN
        INSERT INTO plates_wantedplate (plate_id, since, declared_by_id, application_id, explanation, lifted_because)
        VALUES (NEW.id, NEW.state_changed_at, NEW.moved_by_id, NEW.moved_for_id, NEW.moved_because, '');
    END IF;
    NEW.moved_by_id := NULL;
    NEW.moved_for_id := NULL;
    NEW.moved_because := '';
    RETURN NEW;
"""


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
            models.Index(
                name="plate_stock",
                fields=["office", "format", "number"],
                condition=Q(state=PlateState.IN_STOCK, is_high_demand=False),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="plate_fits_format_and_region",
                operation=pgtrigger.Insert | pgtrigger.Update,
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
                name="plate_movement_written",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                func=MOVEMENT,
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
