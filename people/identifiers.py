"""Numbers of people, organisations and vehicles: reading what was typed, and saying what is wrong with it. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Decree 406: the second row of weights is used only when the first gives 10.
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# Seventh digit of an IIN: odd for men, even for women. Nothing above 6 has been issued.
CENTURY_BY_DIGIT = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
FOREIGNER_DIGIT = 0
# A leap year, so that 29 February of an unknown century is let through.
ANY_LEAP_YEAR = 2000

SEPARATORS = re.compile(r"[\s.\-‐‑‒–—−]")
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")
VIN_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPRSTUVWXYZ")
VIN_LENGTH = 17


class Sex(Enum):
    """As the seventh digit of an IIN tells it."""

    MALE = "male"
    FEMALE = "female"


class OrganisationKind(Enum):
    """The fifth digit of a BIN."""

    RESIDENT = 4
    NON_RESIDENT = 5
    JOINT_ENTREPRENEURS = 6


class Subdivision(Enum):
    """The sixth digit of a BIN."""

    HEAD_OFFICE = 0
    BRANCH = 1
    REPRESENTATIVE_OFFICE = 2
    FARM = 3


class IdentifierError(ValueError):
    """What was typed cannot be such a number: a stable `code` and a `message` that names the way out."""

    def __init__(self, code: str, message: str | Promise, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self._parameters = parameters

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """The text in the active language."""
        return str(self._message) % self._parameters if self._parameters else str(self._message)


@dataclass(frozen=True)
class Iin:
    """A person's number. A foreigner's (seventh digit 0) tells neither century nor sex: those are None."""

    value: str
    birth_date: date | None
    sex: Sex | None
    is_foreigner_flag: bool


@dataclass(frozen=True)
class Bin:
    """An organisation's number; `registered_year_month` is (two-digit year, month): the number knows no century."""

    value: str
    registered_year_month: tuple[int, int]
    kind: OrganisationKind
    subdivision: Subdivision


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of an IIN or BIN (decree 406), or None if such a number is never issued."""
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(int(digit) * weight for digit, weight in zip(first_eleven, weights, strict=True)) % 11
        if remainder != 10:
            return remainder
    return None


def classify(text: str) -> str:
    """Tell "iin" from "bin" by the fifth digit (decree 406). Raises IdentifierError: length, digits, kind."""
    fifth = int(_twelve_digits(text)[4])
    if fifth <= 3:
        return "iin"
    if fifth <= 6:
        return "bin"
    raise IdentifierError("kind", _("The fifth digit fits neither an IIN nor a BIN. Check the number."))


def parse_iin(text: str) -> Iin:
    """Read an IIN, forgiving of spaces and dashes. Raises IdentifierError.

    Codes: length, digits, kind, is_a_bin, check_digit, century, birth_date (decree 406).
    """
    value = _twelve_digits(text)
    if classify(value) == "bin":
        raise IdentifierError("is_a_bin", _("This is the BIN of an organisation. Enter the IIN of a person."))
    _require_check_digit(value)
    digit = int(value[6])
    if digit == FOREIGNER_DIGIT:
        _date_of(ANY_LEAP_YEAR, value)
        return Iin(value=value, birth_date=None, sex=None, is_foreigner_flag=True)
    if digit not in CENTURY_BY_DIGIT:
        raise IdentifierError("century", _("The seventh digit of an IIN is 0 to 6. Check the number."))
    born = _date_of(CENTURY_BY_DIGIT[digit] + int(value[:2]), value)
    return Iin(value=value, birth_date=born, sex=Sex.MALE if digit % 2 else Sex.FEMALE, is_foreigner_flag=False)


def parse_bin(text: str) -> Bin:
    """Read a BIN, forgiving of spaces and dashes. Raises IdentifierError.

    Codes: length, digits, kind, not_a_bin, check_digit, month, subdivision (decree 406).
    """
    value = _twelve_digits(text)
    if classify(value) == "iin":
        raise IdentifierError("not_a_bin", _("This is the IIN of a person. Enter the BIN of an organisation."))
    _require_check_digit(value)
    month = int(value[2:4])
    if not 1 <= month <= 12:
        raise IdentifierError("month", _("The third and fourth digits of a BIN are a month. Check the number."))
    if int(value[5]) > Subdivision.FARM.value:
        raise IdentifierError("subdivision", _("The sixth digit of a BIN is 0 to 3. Check the number."))
    return Bin(
        value=value,
        registered_year_month=(int(value[:2]), month),
        kind=OrganisationKind(int(value[4])),
        subdivision=Subdivision(int(value[5])),
    )


def make_iin(birth_date: date, sex: Sex, serial: int) -> str:
    """A valid IIN for demo data and tests. Raises IdentifierError (not_issued) for a serial the decree skips."""
    digit = {century: digit for digit, century in CENTURY_BY_DIGIT.items() if digit % 2 == (sex is Sex.MALE)}
    return _with_check_digit(f"{birth_date:%y%m%d}{digit[birth_date.year // 100 * 100]}{serial:04d}")


def make_bin(
    year: int,
    month: int,
    serial: int,
    kind: OrganisationKind = OrganisationKind.RESIDENT,
    subdivision: Subdivision = Subdivision.HEAD_OFFICE,
) -> str:
    """A valid BIN for demo data and tests. Raises IdentifierError (not_issued) for a serial the decree skips."""
    return _with_check_digit(f"{year % 100:02d}{month:02d}{kind.value}{subdivision.value}{serial:05d}")


def normalise_vin(text: str) -> str:
    """A VIN as typed, in upper-case Latin without separators; nothing is checked."""
    return SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES)


def parse_vin(text: str) -> str:
    """Read a VIN (ISO 3779: 17 characters without I, O, Q). Raises IdentifierError: letters, length."""
    value = normalise_vin(text)
    wrong = [f"{place} – {letter}" for place, letter in enumerate(value, start=1) if letter not in VIN_LETTERS]
    if wrong:
        raise IdentifierError(
            "letters",
            _(
                "A VIN has only digits and Latin letters except I, O and Q. Check (place – character): %(wrong)s. "
                "What looks like O or Q is the digit 0, what looks like I is the digit 1."
            ),
            wrong=", ".join(wrong),
        )
    if len(value) != VIN_LENGTH:
        raise IdentifierError(
            "length",
            _(
                "A VIN has 17 characters, here are %(count)d. "
                "If the vehicle has no VIN, enter its body, chassis or frame number."
            ),
            count=len(value),
        )
    return value


def normalise_plate(text: str) -> str:
    """A plate number as typed, in upper-case Latin without separators; the format is not checked."""
    return SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES)


def _twelve_digits(text: str) -> str:
    value = SEPARATORS.sub("", text)
    if not (value.isascii() and value.isdigit()):
        raise IdentifierError("digits", _("An IIN or BIN consists of 12 digits only."))
    if len(value) != 12:
        raise IdentifierError(
            "length", _("An IIN or BIN has 12 digits, here are %(count)d. Check the number."), count=len(value)
        )
    return value


def _require_check_digit(value: str) -> None:
    if check_digit(value[:11]) != int(value[11]):
        raise IdentifierError(
            "check_digit", _("The check digit does not match: one of the digits is wrong. Compare with the document.")
        )


def _date_of(year: int, value: str) -> date:
    try:
        return date(year, int(value[2:4]), int(value[4:6]))
    except ValueError as error:
        raise IdentifierError(
            "birth_date", _("The first six digits of an IIN are a date of birth. Check the number.")
        ) from error


def _with_check_digit(first_eleven: str) -> str:
    last = check_digit(first_eleven)
    if last is None:
        raise IdentifierError("not_issued", _("A number with this serial is never issued."))
    return f"{first_eleven}{last}"
