"""A vehicle as the register keeps it: what it is, by which numbers it is known."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from plates.models import VehicleKind


class Category(models.TextChoices):
    """Categories of the technical regulation: L motorcycles and mopeds, M passengers, N goods, O trailers."""

    L1 = "L1", "L1"
    L2 = "L2", "L2"
    L3 = "L3", "L3"
    L4 = "L4", "L4"
    L5 = "L5", "L5"
    L6 = "L6", "L6"
    L7 = "L7", "L7"
    M1 = "M1", "M1"
    M2 = "M2", "M2"
    M3 = "M3", "M3"
    N1 = "N1", "N1"
    N2 = "N2", "N2"
    N3 = "N3", "N3"
    O1 = "O1", "O1"
    O2 = "O2", "O2"
    O3 = "O3", "O3"
    O4 = "O4", "O4"


class Colour(models.TextChoices):
    """The base colours an SRTS may name; the parts of a combined colour stand among the special marks."""

    RED = "red", _("red")
    ORANGE = "orange", _("orange")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    LIGHT_BLUE = "light_blue", _("light blue")
    BLUE = "blue", _("blue")
    VIOLET = "violet", _("violet")
    WHITE = "white", _("white")
    BLACK = "black", _("black")
    GREY = "grey", _("grey")
    SILVER = "silver", _("silver")
    GOLD = "gold", _("gold")
    COMBINED = "combined", _("combined")


class Fuel(models.TextChoices):
    """As electronic vehicle passports name it."""

    PETROL = "petrol", _("petrol")
    DIESEL = "diesel", _("diesel")
    GAS = "gas", _("gas")
    PETROL_GAS = "petrol_gas", _("petrol and gas")
    ELECTRIC = "electric", _("electricity")
    PETROL_ELECTRIC = "petrol_electric", _("petrol and electricity")
    DIESEL_ELECTRIC = "diesel_electric", _("diesel and electricity")
    NONE = "none", _("none")


KIND_BY_CATEGORY_LETTER = {
    "L": VehicleKind.MOTORCYCLE,
    "M": VehicleKind.CAR,
    "N": VehicleKind.CAR,
    "O": VehicleKind.TRAILER,
}


class Vehicle(models.Model):
    """A vehicle known by its VIN or, where it has none, by its body or chassis number."""

    vin = models.CharField(_("VIN"), max_length=17, null=True, unique=True)  # noqa: DJ001 many have none, none is unique
    body_number = models.CharField(_("body number"), max_length=30, blank=True)
    chassis_number = models.CharField(_("chassis number"), max_length=30, blank=True)
    category = models.CharField(_("category"), max_length=2, choices=Category.choices)
    make = models.CharField(_("make"), max_length=60)
    model = models.CharField(_("model"), max_length=80)
    # The Law on Road Traffic (Art. 72) knows only the year of manufacture, no day and no month.
    year = models.PositiveSmallIntegerField(_("year of manufacture"))
    colour = models.CharField(_("colour"), max_length=12, choices=Colour.choices)
    body_type = models.CharField(_("body type"), max_length=60, blank=True)
    engine_number = models.CharField(_("engine number"), max_length=30, blank=True)
    engine_volume_cm3 = models.PositiveIntegerField(_("engine volume, cm³"), null=True)
    engine_power_kw = models.DecimalField(_("engine power, kW"), max_digits=7, decimal_places=2, null=True)
    unladen_mass_kg = models.PositiveIntegerField(_("unladen mass, kg"))
    maximum_mass_kg = models.PositiveIntegerField(_("permitted maximum mass, kg"))
    fuel = models.CharField(_("fuel"), max_length=16, choices=Fuel.choices)
    is_electric = models.BooleanField(_("electric"), default=False)
    is_hybrid = models.BooleanField(_("hybrid"), default=False)
    is_tractor_unit = models.BooleanField(_("tractor unit"), default=False)
    ecological_class = models.PositiveSmallIntegerField(_("ecological class"), null=True)
    special_marks = models.CharField(_("special marks"), max_length=300, blank=True)
    passport_number = models.CharField(_("vehicle passport"), max_length=30, blank=True)
    # The import that brought it from the earlier register; empty for vehicles registered here first.
    registry_import = models.ForeignKey(
        "legacy.RegistryImport", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("pk",)
        verbose_name = _("vehicle")
        constraints = (
            # ISO 3779: 17 characters, digits and Latin letters without I, O and Q.
            models.CheckConstraint(condition=Q(vin__regex=r"^[0-9A-HJ-NPR-Z]{17}$"), name="vehicle_vin_iso_3779"),
            models.CheckConstraint(
                condition=Q(vin__isnull=False) | ~Q(body_number="") | ~Q(chassis_number=""),
                name="vehicle_has_an_identity",
            ),
            models.UniqueConstraint(
                fields=["chassis_number"],
                condition=Q(vin__isnull=True) & ~Q(chassis_number=""),
                name="vehicle_without_vin_one_per_chassis",
            ),
            models.UniqueConstraint(
                fields=["body_number"],
                condition=Q(vin__isnull=True) & ~Q(body_number=""),
                name="vehicle_without_vin_one_per_body",
            ),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="vehicle_category_known"),
            models.CheckConstraint(condition=Q(colour__in=Colour.values), name="vehicle_colour_is_a_base_colour"),
            models.CheckConstraint(condition=Q(fuel__in=Fuel.values), name="vehicle_fuel_known"),
            models.CheckConstraint(condition=Q(year__gte=1886, year__lte=2200), name="vehicle_year_possible"),
            models.CheckConstraint(
                condition=~Q(is_electric=True, is_hybrid=True), name="vehicle_electric_is_not_hybrid"
            ),
        )
        indexes = (
            # By the one number that files, searches and people know it by.
            models.Index(Coalesce("vin", NullIf("body_number", Value("")), "chassis_number"), name="vehicle_identity"),
            models.Index(name="vehicle_body", fields=["body_number"], condition=~Q(body_number="")),
            models.Index(name="vehicle_chassis", fields=["chassis_number"], condition=~Q(chassis_number="")),
        )

    def __str__(self) -> str:
        return f"{self.make} {self.model}, {self.year}"

    @property
    def identity(self) -> str:
        """The number the vehicle is known by: VIN, else body, else chassis number."""
        return self.vin or self.body_number or self.chassis_number

    @property
    def kind(self) -> VehicleKind:
        """What its plates are fixed to."""
        return KIND_BY_CATEGORY_LETTER[self.category[0]]
