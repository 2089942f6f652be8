"""State registration plates: the formats the law knows, the numbers an office holds, and where each one is now."""

from plates.duplicates.models import DuplicateDetails, DuplicateReason, PlateDuplicate, PlatePlace
from plates.models.formats import Confidence, Drawing, HolderKind, PlateFormat, RegionPlace, VehicleKind
from plates.models.holds import PlateHold
from plates.models.movements import PlateMovement, WantedPlate
from plates.models.plate import FREE, MOVES, Plate, PlateState
from plates.models.receipts import PlateReceipt
from plates.models.terms import PlateTerm, TermCode
from plates.models.write_offs import WRITTEN_OFF_AS, WriteOffLine
from plates.production.models import (
    DESTROYED_AS,
    TO_BE_DESTROYED,
    TO_COME,
    UNWANTED,
    ItemState,
    OrderState,
    PieceLine,
    PlateOrder,
    PlateOrderItem,
)

__all__ = [
    "DESTROYED_AS",
    "FREE",
    "MOVES",
    "TO_BE_DESTROYED",
    "TO_COME",
    "UNWANTED",
    "WRITTEN_OFF_AS",
    "Confidence",
    "Drawing",
    "DuplicateDetails",
    "DuplicateReason",
    "HolderKind",
    "ItemState",
    "OrderState",
    "PieceLine",
    "Plate",
    "PlateDuplicate",
    "PlateFormat",
    "PlateHold",
    "PlateMovement",
    "PlateOrder",
    "PlateOrderItem",
    "PlatePlace",
    "PlateReceipt",
    "PlateState",
    "PlateTerm",
    "RegionPlace",
    "TermCode",
    "VehicleKind",
    "WantedPlate",
    "WriteOffLine",
]
