"""What speaks against a duplicate: the plate is not the applicant's, not on its vehicle, or stolen (PD.8.2, PD.9.2)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application, SurrenderOutcome
from fees import charging
from plates.duplicates.forms import NO_PLATES, NOT_ON_THE_VEHICLE, NOT_THE_HOLDERS, STOLEN_NUMBER
from plates.duplicates.models import DuplicateDetails
from plates.holdings import holding_of, plates_of
from plates.models import Plate, PlateState

# The annex knows no ground of its own for a plate that is not the applicant's: the Rules are broken.
ROW = "PD.9.2"


def plate_problems(application: Application) -> dict[str, str]:
    """Field → what is wrong with the plate of a draft; empty when a duplicate of it can be asked for."""
    details: DuplicateDetails = application.duplicate_details
    if details.plate is None:
        if not plates_of(application.applicant, 1):
            return {"plate": str(NO_PLATES)}
        return {"plate": str(_("Choose which of the applicant's own plates is duplicated (PD.8.2)."))}
    if not details.reason:
        return {"reason": str(_("Say what happened to the plate."))}
    reason = what_bars(application, details.plate)
    return {"plate": str(reason)} if reason else {}


def money_problems(application: Application) -> dict[str, str]:
    """Charges that wait for a rate nobody has entered yet (PD.6)."""
    blocked = [line.blocked_by for line in charging.charge_lines(application) if line.blocked_by]
    return {"payment": " ".join(blocked)} if blocked else {}


def what_bars(application: Application, plate: Plate) -> str | Promise | None:
    """Why no duplicate of `plate` is made for the applicant, as things stand now; None when nothing bars it."""
    is_stolen = plate.state == PlateState.STOLEN
    if is_stolen or application.surrenders.filter(outcome=SurrenderOutcome.STOLEN).exists():
        return STOLEN_NUMBER
    holding = holding_of(application.applicant, plate.number)
    if holding is None:
        return NOT_THE_HOLDERS
    return None if holding.plate.state == PlateState.ASSIGNED else NOT_ON_THE_VEHICLE


def require_own_plate(application: Application) -> Plate:
    """The plate of the application. Raises DomainError "plates.not_duplicable" with PD.9.2 when something bars it."""
    details: DuplicateDetails = application.duplicate_details
    if details.plate is None:
        raise DomainError("plates.not_duplicable", _("No plate is chosen."), row=ROW)
    reason = what_bars(application, details.plate)
    if reason is not None:
        raise DomainError("plates.not_duplicable", str(reason), row=ROW)
    return details.plate
