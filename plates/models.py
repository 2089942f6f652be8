"""State registration plates: the formats the law knows, the numbers an office holds, and where each one is now."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition


class HolderKind(models.TextChoices):
    """Whom a format is for. ANYONE: the vehicle alone decides (motorcycles, trailers)."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    FOREIGN_PERSON = "foreign_person", _("foreign citizen")
    FOREIGN_ORGANISATION = "foreign_organisation", _("foreign organisation")
    ANYONE = "anyone", _("any holder")
    SPECIAL = "special", _("special holder")


class VehicleKind(models.TextChoices):
    """What the plate is fixed to; it decides how many pieces make a set."""

    CAR = "car", _("car")
    MOTORCYCLE = "motorcycle", _("motorcycle or moped")
    TRAILER = "trailer", _("trailer")


class RegionPlace(models.TextChoices):
    """Where the two digits of the region stand in the compact number."""

    RIGHT = "right", _("at the end")
    LEFT = "left", _("at the beginning")
    NONE = "none", _("nowhere")


class Confidence(models.TextChoices):
    """How sure the source of a format is; what is not high is a setting to be confirmed."""

    HIGH = "high", _("confirmed")
    MEDIUM = "medium", _("probable")
    LOW = "low", _("to be confirmed")


@dataclass(frozen=True)
class Drawing:
    """What a template draws: "417 KZN" beside "02" in the colours of the format."""

    main: str
    region: str
    background: str
    text_colour: str


class PlateFormat(models.Model):
    """A layout of plates. An empty `regex` is a setting nobody has filled in: such plates cannot be received."""

    code = models.CharField(_("code"), max_length=32, primary_key=True)
    regex = models.CharField(_("pattern of the compact number"), max_length=200, blank=True)
    example = models.CharField(_("example"), max_length=12, blank=True)
    holder_kind = models.CharField(_("holder"), max_length=24, choices=HolderKind.choices)
    vehicle_kind = models.CharField(_("vehicle"), max_length=12, choices=VehicleKind.choices)
    region_place = models.CharField(
        _("place of the region"), max_length=5, choices=RegionPlace.choices, default=RegionPlace.RIGHT
    )
    # What a new plate for this holder and vehicle is made in; older formats stay valid on the road.
    is_current = models.BooleanField(_("issued now"), default=False)
    pieces = models.PositiveSmallIntegerField(_("pieces in a set"))
    background = models.CharField(_("background"), max_length=16, blank=True)
    text_colour = models.CharField(_("colour of the characters"), max_length=16, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # The administrator who filled in or changed the layout; loading the reference data then leaves it alone.
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("plate format")
        constraints = (
            models.CheckConstraint(condition=Q(pieces__in=[1, 2]), name="plate_format_one_or_two_pieces"),
            models.CheckConstraint(condition=Q(holder_kind__in=HolderKind.values), name="plate_format_holder_known"),
            models.CheckConstraint(condition=Q(vehicle_kind__in=VehicleKind.values), name="plate_format_vehicle_known"),
            models.CheckConstraint(condition=Q(region_place__in=RegionPlace.values), name="plate_format_region_place"),
            models.UniqueConstraint(
                fields=["holder_kind", "vehicle_kind"],
                condition=Q(is_current=True),
                name="plate_format_one_current_per_holder_and_vehicle",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The format as staff read it: vehicle, holder and an example where there is one."""
        kinds = f"{VehicleKind(self.vehicle_kind).label}, {HolderKind(self.holder_kind).label}"
        return f"{kinds} ({self.example})" if self.example else kinds

    def split(self, number: str) -> tuple[str, str]:
        """The compact number without its region, and the region: ("417KZN", "02")."""
        if self.region_place == RegionPlace.RIGHT:
            return number[:-2], number[-2:]
        if self.region_place == RegionPlace.LEFT:
            return number[2:], number[:2]
        return number, ""

    def fits(self, number: str) -> bool:
        """Whether the compact number has this layout; nothing fits a format that is not filled in."""
        return bool(self.regex) and re.fullmatch(self.regex, number) is not None


class PlateReceipt(models.Model):
    """One delivery of plates into the stock of an office."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plate_receipts")
    format = models.ForeignKey(PlateFormat, models.PROTECT, related_name="receipts")
    first_number = models.CharField(_("first number"), max_length=12)
    last_number = models.CharField(_("last number"), max_length=12)
    count = models.PositiveIntegerField(_("count"))
    reference = models.CharField(_("delivery note"), max_length=60)
    received_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))

    class Meta:
        ordering = ("-received_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(count__gt=0), name="plate_receipt_not_empty"),
            models.CheckConstraint(condition=~Q(reference=""), name="plate_receipt_has_a_reference"),
            models.UniqueConstraint(fields=["office", "reference"], name="plate_receipt_entered_once"),
        )
        triggers = (pgtrigger.Protect(name="plate_receipt_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.first_number}–{self.last_number}"


class PlateState(models.TextChoices):
    IN_STOCK = "in_stock", _("in stock")
    ASSIGNED = "assigned", _("on a vehicle")
    SURRENDERED = "surrendered", _("handed in")
    DESTROYED = "destroyed", _("destroyed")


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


class Plate(models.Model):
    """One plate number, in the stock of one office until it is given to a vehicle."""

    number = models.CharField(_("number"), max_length=12, unique=True)
    format = models.ForeignKey(PlateFormat, models.PROTECT, related_name="plates")
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="plates")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plates")
    receipt = models.ForeignKey(PlateReceipt, models.PROTECT, related_name="plates")
    # Of higher demand on the day it was received: dearer, and never given as the next plate of the stock.
    is_high_demand = models.BooleanField(_("higher demand"), default=False)
    state = FSMField(_("state"), default=PlateState.IN_STOCK, choices=PlateState.choices, protected=True)
    state_changed_at = models.DateTimeField(_("in this state since"))

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
                transitions=[
                    (PlateState.IN_STOCK.value, PlateState.ASSIGNED.value),
                    (PlateState.IN_STOCK.value, PlateState.DESTROYED.value),
                    (PlateState.ASSIGNED.value, PlateState.SURRENDERED.value),
                    (PlateState.SURRENDERED.value, PlateState.ASSIGNED.value),
                    (PlateState.SURRENDERED.value, PlateState.DESTROYED.value),
                ],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.ReadOnly(name="plate_number_is_fixed", fields=["number", "format", "region"]),
            pgtrigger.Protect(name="plate_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=PlateState.IN_STOCK, target=PlateState.ASSIGNED)
    def assign(self) -> None:
        pass

    @transition(field=state, source=PlateState.ASSIGNED, target=PlateState.SURRENDERED)
    def surrender(self) -> None:
        pass

    @transition(field=state, source=PlateState.SURRENDERED, target=PlateState.ASSIGNED)
    def give_back(self) -> None:
        pass

    @transition(field=state, source=[PlateState.IN_STOCK, PlateState.SURRENDERED], target=PlateState.DESTROYED)
    def destroy(self) -> None:
        pass

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


# Django looks for a model here; what is told apart by subject stands in modules of its own.
from plates.duplicates.models import DuplicateDetails, DuplicateReason, PlateDuplicate, PlatePlace  # noqa: E402
from plates.production.models import ItemState, OrderState, PlateOrder, PlateOrderItem  # noqa: E402

__all__ = [
    "Confidence",
    "Drawing",
    "DuplicateDetails",
    "DuplicateReason",
    "HolderKind",
    "ItemState",
    "OrderState",
    "Plate",
    "PlateDuplicate",
    "PlateFormat",
    "PlateOrder",
    "PlateOrderItem",
    "PlatePlace",
    "PlateReceipt",
    "PlateState",
    "RegionPlace",
    "VehicleKind",
]
