"""The effect of a deregistration (VR.5b): the registration ends with its SRTS and its hold on the plates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from registration.ending import Ended, end_registration
from registration.issuing import own
from registration.models import CertificateState, VehicleDetails
from registration.on_record import take_hold
from registration.sale import Sale


def deregister(application: Application) -> Ended:
    """Enter that the vehicle is off the record, inside the caller's transaction.

    The registered owner stays its owner; whoever bought it since becomes the owner at the same instant. Raises
    DomainError "registration_ended" when another act ended the registration first.
    """
    details: VehicleDetails = application.vehicle_details
    _vehicle, now = take_hold(details)
    contract = Sale.of(application)
    if contract is None or details.registration_id is None:
        raise DomainError("vehicle_unknown", _("The application names no vehicle on record."), row="VR.9.1")
    passes_on = not contract.is_by_owner
    ended = end_registration(
        details.registration_id,
        application=application,
        certificate_state=CertificateState.ENDED,
        ends_ownership=passes_on,
        now=now,
    )
    if passes_on:
        own(contract.vehicle, application, now)
    return ended
