"""The formats of plates that the law knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HolderKind(models.TextChoices):
    """Whom a format is for. ANYONE: the vehicle alone decides (motorcycles, trailers)."""

    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    FOREIGN_PERSON = "foreign_person", _("foreign citizen")
    FOREIGN_ORGANISATION = "foreign_organisation", _("foreign organisation")
    ANYONE = "anyone", _("any holder")
    TEMPORARY = "temporary", _("temporary registration")
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
    # The day from which plates are made in this layout; empty where no source tells it.
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
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
