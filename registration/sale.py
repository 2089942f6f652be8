"""What a sale has to be before a vehicle on record passes to a new owner (VR-2; LAW-O1, rows VR.8.1h, VR.8.3e).

The same rules speak at the field when something is typed, at acceptance, and before the approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from people.models import Organisation, Person
from plates.models import HolderKind, Plate, PlateState
from plates.stock import holder_kind
from registration import on_record
from registration.models import Ownership, Registration, Vehicle, VehicleDetails

Problems = dict[str, str]


@dataclass(frozen=True)
class Sale:
    """A vehicle on record, whoever applies for it, and the contract as it was typed; `sold_on` None while it is not."""

    vehicle: Vehicle
    registration: Registration | None
    applicant: Person | Organisation
    seller: str
    sold_on: date | None
    plates_kept: bool = False

    @classmethod
    def of(cls, application: Application) -> Sale | None:
        """The sale of an application whose vehicle was found, or None."""
        details: VehicleDetails = application.vehicle_details
        if details.vehicle is None:
            return None
        return cls(
            vehicle=details.vehicle,
            registration=details.registration,
            applicant=application.applicant,
            seller=details.seller_identifier,
            sold_on=details.sold_on,
            plates_kept=details.plates_kept,
        )

    @cached_property
    def ownership(self) -> Ownership | None:
        """Today's ownership in the register."""
        return on_record.ownership_of(self.vehicle)

    @property
    def is_by_owner(self) -> bool:
        """Whether the applicant is the registered owner already, so that nothing was sold."""
        return on_record.is_owned_by(self.ownership, self.applicant)


def missing(sale: Sale) -> Problems:
    """What the contract still owes; nothing where the applicant owns the vehicle or nobody is on record as owner."""
    if sale.is_by_owner or sale.ownership is None:
        return {}
    found: Problems = {}
    if not sale.seller:
        found["seller_identifier"] = str(
            _("Enter the IIN or BIN of the seller, as the document of the sale names them.")
        )
    if sale.sold_on is None:
        found["sold_on"] = str(_("Enter the day of the contract or ruling."))
    return found


def wrong(sale: Sale) -> Problems:
    """What of the contract contradicts the register; it never says who the registered owner is."""
    return {**_wrong_seller(sale), **_wrong_day(sale)}


def _wrong_seller(sale: Sale) -> Problems:
    if not sale.seller:
        return {}
    if sale.seller == sale.applicant.identifier:
        message = _(
            "The seller and the applicant are the same. Enter the seller as the document of the sale names them."
        )
        return {"seller_identifier": str(message)}
    if sale.ownership is not None and sale.seller != sale.ownership.owner.identifier:
        message = _(
            "The seller is not the registered owner of this vehicle. Compare the number with the document. Whoever "
            "bought the vehicle and never registered it registers it first; then it can be sold on."
        )
        return {"seller_identifier": str(message)}
    return {}


def _wrong_day(sale: Sale) -> Problems:
    if sale.sold_on is None:
        return {}
    if sale.sold_on > timezone.localdate():
        return {"sold_on": str(_("This day has not come yet. Enter the day that stands in the document."))}
    began = timezone.localdate(sale.ownership.period.lower) if sale.ownership is not None else None
    if began is not None and sale.sold_on < began:
        message = _("On this day the vehicle was not yet the seller's: in the register they own it since %(day)s.")
        return {"sold_on": message % {"day": date_format(began, "d.m.Y")}}
    return {}


def owned_already(sale: Sale) -> Problems:
    """A registered vehicle does not pass to the owner it has (VR-2 registration)."""
    if sale.registration is None or not sale.is_by_owner:
        return {}
    message = _(
        "The vehicle is registered under this applicant already. For changed data take in the sub-service “Update "
        "(correction) of recorded data”."
    )
    return {"found_by": str(message)}


def plates_that_cannot_stay(sale: Sale) -> Problems:
    """Plates stay only where there are some, made for a holder of the new owner's kind.

    A vehicle that comes back takes its own plates back, while they are still stored.
    """
    if not sale.plates_kept:
        return {}
    assignment = on_record.last_plates(sale.vehicle)
    if assignment is None or (sale.registration is None and assignment.plate.state != PlateState.SURRENDERED):
        message = _("There are no plates of this vehicle, on it or in store, that it could keep. Choose new plates.")
        return {"plates_kept": str(message)}
    if not fits(assignment.plate, sale.applicant):
        message = _(
            "Plates of the kind “%(kind)s” cannot stay on a vehicle of this owner. Choose new plates; the old ones are "
            "handed in."
        )
        kind = HolderKind(assignment.plate.format.holder_kind).label
        return {"plates_kept": message % {"kind": kind}}
    return {}


def fits(plate: Plate, holder: Person | Organisation) -> bool:
    """Whether `holder` may have plates of this format."""
    return plate.format.holder_kind in {HolderKind.ANYONE, holder_kind(holder)}
