"""Choosing the number that the vehicle will carry, while the application is a draft at the front desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record
from applications.checking import refresh
from applications.errors import DomainError
from applications.intake import require_draft, require_front_desk
from applications.models import Application
from applications.services import facts_of
from applications.states import State
from plates import choosing
from plates.choosing import Offer
from plates.models import HolderKind, Plate, VehicleKind
from plates.stock import holder_kind
from registration.acts import vehicle_of
from registration.models import PlateChoice, Vehicle, VehicleDetails
from registration.standard import facts


def may_choose(application: Application) -> bool:
    """Whether the application gets plates whose number can be chosen.

    A temporary registration has plates of its own kind, and takes them as they come.
    """
    chooses = application.subservice in facts.REGISTERING - {facts.TEMPORARY}
    return chooses and facts.WHEN_NEW_PLATES.holds(facts_of(application))


def takes_plates(application: Application) -> bool:
    """Whether a number can be chosen now: the vehicle, and so the kind of its plates, is known."""
    return may_choose(application) and bool(vehicle_of(application).category)


def chooses(application: Application) -> bool:
    """Whether the applicant can choose a number now; asks the database nothing that `Service.related` names."""
    return application.state == State.DRAFT and takes_plates(application)


def look_ahead(applications: Sequence[Application]) -> None:
    """Read what `chooses` looks at for all of them: one query where there are drafts, none otherwise."""
    drafts = [application for application in applications if application.state == State.DRAFT]
    details = VehicleDetails.objects.select_related("vehicle", "registration")
    prefetch_related_objects(drafts, Prefetch("vehicle_details", details))


def require_choice(application: Application) -> None:
    """Raise DomainError "illegal_move" unless it is a draft, "plates.no_choice" unless a number can be chosen now."""
    require_draft(application)
    if not takes_plates(application):
        message = _("Numbers can be chosen once the vehicle is known and new plates are asked for.")
        raise DomainError("plates.no_choice", message)


def kinds(application: Application) -> tuple[HolderKind, VehicleKind]:
    """Whose plates and for what; the vehicle's category decides."""
    vehicle = Vehicle(category=vehicle_of(application).category)
    return holder_kind(application.applicant), vehicle.kind


def free_numbers(application: Application, pattern: str, now: datetime) -> list[Offer]:
    """What can be chosen for this application, with prices.

    Raises as require_choice and plates.choosing.free_numbers do.
    """
    require_choice(application)
    holder, vehicle = kinds(application)
    return choosing.free_numbers(application.office, holder, vehicle, pattern=pattern, now=now)


@transaction.atomic
def choose(*, actor: Actor, number: str, plate: str, now: datetime) -> Plate:
    """Hold `plate` for the draft and charge its duty (VR.6a).

    Raises DomainError "plates.taken", "plates.other_kind", and as require_choice does.
    """
    application = _choosing(actor, number)
    holder, vehicle = kinds(application)
    held = choosing.hold(application, plate, holder, vehicle, actor=actor, now=now)
    _keep(application, PlateChoice.CHOSEN, now)
    record(application, actor, "plate_chosen", now, {"plate": held.number})
    return held


@transaction.atomic
def take_next(*, actor: Actor, number: str, now: datetime) -> None:
    """Give the chosen number up: the application gets the next plate of the stock, at the ordinary duty.

    Raises as require_choice does.
    """
    application = _choosing(actor, number)
    current = choosing.held(application)
    if current is not None:
        choosing.give_up(current, actor=actor, now=now)
    _keep(application, PlateChoice.NEXT, now)
    record(application, actor, "plate_given_up", now, {"plate": current.plate.number if current else ""})


def let_go(application: Application, now: datetime) -> None:
    """Free the number of a draft that gets no new plates any more: the old ones stay, or the vehicle leaves the record.

    Otherwise the number would wait for its hold to run out, or for ever once its duty is paid.
    """
    details: VehicleDetails = application.vehicle_details
    if details.plate_choice != PlateChoice.CHOSEN or may_choose(application):
        return
    current = choosing.held(application)
    if current is not None:
        choosing.give_up(current, actor=Actor.automatic(), now=now)
    details.plate_choice = PlateChoice.NEXT.value
    details.save(update_fields=["plate_choice"])
    told = {"plate": current.plate.number if current else ""}
    record(application, Actor.automatic(), "plate_given_up", now, told)


def _choosing(actor: Actor, number: str) -> Application:
    require_front_desk(actor)
    application = lock(number=number, actor=actor)
    require_choice(application)
    return application


def _keep(application: Application, choice: PlateChoice, now: datetime) -> None:
    details: VehicleDetails = application.vehicle_details
    details.plate_choice = choice.value
    details.save(update_fields=["plate_choice"])
    refresh(application, now)
