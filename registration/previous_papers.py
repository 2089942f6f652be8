"""What handing in a previous SRTS or previous plates does to the register, or the word that they are lost (VR.8.1f)."""

from __future__ import annotations

from datetime import datetime

from applications.acting import Actor
from applications.models import Surrender, SurrenderOutcome
from plates import movements
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
    """Plates that come back are stored; those that do not are lost or on the list of stolen ones."""
    plate = Plate.objects.filter(number=surrender.number, state=PlateState.ASSIGNED).first()
    if plate is None:
        return
    actor, application = Actor.of(surrender.recorded_by), surrender.application
    if surrender.outcome == SurrenderOutcome.RETURNED:
        movements.surrendered(plate, actor=actor, now=now, application=application)
        return
    is_stolen = surrender.outcome == SurrenderOutcome.STOLEN
    movements.lost(
        plate, actor=actor, now=now, application=application, is_stolen=is_stolen, explanation=surrender.explanation
    )


TAKEN_IN = {"certificate": certificate_taken_in, "plates": plates_taken_in}


def take_in(surrender: Surrender, now: datetime) -> None:
    """What the surrender of one previous paper does, by the thing it is (VR.8.1f, VR.8.2c)."""
    TAKEN_IN[surrender.thing](surrender, now)
