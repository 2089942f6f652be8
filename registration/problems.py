"""What the service itself finds wrong with an application: before it is accepted, and before it is approved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.representation import representation_problems
from applications.services import GroundFound, facts_of
from applications.standards import Facts, Text
from fees import charging
from people.models import Scope
from refusals.wording import in_all
from registers.contract import Outcome
from registration.forms import paper_passport_serves, requirement_of
from registration.models import (
    FactsSource,
    InspectionAct,
    InspectionResult,
    Marking,
    PrimaryRegistrationDetails,
    Registration,
)
from registration.questions import recycling_obstacle
from registration.vehicle_facts import KnownVehicle, known_vehicle, passport_check

Problems = dict[str, str]


def intake_problems(application: Application) -> Problems:
    """Field → what is wrong and what to do instead; empty when the service has nothing against accepting the draft."""
    facts = facts_of(application)
    details: PrimaryRegistrationDetails = application.vehicle_details
    return {
        **_vehicle_problems(details),
        **representation_problems(application, facts, Scope.REGISTER),
        **_passport_problems(application, details, facts),
        **_ownership_problems(application, details, facts),
        **_money_problems(application, facts),
    }


def _vehicle_problems(details: PrimaryRegistrationDetails) -> Problems:
    if not (details.vin or details.body_number or details.chassis_number):
        return {"vin": str(_("Enter the VIN or, if the vehicle has none, its body, chassis or frame number."))}
    registration = active_registration(known_vehicle(details))
    return {"vin": registered_message(registration)} if registration else {}


def active_registration(vehicle: KnownVehicle) -> Registration | None:
    """The active registration of the vehicle with these numbers, or None."""
    active = Registration.objects.filter(ended_at__isnull=True).select_related("office", "vehicle")
    if vehicle.vin:
        return active.filter(vehicle__vin=vehicle.vin).first()
    if vehicle.body_number:
        active = active.filter(vehicle__vin__isnull=True, vehicle__body_number=vehicle.body_number)
    else:
        active = active.filter(vehicle__vin__isnull=True, vehicle__chassis_number=vehicle.chassis_number)
    return active.first()


def registered_message(registration: Registration) -> str:
    plates = registration.plate_assignments.filter(ended_at__isnull=True).values_list("plate__number", flat=True)
    message = _(
        "%(number)s is already registered (plate %(plate)s, %(office)s), so a primary registration is not possible. "
        "If the owner changed, take in the sub-service “Registration and deregistration” instead."
    )
    parts = {
        "number": registration.vehicle.identity,
        "plate": ", ".join(plates) or "—",
        "office": registration.office.name,
    }
    return message % parts


def _passport_problems(application: Application, details: PrimaryRegistrationDetails, facts: Facts) -> Problems:
    check = passport_check(application)
    if details.facts_source != FactsSource.REGISTER and _is_waiting(check.outcome if check else None):
        message = _(
            "The register of electronic vehicle passports has not answered yet. Without the vehicle's data the charges "
            "are not known. The draft is kept; the register is asked again by itself."
        )
        return {"vehicle_passport": str(message)}
    if details.facts_source == FactsSource.TYPED and not known_vehicle(details).is_complete:
        message = _(
            "Enter the vehicle's data from the paper passport: category, make, model, year, colour, fuel, masses."
        )
        return {"vehicle_facts": str(message)}
    if details.facts_source == FactsSource.NONE and paper_passport_serves(application, facts):
        message = _(
            "There is no electronic passport. Attach a scan of the paper one and enter the vehicle's data from it."
        )
        return {"vehicle_facts": str(message)}
    return {}


def _is_waiting(outcome: str | None) -> bool:
    return outcome in {"", Outcome.UNAVAILABLE.value}


def _ownership_problems(application: Application, details: PrimaryRegistrationDetails, facts: Facts) -> Problems:
    rule = requirement_of(application, "ownership_proof", facts)
    if rule is None:
        return {}
    admissible = {str(option.code) for option in rule.options_for(facts.channel)}
    if not details.ownership_proof:
        return {"ownership_proof": str(_("Choose which of the four forms the proof of ownership has (LAW-O1)."))}
    if details.ownership_proof not in admissible:
        return {"ownership_proof": str(_("This form of proof is not admitted through this channel (LAW-O1)."))}
    return {}


def _money_problems(application: Application, facts: Facts) -> Problems:
    problems: Problems = {}
    blocked = [line.blocked_by for line in charging.charge_lines(application) if line.blocked_by]
    if blocked:
        problems["payment"] = " ".join(blocked)
    obstacle = recycling_obstacle(application, facts)
    if obstacle is not None:
        problems["recycling_certificate"] = _(
            "The amount of the recycling payment cannot be compared with the certificate: %(why)s"
        ) % {"why": obstacle.message}
    return problems


def inspection_row(application: Application) -> str:
    """The row that asks for the inspection in this channel: VR.8.1j at a front desk, VR.9.9 online."""
    rule = requirement_of(application, "inspection", facts_of(application))
    return rule.row if rule else "VR.8.1j"


def before_approval(application: Application) -> None:
    """Raise DomainError for the first reason of the service's own that bars approval (VR.8.1d, VR.8.1j, VR.9.9)."""
    vehicle = known_vehicle(application.vehicle_details)
    if not vehicle.is_complete:
        message = _("The vehicle's data are not known: there is no valid passport of the vehicle.")
        raise DomainError("vehicle_unknown", message, row="VR.8.1d")
    registration = active_registration(vehicle)
    if registration is not None:
        raise DomainError("vehicle_registered", registered_message(registration), row="VR.9.2")
    act = InspectionAct.objects.filter(application=application).first()
    if act is None:
        raise DomainError(
            "inspection_missing", _("The vehicle was not inspected yet."), row=inspection_row(application)
        )
    if not act.is_passed:
        row = "VR.9.1" if act.result == InspectionResult.DIFFERS else "VR.9.9"
        message = _("The inspection bars approval: %(result)s.")
        raise DomainError("inspection_failed", message % {"result": InspectionResult(act.result).label}, row=row)


def grounds_found(application: Application) -> list[GroundFound]:
    """The grounds that the portal's own records prove: the inspection act, and a registration that exists already."""
    found = []
    act = InspectionAct.objects.filter(application=application).first()
    if act is not None and not act.is_passed:
        found.append(inspection_ground(act))
    registration = active_registration(known_vehicle(application.vehicle_details))
    if registration is not None:
        found.append(GroundFound("VR.9.2", in_all(lambda: registered_message(registration))))
    return found


NOT_SHOWN = Text(
    "Inspection act No. %(number)s: the vehicle was not shown for inspection.",
    "Акт осмотра № %(number)s: транспортное средство на осмотр не представлено.",
    "№ %(number)s тексеру актісі: көлік құралы қарап-тексеруге ұсынылмаған.",
)
DIFFERS = Text(
    "Inspection act No. %(number)s: the numbers of the vehicle do not agree with the documents. %(remarks)s",
    "Акт осмотра № %(number)s: номера транспортного средства не совпадают с документами. %(remarks)s",
    "№ %(number)s тексеру актісі: көлік құралының нөмірлері құжаттармен сәйкес келмейді. %(remarks)s",
)
MARKING_WORDS = {
    Marking.FORGED: Text("forged", "подделана", "қолдан жасалған"),
    Marking.HIDDEN: Text("hidden", "скрыта", "жасырылған"),
    Marking.ALTERED: Text("altered", "изменена", "өзгертілген"),
    Marking.DESTROYED: Text("destroyed", "уничтожена", "жойылған"),
}
NOT_IDENTIFIABLE = Text(
    "Inspection act No. %(number)s: the marking of the numbered units is %(marking)s. %(remarks)s",
    "Акт осмотра № %(number)s: маркировка номерных агрегатов %(marking)s. %(remarks)s",
    "№ %(number)s тексеру актісі: нөмірлі агрегаттардың таңбалануы %(marking)s. %(remarks)s",
)


def inspection_ground(act: InspectionAct) -> GroundFound:
    """What an act that was not passed proves: VR.9.9, or VR.9.1 where the data of the documents are untrue."""
    row, wording = {
        InspectionResult.NOT_SHOWN.value: ("VR.9.9", NOT_SHOWN),
        InspectionResult.DIFFERS.value: ("VR.9.1", DIFFERS),
    }.get(act.result, ("VR.9.9", NOT_IDENTIFIABLE))
    marking = MARKING_WORDS.get(Marking(act.marking)) if act.marking else None

    def said(language: str) -> str:
        remarks = act.remarks_kk if language == "kk" and act.remarks_kk else act.remarks
        words = {"number": act.number, "remarks": remarks, "marking": marking.in_language(language) if marking else ""}
        return (wording.in_language(language) % words).strip()

    return GroundFound(row, Text(said("en"), said("ru"), said("kk")))
