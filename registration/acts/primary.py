"""VR-1: a vehicle is entered in the register for the first time, with its SRTS and plates (rows VR.5a, VR.8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from people.models import Scope
from refusals.wording import in_all
from registration import issuing, problems, undoing
from registration.forms.primary import PrimaryRegistrationForm
from registration.models import FactsSource, RegistrationCertificate, VehicleDetails
from registration.results import given
from registration.shown import vehicle_lines
from registration.standard import facts as named
from registration.vehicle_facts import KnownVehicle, known_vehicle, passport_check, take_from_register


class PrimaryRegistration:
    """The act of VR-1."""

    effect = Text(
        "The vehicle is entered in the register under this owner, with the next plate of the stock; an SRTS blank "
        "leaves the stock; the certificate is printed and signed.",
        "Транспортное средство вносится в реестр за этим владельцем со следующим ГРНЗ со склада; бланк СРТС "
        "списывается со склада; свидетельство печатается и подписывается.",
        "Көлік құралы тізілімге осы иесіне қоймадағы келесі МТНБ-мен енгізіледі; КҚТК бланкі қоймадан шығарылады; "
        "куәлік басып шығарылып, қол қойылады.",
    )
    template = "desk/details/registration.html"
    scope = Scope.REGISTER.value

    def form(self, application: Application, data: Any) -> PrimaryRegistrationForm:
        return PrimaryRegistrationForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        details: VehicleDetails = application.vehicle_details
        return {
            named.PREVIOUS_OWNER_IS_ORGANISATION: details.previous_owner_is_organisation,
            named.ALTERED_CONSTRUCTION: details.altered_construction,
            named.ELECTRONIC_PASSPORT_EXISTS: details.facts_source == FactsSource.REGISTER,
        }

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        return known_vehicle(details)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The vehicle line by line, with the passport's own value where it differs from what was entered."""
        check = passport_check(application)
        registered = (check.facts.get("vehicle") or {}) if check is not None else {}
        return vehicle_lines(known_vehicle(application.vehicle_details), registered)

    def registers_answered(self, application: Application) -> None:
        """The vehicle's data come from its electronic passport, never from a keyboard (VR.8.1d)."""
        take_from_register(application)

    def problems(self, application: Application, facts: Facts) -> problems.Problems:
        details: VehicleDetails = application.vehicle_details
        return {
            **problems.unregistered_vehicle_problems(details),
            **problems.passport_problems(application, details, facts),
        }

    def before_approval(self, application: Application) -> None:
        """Raise DomainError while the vehicle is not known, or is registered already (VR.8.1d, VR.9.2)."""
        vehicle = known_vehicle(application.vehicle_details)
        if not vehicle.is_complete:
            message = _("The vehicle's data are not known: there is no valid passport of the vehicle.")
            raise DomainError("vehicle_unknown", message, row="VR.8.1d")
        registration = problems.active_registration(vehicle)
        if registration is not None:
            raise DomainError("vehicle_registered", problems.registered_message(registration), row="VR.9.2")

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """A registration that exists already."""
        registration = problems.active_registration(known_vehicle(application.vehicle_details))
        if registration is None:
            return ()
        return (GroundFound("VR.9.2", in_all(lambda: problems.registered_message(registration))),)

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """A vehicle registered for the first time has no previous papers."""
        return ()

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """Nothing is surrendered at a primary registration."""

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5a: the registration with its SRTS and plates."""
        return given(application.plate_number, issuing.register(application, now))

    def results(self, application: Application) -> Sequence[Deliverable]:
        certificates = RegistrationCertificate.objects.filter(registration__application=application)
        certificate = certificates.select_related("blank").first()
        return given(application.plate_number, certificate) if certificate else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        """The registration ends with everything it brought (registration.undoing)."""
        return undoing.undo_registration(application, now)
