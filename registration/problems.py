"""What the service itself finds wrong with an application: before it is accepted, and before it is approved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications.errors import DomainError
from applications.models import Application
from applications.services import GroundFound, facts_of
from applications.standards import Facts, Text
from fees import charging
from registers.contract import Outcome
from registration.models import (
    FactsSource,
    InspectionAct,
    InspectionResult,
    Marking,
    Registration,
    VehicleDetails,
)
from registration.questions import recycling_obstacle
from registration.requirements import paper_passport_serves, requirement_of
from registration.vehicle_facts import KnownVehicle, known_vehicle, passport_check

Problems = dict[str, str]


def unregistered_vehicle_problems(details: VehicleDetails) -> Problems:
    """A vehicle that is to be registered for the first time has a number, and no registration yet (VR-1)."""
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


def passport_problems(application: Application, details: VehicleDetails, facts: Facts) -> Problems:
    """What the passport of the vehicle still owes: an answer, or the data of a paper one (VR.8.1d, VR.8.3c)."""
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


def ownership_problems(application: Application, facts: Facts) -> Problems:
    """The proof of ownership is exactly one of the forms that the channel admits (LAW-O1)."""
    details: VehicleDetails = application.vehicle_details
    rule = requirement_of(application, "ownership_proof", facts)
    if rule is None:
        return {}
    admissible = {str(option.code) for option in rule.options_for(facts.channel)}
    if not details.ownership_proof:
        return {"ownership_proof": str(_("Choose which of the four forms the proof of ownership has (LAW-O1)."))}
    if details.ownership_proof not in admissible:
        return {"ownership_proof": str(_("This form of proof is not admitted through this channel (LAW-O1)."))}
    return {}


def money_problems(application: Application, facts: Facts) -> Problems:
    """Charges that wait for a rate, and a recycling payment that cannot be compared (VR.6)."""
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


def require_inspection(application: Application) -> None:
    """Raise DomainError unless the vehicle passed its inspection, where the standard asks for one (VR.8.1j, VR.9.9)."""
    rule = requirement_of(application, "inspection", facts_of(application))
    if rule is None:
        return
    act = InspectionAct.objects.filter(application=application).first()
    if act is None:
        raise DomainError("inspection_missing", _("The vehicle was not inspected yet."), row=rule.row)
    if not act.is_passed:
        row = "VR.9.1" if act.result == InspectionResult.DIFFERS else "VR.9.9"
        message = _("The inspection bars approval: %(result)s.")
        raise DomainError("inspection_failed", message % {"result": InspectionResult(act.result).label}, row=row)


def inspection_grounds(application: Application) -> list[GroundFound]:
    """The ground that an inspection act proves, if the vehicle did not pass."""
    act = InspectionAct.objects.filter(application=application).first()
    return [inspection_ground(act)] if act is not None and not act.is_passed else []


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
