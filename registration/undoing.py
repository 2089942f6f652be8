"""Taking a registration back when its decision is withdrawn: what it entered ends, what it ended stands again.

Nothing is erased: the register goes on to tell that the vehicle was registered between the two instants.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from applications.acting import Actor
from applications.errors import cannot_be_undone
from applications.models import Application, Paper, PaperStanding
from applications.standards import Text
from applications.states import EFFECTIVE_STATES, State
from plates import movements
from plates.models import Plate, PlateState
from registration.ending import CERTIFICATE_PAPERS
from registration.models import (
    CertificateState,
    Ownership,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    VehicleDetails,
)

REGISTRATION_ENDED = Text(
    "The registration of the vehicle is ended.",
    "Регистрация транспортного средства прекращена.",
    "Көлік құралын тіркеу тоқтатылды.",
)
OWNERSHIP_ENDED = Text(
    "The ownership entered by this application is ended.",
    "Право собственности, внесённое по этому заявлению, прекращено.",
    "Осы өтініш бойынша енгізілген меншік құқығы тоқтатылды.",
)
OWNERSHIP_REOPENED = Text(
    "The previous owner is on record again.",
    "В реестре восстановлен прежний собственник.",
    "Тізілімде бұрынғы меншік иесі қалпына келтірілді.",
)

REGISTRATION_REOPENED = Text(
    "The earlier registration of the vehicle holds again.",
    "Прежняя регистрация транспортного средства снова действует.",
    "Көлік құралының бұрынғы тіркеуі қайта күшіне енді.",
)
CERTIFICATE_MISSING = Text(
    "The earlier SRTS is not there any more; a new one is issued under “Update of recorded data”.",
    "Прежнего СРТС больше нет; новое выдаётся по подуслуге «Актуализация сведений».",
    "Бұрынғы КҚТК енді жоқ; жаңасы «Мәліметтерді өзектендіру» кіші қызметі бойынша беріледі.",
)
PLATES_MISSING = Text(
    "The earlier plates are not there any more; new ones are issued under “Update of recorded data”.",
    "Прежних ГРНЗ больше нет; новые выдаются по подуслуге «Актуализация сведений».",
    "Бұрынғы МТНБ енді жоқ; жаңалары «Мәліметтерді өзектендіру» кіші қызметі бойынша беріледі.",
)


def undo_registration(application: Application, now: datetime) -> Sequence[Text]:
    """End the registration that the application made, its ownership, SRTS and plates; returns what was undone.

    Raises DomainError "cannot_be_undone" that names what rests on the registration.
    """
    registration = (
        Registration.objects.select_for_update(of=("self",)).select_related("vehicle").get(application=application)
    )
    require_nothing_later(application)
    require_active(registration)
    registration.ended_at = now
    registration.save(update_fields=["ended_at"])
    return [
        REGISTRATION_ENDED,
        *end_ownership(application, registration.vehicle_id, now),
        *revoke_certificates(registration, now),
        *take_plates_off(registration, application, now),
    ]


def undo_transfer(application: Application, now: datetime) -> Sequence[Text]:
    """End the registration that a VR-2 made; the one it ended holds again, with its owner, SRTS and plates.

    Raises DomainError "cannot_be_undone" that names what rests on the registration.
    """
    details: VehicleDetails = application.vehicle_details
    registration = (
        Registration.objects.select_for_update(of=("self",)).select_related("vehicle").get(application=application)
    )
    require_nothing_later(application)
    require_active(registration)
    registration.ended_at = now
    registration.save(update_fields=["ended_at"])
    undone = [
        REGISTRATION_ENDED,
        *end_ownership(application, registration.vehicle_id, now),
        *revoke_certificates(registration, now),
    ]
    if details.plates_kept and details.registration_id is not None:
        registration.plate_assignments.filter(ended_at__isnull=True).update(ended_at=now)
    else:
        undone += take_plates_off(registration, application, now)
    return [*undone, *reopen_ended_by(application, now)]


def undo_deregistration(application: Application, now: datetime) -> Sequence[Text]:
    """Put the vehicle back on the record; raises DomainError "cannot_be_undone" when it was registered anew."""
    details: VehicleDetails = application.vehicle_details
    require_nothing_later(application)
    return [*end_ownership(application, details.vehicle_id, now), *reopen_ended_by(application, now)]


def reopen_ended_by(application: Application, now: datetime) -> Sequence[Text]:
    """The registration that the application ended holds again, with its SRTS and plates as far as they are still there.

    Raises DomainError "cannot_be_undone" when the vehicle stands under another registration meanwhile.
    """
    ended = Registration.objects.select_for_update(of=("self",)).filter(ended_by=application).first()
    if ended is None or ended.ended_at is None:
        return ()
    if Registration.objects.filter(vehicle=ended.vehicle_id, ended_at__isnull=True).exists():
        raise cannot_be_undone(_("The vehicle was registered anew since then. Withdraw that decision first."))
    then, ended.ended_at, ended.ended_by = ended.ended_at, None, None
    ended.save(update_fields=["ended_at", "ended_by"])
    return [REGISTRATION_REOPENED, *restore_certificate(ended, then, now), *put_plates_back(ended, then, now)]


def restore_certificate(registration: Registration, ended_at: datetime, now: datetime) -> Sequence[Text]:
    """The SRTS that lost its force at `ended_at` is valid again, unless it was declared lost since."""
    certificate = registration.certificates.select_related("blank").first()
    if certificate is None or certificate.state not in {CertificateState.REPLACED, CertificateState.ENDED}:
        return (CERTIFICATE_MISSING,)
    certificate.restore()
    certificate.state_changed_at = now
    certificate.save(update_fields=["state", "state_changed_at"])
    printed = Paper.objects.filter(kind__in=CERTIFICATE_PAPERS, standing_changed_at=ended_at).filter(
        Q(application=registration.application_id) | Q(application__vehicle_details__registration=registration)
    )
    printed.update(standing=PaperStanding.VALID, standing_changed_at=now)
    number = certificate.number
    return [
        Text(
            f"SRTS {number} is in force again.",
            f"СРТС {number} снова действует.",
            f"{number} КҚТК қайта күшіне енді.",
        )
    ]


def put_plates_back(registration: Registration, ended_at: datetime, now: datetime) -> Sequence[Text]:
    """The plates that came off at `ended_at` are on the vehicle again, if they are still there and free."""
    assignments = registration.plate_assignments.filter(ended_at=ended_at).select_related("plate")
    assignment = assignments.first()
    if assignment is None:
        return ()
    plate: Plate = assignment.plate
    is_taken = plate.assignments.filter(ended_at__isnull=True).exists()
    if is_taken or plate.state not in {PlateState.ASSIGNED, PlateState.SURRENDERED}:
        return (PLATES_MISSING,)
    if plate.state == PlateState.SURRENDERED:
        movements.given_back(plate, actor=Actor.automatic(), now=now)
    assignment.ended_at = None
    assignment.save(update_fields=["ended_at"])
    return [
        Text(
            f"Plates {plate.number} are on the vehicle again.",
            f"ГРНЗ {plate.number} снова числятся за транспортным средством.",
            f"{plate.number} МТНБ көлік құралына қайта тіркелді.",
        )
    ]


def require_nothing_later(application: Application) -> None:
    """Raise DomainError "cannot_be_undone" when a later decision about the vehicle or its plates stands."""
    about_the_same = Q(subject=application.subject)
    if application.plate_number:
        about_the_same |= Q(plate_number=application.plate_number)
    later = (
        Application.objects.filter(about_the_same, state__in=[State.APPROVED, *EFFECTIVE_STATES])
        .filter(decided_at__gt=application.decided_at)
        .exclude(pk=application.pk)
        .order_by("decided_at")
    )
    numbers = list(later.values_list("number", flat=True)[:5])
    if numbers:
        message = _("Later decisions rest on it: %(numbers)s. Withdraw them first, the last one at the beginning.")
        raise cannot_be_undone(message % {"numbers": ", ".join(numbers)})


def require_active(registration: Registration) -> None:
    """Raise DomainError "cannot_be_undone" when the registration has been ended already."""
    if registration.ended_at is not None:
        message = _("The registration was ended on %(day)s; there is nothing left to take back.")
        raise cannot_be_undone(message % {"day": f"{registration.ended_at:%d.%m.%Y}"})


def end_ownership(application: Application, vehicle_id: int | None, now: datetime) -> Sequence[Text]:
    """End the ownership that the application entered; the owner whose period it cut off owns the vehicle again."""
    ownerships = list(Ownership.objects.filter(vehicle=vehicle_id))
    entered = next(
        (item for item in ownerships if item.application_id == application.pk and not item.period.upper), None
    )
    if entered is None:
        return ()
    began = entered.period.lower
    entered.period = TimestamptzRange(began, now)
    entered.save(update_fields=["period"])
    previous = next((item for item in ownerships if item.period.upper == began), None)
    if previous is None:
        return (OWNERSHIP_ENDED,)
    Ownership.objects.create(
        vehicle_id=entered.vehicle_id,
        owner_person_id=previous.owner_person_id,
        owner_organisation_id=previous.owner_organisation_id,
        period=TimestamptzRange(now, None),
        application_id=previous.application_id,
    )
    return (OWNERSHIP_ENDED, OWNERSHIP_REOPENED)


def revoke_certificates(registration: Registration, now: datetime) -> Sequence[Text]:
    """Declare the valid SRTS of the registration void."""
    certificates = registration.certificates.filter(state=CertificateState.VALID).select_related("blank")
    return [revoke_certificate(certificate, now) for certificate in certificates]


def revoke_certificate(certificate: RegistrationCertificate, now: datetime) -> Text:
    certificate.revoke()
    certificate.state_changed_at = now
    certificate.save(update_fields=["state", "state_changed_at"])
    number = certificate.number
    return Text(
        f"SRTS {number} is declared void.",
        f"СРТС {number} признано недействительным.",
        f"{number} КҚТК жарамсыз деп танылды.",
    )


def take_plates_off(registration: Registration, application: Application, now: datetime) -> Sequence[Text]:
    """End the assignment of the plates. Those that were handed over stay out in the stock's books until they return."""
    assignments = PlateAssignment.objects.filter(registration=registration, ended_at__isnull=True)
    return [take_plate_off(item, application, now) for item in assignments.select_related("plate")]


def take_plate_off(assignment: PlateAssignment, application: Application, now: datetime) -> Text:
    assignment.ended_at = now
    assignment.save(update_fields=["ended_at"])
    plate: Plate = assignment.plate
    if application.handed_over_at is None and plate.state == PlateState.ASSIGNED:
        movements.surrendered(plate, actor=Actor.automatic(), now=now, application=application)
    return Text(
        f"Plates {plate.number} are taken off the vehicle.",
        f"ГРНЗ {plate.number} сняты с транспортного средства.",
        f"{plate.number} МТНБ көлік құралынан алынды.",
    )
