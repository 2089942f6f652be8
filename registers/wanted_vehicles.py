"""The wanted database, vehicles. VR.9.5, PD.9.6."""

from datetime import date

from registers.answers import Finding, Json, Outcome, Verdict
from registers.questions import WantedVehicleQuestion
from registers.replies import Reply, day_text, same_number


class WantedVehicle(Reply):
    """An entry; numbers that are not known are empty."""

    vin: str
    body_number: str
    chassis_number: str
    plate: str
    initiator: str
    case_number: str
    since: date


class WantedVehiclesReply(Reply):
    """Entries that share any number with the vehicle asked about."""

    entries: list[WantedVehicle]


def interpret(question: WantedVehicleQuestion, reply: WantedVehiclesReply, _today: date) -> Verdict:
    """Hit by VIN, body or chassis number. Only the plate in common needs a human: a plate can be put on another car."""
    same = [entry for entry in reply.entries if _same_vehicle(question, entry)]
    if same:
        findings = tuple(Finding("wanted_vehicles.match", _facts(entry)) for entry in same)
        return Verdict(Outcome.HIT, findings, {"entries": [_facts(entry) for entry in same]})
    same_plate = [entry for entry in reply.entries if same_number(question.plate, entry.plate)]
    if same_plate:
        findings = tuple(Finding("wanted_vehicles.plate_match", _facts(entry)) for entry in same_plate)
        return Verdict(Outcome.NEEDS_HUMAN, findings, {"entries": [_facts(entry) for entry in same_plate]})
    return Verdict(Outcome.CLEAR)


def _same_vehicle(question: WantedVehicleQuestion, entry: WantedVehicle) -> bool:
    return (
        same_number(question.vin, entry.vin)
        or same_number(question.body_number, entry.body_number)
        or same_number(question.chassis_number, entry.chassis_number)
    )


def _facts(entry: WantedVehicle) -> dict[str, Json]:
    return {
        "number": entry.vin or entry.body_number or entry.chassis_number,
        "plate": entry.plate,
        "initiator": entry.initiator,
        "case_number": entry.case_number,
        "since": day_text(entry.since),
    }
