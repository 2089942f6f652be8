"""What handing in a previous SRTS or previous plates does to the register, or the word that they are lost (VR.8.1f)."""

from __future__ import annotations

from datetime import datetime

from applications.models import Surrender, SurrenderOutcome
from plates.models import Plate, PlateState
from registration.models import CertificateState, RegistrationCertificate


def certificate_taken_in(surrender: Surrender, now: datetime) -> None:
    """An SRTS that is no longer in force and was not handed in is lost: whoever shows it is asked about it."""
    if surrender.outcome == SurrenderOutcome.RETURNED:
        return
    RegistrationCertificate.objects.filter(
        blank__number=surrender.number, state__in=(CertificateState.REPLACED, CertificateState.ENDED)
    ).update(state=CertificateState.LOST, state_changed_at=now)


def plates_taken_in(surrender: Surrender, now: datetime) -> None:
    """Plates that come back leave the vehicle and lie at the office."""
    Plate.objects.filter(number=surrender.number, state=PlateState.ASSIGNED).update(
        state=PlateState.SURRENDERED, state_changed_at=now
    )


TAKEN_IN = {"certificate": certificate_taken_in, "plates": plates_taken_in}


def take_in(surrender: Surrender, now: datetime) -> None:
    """What the surrender of one previous paper does, by the thing it is (VR.8.1f, VR.8.2c)."""
    TAKEN_IN[surrender.thing](surrender, now)
