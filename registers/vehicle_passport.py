"""The system of electronic vehicle passports. VR.8.1d, VR.8.3c; who must have one since when: LAW-E1, LAW-E2."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from registers.answers import Finding, NonsenseError, Outcome, Verdict
from registers.questions import VehiclePassportQuestion
from registers.replies import Reply, compact, day_text, same_number


def _iso_3779(vin: str) -> str:
    if vin and not re.fullmatch(r"[0-9A-HJ-NPR-Z]{17}", vin):
        raise ValueError("no VIN has this shape")
    return vin


PassportStatus = Literal["unfinished", "valid", "cancelled", "annulled", "utilised"]
# ISO 3779; empty where the vehicle has none.
Vin = Annotated[str, AfterValidator(compact), AfterValidator(_iso_3779)]
Number = Annotated[str, Field(max_length=30)]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]
LONGEST_MARKS = 300
PassportNumber = Annotated[str, Field(pattern=r"^[0-9]{15}$")]
Fuel = Literal["petrol", "diesel", "gas", "petrol_gas", "electric", "petrol_electric", "diesel_electric", "none"]


class PassportVehicle(Reply):
    """The vehicle's data: volume in cm3, power in kW (decimal string on the wire), masses in kg.

    Numbers that the vehicle has not got are empty; a trailer has no engine.
    """

    vin: Vin
    body_number: Number
    chassis_number: Number
    category: str
    make: str = Field(max_length=60)
    model: str = Field(max_length=80)
    year: int = Field(ge=1886, le=2200)
    colour: str
    body_type: str = Field(max_length=60)
    engine_number: Number
    engine_volume_cm3: Whole | None
    engine_power_kw: Decimal | None = Field(ge=0, lt=100_000)
    fuel: Fuel
    is_electric: bool
    is_hybrid: bool
    unladen_mass_kg: Whole
    maximum_mass_kg: Whole
    ecological_class: int | None = Field(ge=0, le=6)
    maker: str
    maker_country: str
    is_tractor_unit: bool
    special_marks: str

    @model_validator(mode="after")
    def _marks_can_be_kept(self) -> Self:
        """A colour that is no base colour goes into the marks of the SRTS, too."""
        if len(f"{self.special_marks}. {self.colour}") > LONGEST_MARKS:
            raise ValueError("the special marks are too long")
        return self


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
