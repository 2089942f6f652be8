"""The system of electronic vehicle passports. VR.8.1d, VR.8.3c; who must have one since when: LAW-E1, LAW-E2."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from registers.answers import Finding, NonsenseError, Outcome, Verdict
from registers.questions import VehiclePassportQuestion
from registers.replies import Reply, day_text, same_number

PassportStatus = Literal["unfinished", "valid", "cancelled", "annulled", "utilised"]
PassportNumber = Annotated[str, Field(pattern=r"^\d{15}$")]
Fuel = Literal["petrol", "diesel", "gas", "petrol_gas", "electric", "petrol_electric", "diesel_electric", "none"]


class PassportVehicle(Reply):
    """The vehicle's data: volume in cm3, power in kW (decimal string on the wire), masses in kg.

    Numbers that the vehicle has not got are empty; a trailer has no engine.
    """

    vin: str
    body_number: str
    chassis_number: str
    category: str
    make: str
    model: str
    year: int = Field(ge=1886, le=2200)
    colour: str
    body_type: str
    engine_number: str
    engine_volume_cm3: int | None = Field(ge=0)
    engine_power_kw: Decimal | None = Field(ge=0)
    fuel: Fuel
    is_electric: bool
    is_hybrid: bool
    unladen_mass_kg: int = Field(ge=0)
    maximum_mass_kg: int = Field(ge=0)
    ecological_class: int | None = Field(ge=0, le=6)
    maker: str
    maker_country: str
    is_tractor_unit: bool
    special_marks: str


class Passport(Reply):
    """A passport of a vehicle or a chassis. `owner_identifier` is the IIN or BIN of the owner it names, or empty."""

    number: PassportNumber
    kind: Literal["vehicle", "chassis"]
    status: PassportStatus
    issued_on: date
    status_since: date
    owner_identifier: str
    imported_on: date | None
    vehicle: PassportVehicle


class VehiclePassportReply(Reply):
    """`passport` is null if there is none."""

    passport: Passport | None


def interpret(question: VehiclePassportQuestion, reply: VehiclePassportReply, _today: date) -> Verdict:
    """Clear for a valid passport of the vehicle asked about, with the vehicle's data as facts."""
    passport = reply.passport
    if passport is None:
        return Verdict(Outcome.HIT, (Finding("vehicle_passport.missing"),))
    if question.passport_number and question.passport_number != passport.number:
        raise NonsenseError("the reply is about another passport")
    facts = passport.model_dump(mode="json")
    if not _about_asked_vehicle(question, passport.vehicle):
        params = {"number": passport.number, "vin": passport.vehicle.vin or passport.vehicle.chassis_number}
        return Verdict(Outcome.HIT, (Finding("vehicle_passport.vehicle_differs", params),), facts)
    if passport.status != "valid":
        params = {"number": passport.number, "since": day_text(passport.status_since)}
        return Verdict(Outcome.HIT, (Finding(f"vehicle_passport.{passport.status}", params),), facts)
    return Verdict(Outcome.CLEAR, facts=facts)


def _about_asked_vehicle(question: VehiclePassportQuestion, vehicle: PassportVehicle) -> bool:
    pairs = (
        (question.vin, vehicle.vin),
        (question.body_number, vehicle.body_number),
        (question.chassis_number, vehicle.chassis_number),
    )
    return all(same_number(asked, held) for asked, held in pairs if asked)
