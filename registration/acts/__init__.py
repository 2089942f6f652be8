"""The acts of VR, by sub-service. Each is one module; the service finds the act of an application here."""

from __future__ import annotations

from applications.models import Application
from registration.acts.act import Act
from registration.acts.deregistration import Deregistration
from registration.acts.primary import PrimaryRegistration
from registration.acts.temporary import TemporaryExtension, TemporaryRegistration
from registration.acts.transfer import Transfer
from registration.acts.update import DataUpdate
from registration.models import VehicleDetails
from registration.standard import facts as named
from registration.vehicle_facts import KnownVehicle

__all__ = ["OFFERED", "Act", "act_of", "vehicle_of"]

# By sub-service and act: VR-2 and VR-4 are two acts each, everything else is a registration.
ACTS: dict[tuple[str, str], Act] = {
    (named.PRIMARY, named.ACT_REGISTRATION): PrimaryRegistration(),
    (named.REGISTRATION, named.ACT_REGISTRATION): Transfer(),
    (named.REGISTRATION, named.ACT_DEREGISTRATION): Deregistration(),
    (named.UPDATE, named.ACT_REGISTRATION): DataUpdate(),
    (named.TEMPORARY, named.ACT_REGISTRATION): TemporaryRegistration(),
    (named.TEMPORARY, named.ACT_EXTENSION): TemporaryExtension(),
    (named.TEMPORARY, named.ACT_DEREGISTRATION): Deregistration(),
}
# The sub-services that intake offers, in the order of the standard.
OFFERED = tuple(sorted({subservice for subservice, _act in ACTS}))


def act_of(application: Application, asked: str = "") -> Act:
    """The act that the application asks for, or the one it is being changed to where `asked` names one.

    Raises KeyError for a sub-service that is not on the road.
    """
    details: VehicleDetails = application.vehicle_details
    return ACTS.get((application.subservice, asked)) or ACTS[application.subservice, details.act]


def vehicle_of(application: Application) -> KnownVehicle:
    """The vehicle that the application is about, as far as it is known."""
    details: VehicleDetails = application.vehicle_details
    return act_of(application).vehicle(details)
