"""VR-3: recorded data are updated or corrected (rows VR.6d, VR.8.1f, VR.8.1h, VR.8.1i, VR.8.1j)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.lookup import keep_organisation, keep_person
from applications.models import Application, Surrender
from applications.services import Deliverable, DetailsView, GroundFound, Surrenderable
from applications.standards import Facts, Text
from people.models import Scope
from registers.contract import Outcome
from registration import on_record, problems, updating
from registration.changes import (
    before_and_after,
    certificate_given,
    certificate_line,
    changed,
    changed_fields,
    of_owner,
    replaces_certificate,
)
from registration.forms.update import UpdateForm
from registration.models import VehicleChange, VehicleDetails
from registration.previous_papers import take_in
from registration.results import CERTIFICATE, PLATES, given
from registration.standard import facts as named
from registration.standard import updating as rules
from registration.standard.updating import BY_CODE, UpdateReason
from registration.undoing_update import undo_update
from registration.vehicle_facts import KnownVehicle

PREVIOUS = "previous_papers"


class DataUpdate:
    """The act of VR-3."""

    effect = Text(
        "The register takes the new data, the earlier ones stay in its history; where the SRTS is replaced, a blank "
        "leaves the stock and the new certificate is printed and signed.",
        "В реестр вносятся новые сведения, прежние остаются в истории; если СРТС заменяется, бланк списывается со "
        "склада, новое свидетельство печатается и подписывается.",
        "Тізілімге жаңа мәліметтер енгізіледі, бұрынғылары тарихта қалады; КҚТК ауыстырылса, бланк қоймадан "
        "шығарылады, жаңа куәлік басып шығарылып, қол қойылады.",
    )
    template = "desk/details/update.html"
    scope = Scope.UPDATE.value

    def form(self, application: Application, data: Any) -> UpdateForm:
        return UpdateForm(application, data)

    def named_facts(self, application: Application) -> dict[str, object]:
        details: VehicleDetails = application.vehicle_details
        is_replaced = replaces_certificate(details)
        shown = changed_fields(details) & rules.ON_CERTIFICATE
        return {
            named.CERTIFICATE_REPLACED: is_replaced,
            named.CERTIFICATE_DUPLICATED: is_replaced and not shown,
            named.PREVIOUS_PAPERS_EXIST: is_replaced,
            named.PLATES_REPLACED: UpdateReason.PLATES in details.update_reasons,
            named.ALTERED_CONSTRUCTION: details.altered_construction,
            named.CHANGE_HAS_DOCUMENT: any(BY_CODE[UpdateReason(code)].has_document for code in details.update_reasons),
        }

    def vehicle(self, details: VehicleDetails) -> KnownVehicle:
        """The vehicle as it will be: what stands before the inspector."""
        if details.vehicle is None:
            return KnownVehicle()
        return changed(on_record.recorded(details.vehicle), details.changes)

    def facts_shown(self, application: Application) -> Sequence[DetailsView]:
        """What changes, before and after, what becomes of SRTS and plates, and which vehicle it is."""
        details: VehicleDetails = application.vehicle_details
        if details.vehicle is None or details.registration is None:
            return ()
        certificate = on_record.certificate_of(details.registration)
        plates = on_record.plates_of(details.registration)
        lines = before_and_after(details.changes)
        if plates is not None and UpdateReason.PLATES in details.update_reasons:
            lines.append(DetailsView(str(_("Plates")), str(_("others, with a new number")), plates.plate.number))
        if details.update_reasons:
            lines.append(certificate_line(details, certificate.number if certificate else "—"))
        if details.explanation:
            lines.append(DetailsView(str(_("Explanation")), details.explanation))
        number = plates.plate.number if plates else "—"
        return [
            *lines,
            DetailsView(str(_("Vehicle")), str(details.vehicle)),
            DetailsView("VIN", details.vehicle.identity),
            DetailsView(str(_("Plate on record")), number),
        ]

    def registers_answered(self, application: Application) -> None:
        """Name and address come from the applicant's own register: take them, and see what that changes on the SRTS."""
        details: VehicleDetails = application.vehicle_details
        if details.registration is None or not (
            UpdateReason.OWNER in details.update_reasons or replaces_certificate(details)
        ):
            return
        if UpdateReason.OWNER in details.update_reasons:
            _refresh_applicant(application)
        kept = {name: change for name, change in details.changes.items() if name not in rules.OF_OWNER}
        changes = {**kept, **of_owner(details.registration, application.applicant)}
        if changes != details.changes:
            details.changes = changes
            details.save(update_fields=["changes"])

    def problems(self, application: Application, facts: Facts) -> problems.Problems:
        details: VehicleDetails = application.vehicle_details
        if details.vehicle is None or details.registration is None:
            return {"found_by": str(_("Enter the plate, the SRTS number or the VIN of the vehicle."))}
        found: problems.Problems = {}
        if not on_record.is_owned_by(on_record.ownership_of(details.vehicle), application.applicant):
            found["found_by"] = str(NOT_THE_OWNER)
        if not details.update_reasons:
            found["update_reasons"] = str(_("Say what changes."))
        elif not changed_fields(details) and UpdateReason.CERTIFICATE not in details.update_reasons:
            found["update_reasons"] = str(UNCHANGED)
        return found

    def before_approval(self, application: Application) -> None:
        """Raise DomainError for a vehicle that is off the record or another's by now, or when nothing changes."""
        details: VehicleDetails = application.vehicle_details
        vehicle, registration = details.vehicle, details.registration
        if vehicle is None or registration is None or registration.ended_at is not None:
            message = _("The registration that was to be updated has ended meanwhile.")
            raise DomainError("registration_ended", message, row="VR.9.2")
        if not on_record.is_owned_by(on_record.ownership_of(vehicle), application.applicant):
            raise DomainError("not_the_owner", NOT_THE_OWNER, row="VR.9.2")
        updating.require_change(details, updating.outstanding(vehicle, details))

    def grounds_found(self, application: Application) -> Sequence[GroundFound]:
        return ()

    def surrenders(self, application: Application) -> Sequence[Surrenderable]:
        """VR.8.1f: what is replaced comes back, or is declared lost or stolen."""
        details: VehicleDetails = application.vehicle_details
        if details.registration is None or not replaces_certificate(details):
            return ()
        numbers = _replaced(application)
        if not numbers:
            certificate = on_record.certificate_of(details.registration)
            plates = on_record.plates_of(details.registration)
            numbers = {
                rules.CERTIFICATE: certificate.number if certificate else "",
                rules.PLATE: plates.plate.number if plates else "",
            }
        things = [Surrenderable(PREVIOUS, rules.CERTIFICATE, CERTIFICATE, numbers[rules.CERTIFICATE])]
        if UpdateReason.PLATES in details.update_reasons:
            things.append(Surrenderable(PREVIOUS, "plates", PLATES, numbers[rules.PLATE]))
        return [thing for thing in things if thing.number]

    def taken_in(self, application: Application, surrender: Surrender, now: datetime) -> None:
        """An SRTS that is not handed in is lost; plates go into the store, or among the lost or wanted ones."""
        take_in(surrender, now)

    def signers(self, application: Application, requirement: str) -> frozenset[str]:
        return frozenset()

    def issue(self, application: Application, now: datetime) -> Sequence[Deliverable]:
        """VR.3, VR.6d: the register changes; SRTS and plates only where they are replaced."""
        result = updating.update(application)
        return given(result.plate_number, result.certificate)

    def results(self, application: Application) -> Sequence[Deliverable]:
        plates = VehicleChange.objects.filter(application=application, field=rules.PLATE).first()
        return given(str(plates.after) if plates else "", certificate_given(application))

    def undo(self, application: Application, now: datetime) -> Sequence[Text]:
        """Earlier data and the earlier SRTS come back, unless a later act rests on these."""
        return undo_update(application, now)


NOT_THE_OWNER = _(
    "The applicant is not the registered owner of this vehicle. A new owner registers it in their name first (VR-2)."
)
UNCHANGED = _(
    "Nothing changes yet. Look the vehicle up, then enter what is different from the register; a name or address comes "
    "from the applicant's own register and must differ from the SRTS."
)


def _replaced(application: Application) -> dict[str, str]:
    """What the issue replaced, by field; empty before it."""
    rows = VehicleChange.objects.filter(application=application, field__in=(rules.PLATE, rules.CERTIFICATE))
    found = {row.field: str(row.before or "") for row in rows}
    return {rules.PLATE: "", rules.CERTIFICATE: "", **found} if found else {}


def _refresh_applicant(application: Application) -> None:
    """Bring the applicant to what their register said of them last."""
    answered = (check for check in application.checks.all() if check.outcome == Outcome.CLEAR.value)
    for check in answered:
        if (check.code, check.subject) == ("identity", "applicant"):
            application.applicant_person = keep_person(check.facts)
        elif (check.code, check.subject) == ("organisations", "applicant"):
            application.applicant_organisation = keep_organisation(check.facts)
