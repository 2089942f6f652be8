"""VR-4: a vehicle that customs let in for a time is registered for that time, and longer if they allow it (VR.8.1e)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from people.models import Scope
from refusals.wording import in_all
from registration import on_record, problems, temporary
from registration.acts.on_record import previous_papers, record_problems, record_shown, vehicle_on_record
from registration.forms.temporary import ExtensionForm, TemporaryForm
from registration.models import RegistrationCertificate, VehicleDetails
from registration.previous_papers import take_in
from registration.problems import Problems
from registration.results import given
from registration.shown import vehicle_lines
from registration.standard import facts as named
from registration.undoing import undo_registration, undo_transfer
from registration.vehicle_facts import KnownVehicle, known_vehicle


class TemporaryRegistration:
    """The act of VR-4 that registers."""

    effect = Text(
        "The vehicle is registered for the term shown, with plates of temporary registration; an SRTS blank leaves the "
        "stock; the certificate is printed with the term and signed.",
        "Транспортное средство ставится на временный учёт на указанный срок с ГРНЗ временной регистрации; бланк СРТС "
        "списывается со склада; свидетельство печатается со сроком и подписывается.",
        "Көлік құралы көрсетілген мерзімге уақытша тіркеу МТНБ-мен есепке қойылады; КҚТК бланкі қоймадан шығарылады; "
        "куәлік мерзімімен басып шығарылып, қол қойылады.",
    )
    template = "desk/details/temporary.html"
    scope = Scope.REGISTER.value

    def form(self, application: Application, data: Any) -> TemporaryForm:
        return TemporaryForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        return {named.ACT: named.ACT_REGISTRATION, named.TEMPORARILY_IMPORTED: True}

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        return known_vehicle(details)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The term, then the vehicle as customs describe it."""
        vehicle = known_vehicle(application.vehicle_details)
        return [*term_shown(application.vehicle_details), *vehicle_lines(vehicle, {})]

    def registers_answered(self, application: Application) -> None:
        """A visiting vehicle has no passport here: customs tell what it is and how long it may stay."""
        temporary.take_from_customs(application, with_vehicle=True)

    def problems(self, application: Application, facts: Facts) -> Problems:
        return {
            **problems.unregistered_vehicle_problems(application.vehicle_details),
            **temporary.term_problems(application),
        }

    def before_approval(self, application: Application) -> None:
        """Raise DomainError while customs tell nothing, the term is too long, or the vehicle is registered already."""
        vehicle = known_vehicle(application.vehicle_details)
        registration = problems.active_registration(vehicle)
        if registration is not None:
            raise DomainError("vehicle_registered", problems.registered_message(registration), row="VR.9.2")
        temporary.require_term(application, timezone.now())
        if not vehicle.is_complete:
            message = _("The vehicle's data are not known: customs have told nothing of it.")
            raise DomainError("vehicle_unknown", message, row="VR.8.1e")

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """A registration that exists already."""
        registration = problems.active_registration(known_vehicle(application.vehicle_details))
        if registration is None:
            return ()
        return (GroundFound("VR.9.2", in_all(lambda: problems.registered_message(registration))),)

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """Foreign plates and papers are none of this register."""
        return ()

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """Nothing is surrendered at a first temporary registration."""

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5a, VR.8.1e: the registration for a term, with its SRTS and plates."""
        return given(application.plate_number, temporary.register_temporarily(application, now))

    def results(self, application: Application) -> Sequence[Deliverable]:
        certificate = certificate_of(application)
        return given(application.plate_number, certificate) if certificate else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return undo_registration(application, now)


class TemporaryExtension:
    """The act of VR-4 that lets a temporary registration last longer."""

    effect = Text(
        "The temporary registration goes on until the new day, with the same plates; an SRTS blank leaves the stock; "
        "the certificate is printed with the new term and signed.",
        "Временный учёт продлевается до нового срока с прежними ГРНЗ; бланк СРТС списывается со склада; свидетельство "
        "печатается с новым сроком и подписывается.",
        "Уақытша есеп бұрынғы МТНБ-мен жаңа мерзімге ұзартылады; КҚТК бланкі қоймадан шығарылады; куәлік жаңа "
        "мерзіммен басып шығарылып, қол қойылады.",
    )
    template = "desk/details/temporary.html"
    scope = Scope.REGISTER.value

    def form(self, application: Application, data: Any) -> ExtensionForm:
        return ExtensionForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        return {
            named.ACT: named.ACT_EXTENSION,
            named.TEMPORARILY_IMPORTED: True,
            named.PLATES_KEPT: True,
            named.PREVIOUS_PAPERS_EXIST: True,
        }

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        return vehicle_on_record(details)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The new term beside the old one, then the vehicle as the register has it."""
        return [*term_shown(application.vehicle_details), *record_shown(application)]

    def registers_answered(self, application: Application) -> None:
        temporary.take_from_customs(application, with_vehicle=False)

    def problems(self, application: Application, facts: Facts) -> Problems:
        return {**record_problems(application), **self._wrong(application), **temporary.term_problems(application)}

    def _wrong(self, application: Application) -> Problems:
        """Field → why there is nothing to extend for this applicant."""
        details: VehicleDetails = application.vehicle_details
        if details.vehicle is None or details.registration is None:
            return {}
        if not on_record.is_owned_by(on_record.ownership_of(details.vehicle), application.applicant):
            return {"found_by": str(_("The applicant is not the one to whom the vehicle is registered."))}
        until, current = details.valid_until or details.customs_until, details.registration.valid_until
        if until is not None and current is not None and until <= current:
            message = _("The vehicle is registered until %(day)s already; an extension ends later.")
            return {"valid_until": message % {"day": date_format(current, "d.m.Y")}}
        return {}

    def before_approval(self, application: Application) -> None:
        """Raise DomainError when there is nothing to extend, or customs do not allow the term."""
        for message in {**record_problems(application), **self._wrong(application)}.values():
            raise DomainError("not_extendable", message, row="VR.9.2")
        temporary.require_term(application, timezone.now())

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        return ()

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """VR.8.1f: the SRTS with the old term."""
        return previous_papers(application, plates=False)

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        take_in(surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5a, VR.8.1e: the registration for the longer term, with its SRTS."""
        return given("", temporary.extend(application))

    def results(self, application: Application) -> Sequence[Deliverable]:
        return given("", certificate_of(application))

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return undo_transfer(application, now)


def term_shown(details: VehicleDetails) -> list[DetailsView]:
    """The term that is asked for, beside the one on record, and what customs allow."""
    until = details.valid_until or details.customs_until
    current = details.registration.valid_until if details.registration else None
    lines = []
    if until is not None:
        before = date_format(current, "d.m.Y") if current else ""
        lines.append(DetailsView(str(_("Registered until")), date_format(until, "d.m.Y"), before))
    if details.customs_until is not None:
        says = f"№ {details.customs_declaration}, {date_format(details.customs_until, 'd.m.Y')}"
        lines.append(DetailsView(str(_("Customs declaration, its last day")), says))
    return lines


def certificate_of(application: Application) -> RegistrationCertificate | None:
    certificates = RegistrationCertificate.objects.filter(registration__application=application)
    return certificates.select_related("blank").first()
