"""The questions the registers can be asked: one frozen, JSON-able type per register."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, TypeAlias

FinesScope: TypeAlias = Literal["any", "overdue"]
SanctionsList: TypeAlias = Literal["terrorism", "proliferation"]
SubjectKind: TypeAlias = Literal["person", "organisation"]
DrivingPurpose: TypeAlias = Literal["first", "after_deprivation", "exchange"]


@dataclass(frozen=True)
class IdentityQuestion:
    """Who is the person with this IIN, alive and with a valid identity document? VR.8.1a, PD.8.1, DL.8.1a."""

    register: ClassVar[str] = "identity"
    iin: str


@dataclass(frozen=True)
class OrganisationQuestion:
    """What organisation has this BIN, private or state, and does it still exist?"""

    register: ClassVar[str] = "organisations"
    bin: str


@dataclass(frozen=True)
class ConsentQuestion:
    """Did the applicant allow access to restricted personal data for this service? VR.9.3, PD.9.7, DL.9.4."""

    register: ClassVar[str] = "consent"
    iin_or_bin: str
    service: str


@dataclass(frozen=True)
class FinesQuestion:
    """Road-safety fines of a person or organisation: any unexecuted (VR.9.4) or overdue only (PD.9.4, DL.9.3)."""

    register: ClassVar[str] = "fines"
    identifier: str
    scope: FinesScope


@dataclass(frozen=True)
class WantedPersonQuestion:
    """Is the applicant or the representative wanted? VR.9.5, PD.9.6. `birth_date` is ISO, or empty if unknown."""

    register: ClassVar[str] = "wanted_persons"
    iin: str
    surname: str
    given_name: str
    patronymic: str
    birth_date: str


@dataclass(frozen=True)
class WantedVehicleQuestion:
    """Is the vehicle wanted? VR.9.5, PD.9.6. Numbers that the vehicle has not got stay empty."""

    register: ClassVar[str] = "wanted_vehicles"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""
    plate: str = ""


@dataclass(frozen=True)
class SanctionsQuestion:
    """Is the person or organisation on a list of the Financial Monitoring Agency? VR.9.6 (both lists), PD.9.5.

    `surname` holds the full name of an organisation; `birth_date` is ISO, or empty if unknown.
    """

    list: SanctionsList
    kind: SubjectKind
    identifier: str
    surname: str
    given_name: str = ""
    patronymic: str = ""
    birth_date: str = ""

    @property
    def register(self) -> str:
        """The two lists are two registers, so that one may fail without the other."""
        return f"{self.list}_list"


@dataclass(frozen=True)
class RestrictionsQuestion:
    """Are registration acts with this vehicle prohibited or restricted? VR.9.7."""

    register: ClassVar[str] = "restrictions"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""


@dataclass(frozen=True)
class ForeignRegistrationQuestion:
    """Is the vehicle still registered in another state? VR.9.8, primary registration only."""

    register: ClassVar[str] = "foreign_registration"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""


@dataclass(frozen=True)
class VehiclePassportQuestion:
    """The electronic passport of a vehicle or chassis, by any of its numbers. VR.8.1d, VR.8.3c."""

    register: ClassVar[str] = "vehicle_passport"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""
    passport_number: str = ""


@dataclass(frozen=True)
class RecyclingCertificateQuestion:
    """The certificate of the recycling payment. VR.8.1c, VR.8.3b. `expected_amount` is tenge as a decimal string."""

    register: ClassVar[str] = "recycling"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""
    certificate_number: str | None = None
    expected_amount: str | None = None


@dataclass(frozen=True)
class TemporaryImportQuestion:
    """Customs documents of a temporary import into the EAEU. VR.8.1e. `declaration` may be empty."""

    register: ClassVar[str] = "temporary_import"
    vin: str = ""
    body_number: str = ""
    chassis_number: str = ""
    declaration: str = ""


@dataclass(frozen=True)
class MedicalCertificateQuestion:
    """Is the person fit to drive vehicles of these categories? DL.8.1b, DL.8.2b. `number` is asked for where shown."""

    register: ClassVar[str] = "medical_certificates"
    identifier: str
    categories: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True)
class DrivingCoursesQuestion:
    """Has the person completed driving courses for these categories? DL.8.1d."""

    register: ClassVar[str] = "driving_courses"
    identifier: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class ExamsQuestion:
    """Has the person passed theory and practice for these categories? DL-2. `purpose` says which exams count."""

    register: ClassVar[str] = "exams"
    identifier: str
    categories: tuple[str, ...]
    purpose: DrivingPurpose


@dataclass(frozen=True)
class DeprivationsQuestion:
    """Is the person deprived of the right to drive? DL-2, DL.9.2. `licence_issued_on` is ISO, empty without one."""

    register: ClassVar[str] = "deprivations"
    identifier: str
    purpose: DrivingPurpose
    licence_issued_on: str = ""


@dataclass(frozen=True)
class PaymentReference:
    """One charge as the payment gateway knows it; `amount` is tenge as a decimal string."""

    reference: str
    amount: str


@dataclass(frozen=True)
class PaymentsQuestion:
    """Are these charges paid? VR.8.1b, VR.8.3a, PD.9.3, DL.8.1c, DL.8.2c."""

    register: ClassVar[str] = "payments"
    references: tuple[PaymentReference, ...]


Question: TypeAlias = (
    IdentityQuestion
    | OrganisationQuestion
    | ConsentQuestion
    | FinesQuestion
    | WantedPersonQuestion
    | WantedVehicleQuestion
    | SanctionsQuestion
    | RestrictionsQuestion
    | ForeignRegistrationQuestion
    | VehiclePassportQuestion
    | RecyclingCertificateQuestion
    | TemporaryImportQuestion
    | MedicalCertificateQuestion
    | DrivingCoursesQuestion
    | ExamsQuestion
    | DeprivationsQuestion
    | PaymentsQuestion
)

QUESTION_TYPES: dict[str, type[Question]] = {
    "identity": IdentityQuestion,
    "organisations": OrganisationQuestion,
    "consent": ConsentQuestion,
    "fines": FinesQuestion,
    "wanted_persons": WantedPersonQuestion,
    "wanted_vehicles": WantedVehicleQuestion,
    "terrorism_list": SanctionsQuestion,
    "proliferation_list": SanctionsQuestion,
    "restrictions": RestrictionsQuestion,
    "foreign_registration": ForeignRegistrationQuestion,
    "vehicle_passport": VehiclePassportQuestion,
    "recycling": RecyclingCertificateQuestion,
    "temporary_import": TemporaryImportQuestion,
    "medical_certificates": MedicalCertificateQuestion,
    "driving_courses": DrivingCoursesQuestion,
    "exams": ExamsQuestion,
    "deprivations": DeprivationsQuestion,
    "payments": PaymentsQuestion,
}


def question_to_json(question: Question) -> dict[str, Any]:
    """The question as plain JSON data with the register's name beside its fields."""
    data = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(question).items()}
    return {"register": question.register, **data}


def question_from_json(data: Mapping[str, Any]) -> Question:
    """The question that `question_to_json` wrote. Raises KeyError or TypeError on anything else."""
    fields = {name: value for name, value in data.items() if name != "register"}
    question_type = QUESTION_TYPES[data["register"]]
    if question_type is PaymentsQuestion:
        return PaymentsQuestion(tuple(PaymentReference(**item) for item in fields["references"]))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    return question_type(**values)
