"""A vehicle as lines to be compared: with its passport's values, or before and after a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from applications.services import DetailsView
from registration.models import Colour, Fuel
from registration.vehicle_facts import KnownVehicle


def vehicle_lines(vehicle: KnownVehicle, registered: Mapping[str, Any]) -> Sequence[DetailsView]:
    """The vehicle line by line, with the register's own value (by the names of KnownVehicle) where it differs."""
    lines = (
        (_("VIN"), "vin", vehicle.vin),
        (_("Body number"), "body_number", vehicle.body_number),
        (_("Chassis number"), "chassis_number", vehicle.chassis_number),
        (_("Category"), "category", vehicle.category),
        (_("Make"), "make", vehicle.make),
        (_("Model"), "model", vehicle.model),
        (_("Year of manufacture"), "year", vehicle.year),
        (_("Colour"), "", Colour(vehicle.colour).label if vehicle.colour else ""),
        (_("Body type"), "body_type", vehicle.body_type),
        (_("Engine number"), "engine_number", vehicle.engine_number),
        (_("Engine volume, cm³"), "engine_volume_cm3", vehicle.engine_volume_cm3),
        (_("Engine power, kW"), "", vehicle.engine_power_kw),
        (_("Fuel"), "", Fuel(vehicle.fuel).label if vehicle.fuel in Fuel.values else ""),
        (_("Unladen mass, kg"), "unladen_mass_kg", vehicle.unladen_mass_kg),
        (_("Permitted maximum mass, kg"), "maximum_mass_kg", vehicle.maximum_mass_kg),
        (_("Ecological class"), "ecological_class", vehicle.ecological_class),
        (_("Special marks"), "", vehicle.special_marks),
        (_("Vehicle passport"), "", vehicle.passport_number),
    )
    return [
        DetailsView(str(label), _shown(value), _differing(value, registered.get(name)))
        for label, name, value in lines
        if value not in (None, "") or registered.get(name)
    ]


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return number_format(value, None if value % 1 else 0)
    return "" if value is None else str(value)


def _differing(value: object, registered: object) -> str:
    is_told = registered not in (None, "")
    return str(registered) if is_told and str(registered) != str(value) else ""
