"""Where each register is and how long it may take: the one table of addresses, time-outs and validity.

The address is the setting REGISTER_<NAME>_URL, or the simulator. Time-outs, attempts and validity can be overridden by
the settings REGISTER_TIMEOUTS, REGISTER_ATTEMPTS and REGISTER_VALID_MINUTES (docs/operations.md).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from registers.transport import Line


@dataclass(frozen=True)
class Limits:
    """`timeout` in seconds for one attempt; `valid_for` is how long an answer may be relied on."""

    timeout: float
    attempts: int
    valid_for: timedelta


DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

# Who is wanted, listed or restricted changes from hour to hour; a passport or a certificate does not.
LIMITS: dict[str, Limits] = {
    "identity": Limits(5, 2, DAY),
    "organisations": Limits(5, 2, DAY),
    "consent": Limits(5, 2, HOUR),
    "fines": Limits(8, 2, HOUR),
    "wanted_persons": Limits(8, 2, HOUR),
    "wanted_vehicles": Limits(8, 2, HOUR),
    "terrorism_list": Limits(5, 2, HOUR),
    "proliferation_list": Limits(5, 2, HOUR),
    "restrictions": Limits(8, 2, HOUR),
    "foreign_registration": Limits(15, 2, DAY),
    "vehicle_passport": Limits(10, 2, DAY),
    "recycling": Limits(8, 2, DAY),
    "temporary_import": Limits(10, 2, DAY),
    "medical_certificates": Limits(8, 2, DAY),
    "driving_courses": Limits(8, 2, DAY),
    "exams": Limits(8, 2, DAY),
    "deprivations": Limits(8, 2, HOUR),
    "signature_service": Limits(10, 2, HOUR),
    "payments": Limits(8, 2, HOUR),
}


def limits(register: str) -> Limits:
    """The limits of a register with this installation's overrides. Raises KeyError for an unknown register."""
    usual = LIMITS[register]
    minutes = settings.REGISTER_VALID_MINUTES.get(register)
    return Limits(
        timeout=settings.REGISTER_TIMEOUTS.get(register, usual.timeout),
        attempts=max(1, settings.REGISTER_ATTEMPTS.get(register, usual.attempts)),
        valid_for=usual.valid_for if minutes is None else timedelta(minutes=minutes),
    )


def url_setting(register: str) -> str:
    """The name of the setting that holds the register's address."""
    return f"REGISTER_{register.upper()}_URL"


def line(register: str) -> Line:
    """The way to a register as the settings have it now."""
    usable = limits(register)
    url = getattr(settings, url_setting(register)) or f"{settings.SIMULATOR_URL.rstrip('/')}/{register}"
    return Line(register=register, url=url.rstrip("/"), timeout=usable.timeout, attempts=usable.attempts)
