"""VR-3, update (correction) of recorded data: why data change, which data each reason may change, what an SRTS shows.

VR.6d turns on one question, whether the SRTS is replaced. It is replaced exactly when something changes that stands on
it, or when the paper itself is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from applications.standards import Text


class UpdateReason(StrEnum):
    OWNER = "owner"
    COLOUR = "colour"
    ENGINE = "engine"
    REEQUIPMENT = "reequipment"
    MISTAKE = "mistake"
    CERTIFICATE = "certificate"
    PLATES = "plates"


@dataclass(frozen=True)
class Reason:
    """One reason of an update; `fields` are those of the vehicle (registration.vehicle_facts) that it may change."""

    code: UpdateReason
    name: Text
    fields: tuple[str, ...] = ()
    # The document that the change rests on beside the proof of ownership.
    has_document: bool = False


_ENGINE = ("engine_number", "engine_volume_cm3", "engine_power_kw", "fuel", "is_electric", "is_hybrid")
_BUILD = ("body_type", "unladen_mass_kg", "maximum_mass_kg", "fuel", "special_marks")
_NUMBERS = ("vin", "body_number", "chassis_number", "passport_number")
_KIND = ("category", "make", "model", "year", "colour", "is_tractor_unit", "ecological_class")

REASONS = (
    Reason(
        UpdateReason.OWNER,
        Text(
            "owner's name or address changed",
            "изменились имя или адрес владельца",
            "иесінің аты немесе мекенжайы өзгерді",
        ),
    ),
    Reason(
        UpdateReason.COLOUR,
        Text("another colour", "изменён цвет", "түсі өзгертілді"),
        ("colour", "special_marks"),
    ),
    Reason(
        UpdateReason.ENGINE,
        Text("another engine", "заменён двигатель", "қозғалтқышы ауыстырылды"),
        _ENGINE,
        has_document=True,
    ),
    Reason(
        UpdateReason.REEQUIPMENT,
        Text("re-equipment (VR.8.1i)", "переоборудование (VR.8.1i)", "қайта жабдықтау (VR.8.1i)"),
        _BUILD,
    ),
    Reason(
        UpdateReason.MISTAKE,
        Text("a mistake in the recorded data", "ошибка в учётных данных", "есеп деректеріндегі қате"),
        tuple(dict.fromkeys((*_NUMBERS, *_KIND, *_ENGINE, *_BUILD))),
        has_document=True,
    ),
    Reason(
        UpdateReason.CERTIFICATE,
        Text("SRTS lost or unusable", "СРТС утрачено или пришло в негодность", "КҚТК жоғалды немесе жарамсыз болды"),
    ),
    Reason(
        UpdateReason.PLATES,
        Text("plates lost or stolen", "ГРНЗ утрачены или похищены", "МТНБ жоғалды немесе ұрланды"),
    ),
)
BY_CODE = {reason.code: reason for reason in REASONS}

# What changes beside the vehicle itself.
OWNER_NAME = "owner_name"
OWNER_ADDRESS = "owner_address"
PLATE = "plate"
CERTIFICATE = "certificate"
OF_OWNER = (OWNER_NAME, OWNER_ADDRESS)

# What stands on the SRTS (registration/papers.py); a test holds the two together.
ON_CERTIFICATE = frozenset(
    {
        *_NUMBERS,
        "category",
        "make",
        "model",
        "year",
        "colour",
        "engine_number",
        "engine_volume_cm3",
        "engine_power_kw",
        "fuel",
        "unladen_mass_kg",
        "maximum_mass_kg",
        "ecological_class",
        "special_marks",
        OWNER_NAME,
        OWNER_ADDRESS,
        PLATE,
    }
)


def fields_of(reasons: Iterable[str]) -> tuple[str, ...]:
    """The fields of the vehicle that these reasons may change, each once, in the order of the reasons."""
    return tuple(dict.fromkeys(name for code in reasons for name in BY_CODE[UpdateReason(code)].fields))


def replaces_certificate(changed: Iterable[str], reasons: Iterable[str]) -> bool:
    """VR.6d: whether the SRTS is replaced, by what changes and why."""
    return UpdateReason.CERTIFICATE in reasons or not ON_CERTIFICATE.isdisjoint(changed)
