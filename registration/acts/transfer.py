"""VR-2 registration: a vehicle on record passes to a new owner, or one off the record comes back (VR.5a, VR.8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from people.models import Scope
from registration import sale, transferring
from registration.acts.on_record import (
    bar,
    grounds_of,
    previous_papers,
    record_problems,
    record_shown,
    sale_shown,
    vehicle_on_record,
)
from registration.co_owners import CO_OWNERS, co_owner_problems, is_asked
from registration.forms.transfer import TransferForm
from registration.models import RegistrationCertificate, VehicleDetails
from registration.previous_papers import take_in
from registration.problems import Problems
from registration.results import given
from registration.standard import OwnershipProof
from registration.standard import facts as named
from registration.undoing import undo_transfer
from registration.vehicle_facts import KnownVehicle


class Transfer:
    """The act of VR-2 that registers."""

    effect = Text(
        "The vehicle is registered under the new owner and the previous owner's registration, SRTS and ownership end "
        "at the same instant; the plates stay or are replaced, as applied for; a new SRTS is printed and signed.",
        "Транспортное средство регистрируется за новым владельцем; регистрация, СРТС и право прежнего владельца "
        "прекращаются в тот же момент; ГРНЗ остаются или заменяются, как указано в заявлении; новое СРТС печатается "
        "и подписывается.",
        "Көлік құралы жаңа иесіне тіркеледі; бұрынғы иесінің тіркеуі, КҚТК-сі және құқығы сол сәтте тоқтатылады; МТНБ "
        "өтініште көрсетілгендей қалады немесе ауыстырылады; жаңа КҚТК басып шығарылып, қол қойылады.",
    )
    template = "desk/details/transfer.html"
    scope = Scope.REGISTER.value

    def form(self, application: Application, data: Any) -> TransferForm:
        return TransferForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        """What the standard asks of; everything about the previous owner and papers is the register's word."""
        details: VehicleDetails = application.vehicle_details
        return {
            named.ACT: details.act,
            named.PREVIOUS_PAPERS_EXIST: details.registration_id is not None,
            named.PREVIOUS_OWNER_IS_ORGANISATION: details.previous_owner_is_organisation,
            named.ALTERED_CONSTRUCTION: details.altered_construction,
            named.PLATES_KEPT: details.plates_kept,
        }

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        return vehicle_on_record(details)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """The sale as it was typed, and the vehicle as the register has it."""
        details: VehicleDetails = application.vehicle_details
        if details.vehicle is None:
            return ()
        kept = _("the plates stay on the vehicle") if details.plates_kept else _("new plates are issued")
        lines = [*sale_shown(details), DetailsView(str(_("What happens to the plates")), str(kept))]
        return [*lines, *record_shown(application)]

    def registers_answered(self, application: Application) -> None:
        """The vehicle's data are the register's own; no answer changes them."""

    def problems(self, application: Application, facts: Facts) -> Problems:
        """Field → what keeps the draft from being accepted."""
        return {**record_problems(application), **_against(application, is_draft=True)}

    def before_approval(self, application: Application) -> None:
        """Raise DomainError when the register has changed, or the sale contradicts it (VR.9.1, VR.9.2)."""
        bar("VR.9.2", "vehicle_changed", record_problems(application))
        bar("VR.9.1", "sale_contradicts_the_register", _against(application))

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        """A changed registration (VR.9.2), a sale that contradicts the register (VR.9.1)."""
        return [
            *grounds_of("VR.9.2", lambda: record_problems(application)),
            *grounds_of("VR.9.1", lambda: _against(application)),
        ]

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """VR.8.1f: the previous SRTS always, the previous plates unless they stay."""
        details: VehicleDetails = application.vehicle_details
        return previous_papers(application, plates=not details.plates_kept)

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        take_in(surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        """LAW-O1: previous and new owner sign the sale; the previous one answers about co-owners."""
        details: VehicleDetails = application.vehicle_details
        if details.ownership_proof != OwnershipProof.BOTH_SIGNATURES or not details.seller_identifier:
            return frozenset()
        both = frozenset({details.seller_identifier, application.applicant.identifier})
        asked = {"ownership_proof": both, CO_OWNERS: frozenset({details.seller_identifier})}
        return asked.get(requirement, frozenset())

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.5a: the new registration with its SRTS, and the plates if they are new."""
        certificate = transferring.transfer(application)
        return _results(application, certificate)

    def results(self, application: Application) -> Sequence[Deliverable]:
        certificates = RegistrationCertificate.objects.filter(registration__application=application)
        certificate = certificates.select_related("blank").first()
        return _results(application, certificate) if certificate else ()

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        return undo_transfer(application, now)


def _results(application: Application, certificate: RegistrationCertificate) -> Sequence[Deliverable]:
    details: VehicleDetails = application.vehicle_details
    # Plates that stay on their vehicle are not given; those taken back out of the store are.
    has_stayed = details.plates_kept and details.registration_id is not None
    return given("" if has_stayed else application.plate_number, certificate)


def _against(application: Application, *, is_draft: bool = False) -> Problems:
    """What the register or a co-owner says against the sale. Whether plates fit the new owner, the form has judged.

    Once accepted, a sale of a registered vehicle is asked no more: whose it is, its registration tells, and that one
    still stands (`record_problems`). The owner of a vehicle off the record may have changed.
    """
    details: VehicleDetails = application.vehicle_details
    contract = sale.Sale.of(application)
    if contract is None or (not is_draft and details.registration_id is not None):
        return {}
    owned = sale.owned_already(contract)
    if owned:
        return owned
    return {
        **(sale.missing(contract) if is_draft else {}),
        **sale.wrong(contract),
        **(co_owner_problems(application) if is_asked(application.vehicle_details) else {}),
    }
