"""The one door to the state's registers: what can be asked, and `ask`, which always comes back with an Answer."""

import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registers import (
    consent,
    deprivations,
    driving_courses,
    exams,
    fines,
    foreign_registration,
    identity,
    lines,
    medical_certificates,
    organisations,
    payments,
    recycling,
    restrictions,
    sanctions,
    temporary_import,
    transport,
    vehicle_passport,
    wanted_persons,
    wanted_vehicles,
)
from registers.answers import Answer, Finding, Json, NonsenseError, Outcome, Verdict
from registers.questions import (
    QUESTION_TYPES,
    ConsentQuestion,
    DeprivationsQuestion,
    DrivingCoursesQuestion,
    ExamsQuestion,
    FinesQuestion,
    ForeignRegistrationQuestion,
    IdentityQuestion,
    MedicalCertificateQuestion,
    OrganisationQuestion,
    PaymentReference,
    PaymentsQuestion,
    Question,
    RecyclingCertificateQuestion,
    RestrictionsQuestion,
    SanctionsQuestion,
    TemporaryImportQuestion,
    VehiclePassportQuestion,
    WantedPersonQuestion,
    WantedVehicleQuestion,
    question_from_json,
    question_to_json,
)
from registers.replies import Reply

__all__ = [
    "REGISTERS",
    "Answer",
    "ConsentQuestion",
    "DeprivationsQuestion",
    "DrivingCoursesQuestion",
    "ExamsQuestion",
    "Finding",
    "FinesQuestion",
    "ForeignRegistrationQuestion",
    "IdentityQuestion",
    "Json",
    "MedicalCertificateQuestion",
    "OrganisationQuestion",
    "Outcome",
    "PaymentReference",
    "PaymentsQuestion",
    "Question",
    "RecyclingCertificateQuestion",
    "Register",
    "RestrictionsQuestion",
    "SanctionsQuestion",
    "TemporaryImportQuestion",
    "VehiclePassportQuestion",
    "WantedPersonQuestion",
    "WantedVehicleQuestion",
    "ask",
    "question_from_json",
    "question_to_json",
]


@dataclass(frozen=True)
class Register:
    """A register: its title for people, the shape of its reply, and the function that reads the reply."""

    name: str
    title: Promise
    reply: type[Reply]
    interpret: Callable[[Any, Any, date], Verdict]

    @property
    def question(self) -> type[Question]:
        """The type of question that it answers."""
        return QUESTION_TYPES[self.name]

    @property
    def url_setting(self) -> str:
        """The setting that holds its address."""
        return lines.url_setting(self.name)

    @property
    def timeout(self) -> float:
        """Seconds that one attempt may take."""
        return lines.limits(self.name).timeout

    @property
    def attempts(self) -> int:
        """How often an unanswered question is put in all."""
        return lines.limits(self.name).attempts

    @property
    def valid_for(self) -> timedelta:
        """How long an answer may be relied on."""
        return lines.limits(self.name).valid_for


REGISTERS: dict[str, Register] = {
    register.name: register
    for register in (
        Register("identity", _("Population register"), identity.IdentityReply, identity.interpret),
        Register(
            "organisations", _("Register of legal entities"), organisations.OrganisationReply, organisations.interpret
        ),
        Register("consent", _("Consent to access to personal data"), consent.ConsentReply, consent.interpret),
        Register("fines", _("Road-safety fines"), fines.FinesReply, fines.interpret),
        Register("wanted_persons", _("Wanted persons"), wanted_persons.WantedPersonsReply, wanted_persons.interpret),
        Register(
            "wanted_vehicles", _("Wanted vehicles"), wanted_vehicles.WantedVehiclesReply, wanted_vehicles.interpret
        ),
        Register(
            "terrorism_list",
            _("List for financing terrorism and extremism"),
            sanctions.SanctionsReply,
            sanctions.interpret,
        ),
        Register(
            "proliferation_list",
            _("List for financing proliferation of weapons of mass destruction"),
            sanctions.SanctionsReply,
            sanctions.interpret,
        ),
        Register(
            "restrictions",
            _("Restrictions on registration acts"),
            restrictions.RestrictionsReply,
            restrictions.interpret,
        ),
        Register(
            "foreign_registration",
            _("Registration in other states"),
            foreign_registration.ForeignRegistrationReply,
            foreign_registration.interpret,
        ),
        Register(
            "vehicle_passport",
            _("Electronic vehicle passports"),
            vehicle_passport.VehiclePassportReply,
            vehicle_passport.interpret,
        ),
        Register("recycling", _("Recycling payment certificates"), recycling.RecyclingReply, recycling.interpret),
        Register(
            "temporary_import",
            _("Customs: temporary import"),
            temporary_import.TemporaryImportReply,
            temporary_import.interpret,
        ),
        Register(
            "medical_certificates",
            _("Medical certificates of drivers"),
            medical_certificates.MedicalCertificatesReply,
            medical_certificates.interpret,
        ),
        Register(
            "driving_courses",
            _("Driving courses, AIS «Автошкола»"),
            driving_courses.DrivingCoursesReply,
            driving_courses.interpret,
        ),
        Register("exams", _("Driving exams"), exams.ExamsReply, exams.interpret),
        Register(
            "deprivations",
            _("Deprivations of the right to drive"),
            deprivations.DeprivationsReply,
            deprivations.interpret,
        ),
        Register("payments", _("Payment gateway"), payments.PaymentsReply, payments.interpret),
    )
}


def ask(question: Question, *, now: datetime | None = None) -> Answer:
    """Ask a register and read its reply, in bounded time; safe to call from several threads at once.

    `now` is the aware instant that the answer is judged by (days of a term, validity), by default the present one.
    Trouble outside never raises: it is an answer with the outcome UNAVAILABLE, which is never "nothing found".
    """
    register = REGISTERS[question.register]
    asked_at = now or timezone.now()
    started = time.monotonic()
    request_id = str(uuid.uuid4())
    raw, answered_at = "", None
    try:
        raw = transport.post(lines.line(register.name), asdict(question), request_id=request_id)
        answered_at = asked_at + timedelta(seconds=time.monotonic() - started)
        verdict = _read(register, question, raw, timezone.localdate(asked_at))
    except transport.TroubleError as trouble:
        raw, verdict = trouble.raw, _unavailable(register, trouble.code)
    except (ValueError, NonsenseError):
        # pydantic's ValidationError is a ValueError; its text repeats personal data, so only the body is kept.
        verdict = _unavailable(register, "unavailable.nonsense")
    valid_until = answered_at + register.valid_for if answered_at and _is_reliable(verdict) else None
    return Answer(
        register=register.name,
        outcome=verdict.outcome,
        findings=verdict.findings,
        facts=verdict.facts,
        request_id=request_id,
        asked_at=asked_at,
        answered_at=answered_at,
        valid_until=valid_until,
        raw=raw.replace("\x00", "\N{REPLACEMENT CHARACTER}"),
    )


def _read(register: Register, question: Question, raw: str, today: date) -> Verdict:
    # PostgreSQL stores no NUL, neither in text nor in jsonb, and no register has a reason to send one.
    if "\x00" in raw or "\\u0000" in raw:
        raise NonsenseError("the reply holds a NUL character")
    return register.interpret(question, register.reply.model_validate_json(raw), today)


def _is_reliable(verdict: Verdict) -> bool:
    return verdict.outcome is not Outcome.UNAVAILABLE


def _unavailable(register: Register, code: str) -> Verdict:
    return Verdict(Outcome.UNAVAILABLE, (Finding(code, {"register": register.name}),))
