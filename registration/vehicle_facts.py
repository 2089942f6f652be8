"""The vehicle as its passport describes it: read from the register's answer, or typed while a paper passport serves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from applications.models import Application, Check
from registers.contract import Outcome
from registration.models import Category, Colour, FactsSource, Fuel, VehicleDetails

PASSPORT_CHECK = "vehicle_passport"

# What passports write for the base colours that an SRTS may name.
COLOUR_WORDS = {
    "красный": Colour.RED,
    "оранжевый": Colour.ORANGE,
    "желтый": Colour.YELLOW,
    "зеленый": Colour.GREEN,
    "голубой": Colour.LIGHT_BLUE,
    "синий": Colour.BLUE,
    "фиолетовый": Colour.VIOLET,
    "белый": Colour.WHITE,
    "черный": Colour.BLACK,
    "серый": Colour.GREY,
    "серебристый": Colour.SILVER,
    "золотистый": Colour.GOLD,
    "комбинированный": Colour.COMBINED,
    "gray": Colour.GREY,
}


@dataclass(frozen=True)
class KnownVehicle:
    """The data of a vehicle, empty (or None) where nothing is known yet. Volume in cm³, power in kW, masses in kg."""

    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""
    category: str = ""
    make: str = ""
    model: str = ""
    year: int | None = None
    colour: str = ""
    body_type: str = ""
    engine_number: str = ""
    engine_volume_cm3: int | None = None
    engine_power_kw: Decimal | None = None
    fuel: str = ""
    is_electric: bool = False
    is_hybrid: bool = False
    is_tractor_unit: bool = False
    unladen_mass_kg: int | None = None
    maximum_mass_kg: int | None = None
    ecological_class: int | None = None
    special_marks: str = ""
    passport_number: str = ""

    def number(self, name: str) -> str:
        """One of the numbers: "vin", "body_number", "chassis_number" or "engine_number"."""
        return str(getattr(self, name))

    @property
    def identity(self) -> str:
        return self.vin or self.body_number or self.chassis_number

    @property
    def headline(self) -> str:
        """ "LADA Granta, 2026"; empty while the passport told nothing."""
        named = " ".join(part for part in (self.make, self.model) if part)
        return f"{named}, {self.year}" if named and self.year else named

    @property
    def is_complete(self) -> bool:
        """Whether everything that the register of vehicles must hold is there."""
        told = (
            self.category in Category.values,
            self.make,
            self.model,
            self.year,
            self.colour,
            self.fuel in Fuel.values,
        )
        return all(told) and self.unladen_mass_kg is not None and self.maximum_mass_kg is not None


NAMES = frozenset(field.name for field in fields(KnownVehicle))


def known_vehicle(details: VehicleDetails) -> KnownVehicle:
    """The vehicle of an application, from the facts kept with its details; as long as there are none, its numbers."""
    asked = {
        "vin": details.vin,
        "body_number": details.body_number,
        "chassis_number": details.chassis_number,
        "passport_number": details.passport_number,
    }
    told = {name: value for name, value in details.vehicle_facts.items() if name in NAMES and value not in (None, "")}
    return _typed({**asked, **told})


def _typed(data: dict[str, Any]) -> KnownVehicle:
    try:
        power = Decimal(str(data["engine_power_kw"])) if data.get("engine_power_kw") is not None else None
    except InvalidOperation:
        power = None
    colour, unlisted = base_colour(str(data.get("colour", "")))
    marks = ". ".join(part for part in (str(data.get("special_marks", "")), unlisted) if part)
    return KnownVehicle(**{**data, "engine_power_kw": power, "colour": colour, "special_marks": marks})


def base_colour(words: str) -> tuple[str, str]:
    """The base colour, and what of the words it does not say: the SRTS names the parts of "combined" in its marks."""
    word = words.strip().casefold().replace("ё", "е")
    if not word or word in Colour.values:
        return word, ""
    if word in COLOUR_WORDS:
        return COLOUR_WORDS[word].value, ""
    return Colour.COMBINED.value, words.strip()


def passport_check(application: Application) -> Check | None:
    return next((check for check in application.checks.all() if check.code == PASSPORT_CHECK), None)


def take_from_register(application: Application) -> bool:
    """Keep what the passport register says now with the details; True when something changed.

    Only a clear answer counts; what was typed from a paper passport gives way to it. A passport that turns out not to
    be valid takes its facts with it.
    """
    details: VehicleDetails = application.vehicle_details
    check = passport_check(application)
    if check is None:
        return False
    if check.outcome == Outcome.CLEAR.value:
        facts = {**check.facts["vehicle"], "passport_number": check.facts["number"]}
        source = FactsSource.REGISTER.value
    elif check.outcome == Outcome.HIT.value and details.facts_source == FactsSource.REGISTER:
        facts, source = {}, FactsSource.NONE.value
    else:
        return False
    if (details.vehicle_facts, details.facts_source) == (facts, source):
        return False
    details.vehicle_facts, details.facts_source = facts, source
    details.save(update_fields=["vehicle_facts", "facts_source"])
    return True
