"""Registration for a limited term (VR.8.1e): how long customs allow it, its effect, and its extension."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application, Check
from registers.contract import Outcome
from registration import blanks
from registration.ending import end_registration
from registration.issuing import Term, refused, register
from registration.models import (
    CertificateState,
    FactsSource,
    PlateAssignment,
    Registration,
    RegistrationCertificate,
    RegistrationKind,
    VehicleDetails,
)
from registration.on_record import take_hold

CUSTOMS_CHECK = "temporary_import"


def customs_check(application: Application) -> Check | None:
    return next((check for check in application.checks.all() if check.code == CUSTOMS_CHECK), None)


@dataclass(frozen=True)
class Declaration:
    """What customs said last of the temporary import: its number, its last day, and the vehicle."""

    number: str
    valid_until: date
    vehicle: dict[str, object]

    @classmethod
    def of(cls, application: Application) -> Declaration | None:
        """The declaration that holds, or None while customs know of none."""
        check = customs_check(application)
        if check is None or check.outcome != Outcome.CLEAR.value:
            return None
        facts = check.facts
        return cls(facts["number"], date.fromisoformat(facts["valid_until"]), facts["vehicle"])


def take_from_customs(application: Application, *, with_vehicle: bool) -> None:
    """Keep with a draft's details what customs say now; a declaration that no longer holds takes its facts with it."""
    details: VehicleDetails = application.vehicle_details
    declaration = Declaration.of(application)
    kept = (details.customs_declaration, details.customs_until, details.vehicle_facts, details.facts_source)
    check = customs_check(application)
    if declaration is not None:
        details.customs_declaration, details.customs_until = declaration.number, declaration.valid_until
        if with_vehicle:
            details.vehicle_facts, details.facts_source = declaration.vehicle, FactsSource.CUSTOMS.value
    elif check is not None and check.outcome == Outcome.HIT.value:
        details.customs_until, details.vehicle_facts, details.facts_source = None, {}, FactsSource.NONE.value
    if kept != (details.customs_declaration, details.customs_until, details.vehicle_facts, details.facts_source):
        details.save(update_fields=["customs_declaration", "customs_until", "vehicle_facts", "facts_source"])


def term_problems(application: Application) -> dict[str, str]:
    """Field → what is wrong with the term: customs have not answered, or do not allow it so long."""
    details: VehicleDetails = application.vehicle_details
    check = customs_check(application)
    if check is not None and check.outcome in {"", Outcome.UNAVAILABLE.value} and details.customs_until is None:
        message = _("Customs have not answered yet. The draft is kept; they are asked again by themselves.")
        return {CUSTOMS_CHECK: str(message)}
    if details.customs_until is None or details.valid_until is None:
        return {}
    if details.valid_until > details.customs_until:
        return {"valid_until": too_long(details.customs_until)}
    return {}


def too_long(customs_until: date) -> str:
    message = _("Customs allow the vehicle to stay until %(day)s; a registration cannot last longer (VR.8.1e).")
    return message % {"day": date_format(customs_until, "d.m.Y")}


def require_term(application: Application, now: datetime) -> None:
    """Raise DomainError "term_too_long", or as `term_of` does, unless customs' last answer allows the term."""
    declaration = Declaration.of(application)
    if declaration is None:
        raise customs_unknown()
    term = term_of(application, now)
    if term.valid_until > declaration.valid_until:
        raise DomainError("term_too_long", too_long(declaration.valid_until), row="VR.8.1e")


def customs_unknown() -> DomainError:
    message = _("Customs know of no declaration in force, so there is no term to register the vehicle for.")
    return DomainError("customs_unknown", message, row="VR.8.1e")


def term_of(application: Application, now: datetime) -> Term:
    """The term to register for, as the details keep it; an approval has compared it with customs' answer.

    No query. Raises DomainError "customs_unknown", "term_too_long" or "term_over".
    """
    details: VehicleDetails = application.vehicle_details
    if details.customs_until is None:
        raise customs_unknown()
    until = details.valid_until or details.customs_until
    if until > details.customs_until:
        raise DomainError("term_too_long", too_long(details.customs_until), row="VR.8.1e")
    if until < timezone.localdate(now):
        raise DomainError("term_over", _("The term that was asked for is over."), row="VR.8.1e")
    return Term(valid_until=until, customs_until=details.customs_until)


def register_temporarily(application: Application, now: datetime) -> RegistrationCertificate:
    """The effect of VR-4, inside the caller's transaction; raises DomainError as `term_of` and `register` do."""
    return register(application, now, term=term_of(application, now))


def extend(application: Application) -> RegistrationCertificate:
    """The vehicle stays under the same owner and plates for another term, with a new SRTS.

    Raises DomainError "registration_ended", as `term_of` does, or for an empty stock of blanks.
    """
    details: VehicleDetails = application.vehicle_details
    vehicle, now = take_hold(details)
    term = term_of(application, now)
    if details.registration_id is None or vehicle is None:
        raise DomainError("vehicle_unknown", _("The application names no vehicle on record."), row="VR.9.1")
    try:
        ended = end_registration(
            details.registration_id,
            application=application,
            certificate_state=CertificateState.REPLACED,
            ends_ownership=False,
            now=now,
        )
        registration = Registration.objects.create(
            vehicle=vehicle,
            office=application.office,
            application=application,
            kind=RegistrationKind.TEMPORARY,
            registered_at=now,
            valid_until=term.valid_until,
            customs_until=term.customs_until,
        )
        if ended.plate is not None:
            PlateAssignment.objects.create(plate_id=ended.plate, registration=registration, assigned_at=now)
        blank = blanks.allocate(office=application.office)
        return RegistrationCertificate.objects.create(
            blank=blank, registration=registration, issued_at=now, state_changed_at=now
        )
    except IntegrityError as error:
        raise refused(error) from error
