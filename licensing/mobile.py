"""The licence on a phone: a signed QR code that a patrol reads without network (DL.5).

The text is `<portal>/verify/<code>/#<payload>.<signature>`; the part behind # never leaves the phone that opens it. The
payload says no more than a check on the road needs: number, initials, term, categories with their days, whether there
are restrictions, and a hash that lets the reader compare the IIN of the identity card. No name, no birth date, no face:
whoever photographs the code learns nothing that identifies the driver. That a licence was withdrawn since, only the
network knows; the reader is told to open the address when there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature

from applications.keys import qr_key, qr_public_keys
from applications.paper_codes import ForgedCodeError, address, decode, encode, subject_hash

KIND = "mobile_licence"


@dataclass(frozen=True)
class MobileLicence:
    """What the code proves. `categories` maps each to the day since which it is held."""

    number: str
    initials: str
    issued_on: date
    valid_until: date
    categories: dict[str, date]
    has_restrictions: bool
    subject_hash: str
    key_id: str

    @property
    def text(self) -> str:
        held = ",".join(f"{code}={since.isoformat()}" for code, since in self.categories.items())
        restricted = "1" if self.has_restrictions else "0"
        days = (self.issued_on.isoformat(), self.valid_until.isoformat())
        return ";".join((KIND, self.number, self.initials, *days, held, restricted, self.subject_hash, self.key_id))

    def holds(self, on: date) -> bool:
        """Whether the term runs on the day `on`; what happened to the licence since, the code cannot know."""
        return self.issued_on <= on <= self.valid_until


def hash_of(code: str, iin: str) -> str:
    """What the IIN of the identity card must give, salted with the code of the paper."""
    return subject_hash(code, plate="", vin=iin)


def signed(
    *,
    code: str,
    number: str,
    initials: str,
    issued_on: date,
    valid_until: date,
    categories: dict[str, date],
    has_restrictions: bool,
    iin: str,
) -> str:
    """The text of the QR code. Raises MissingKeyError."""
    key_id, key = qr_key()
    licence = MobileLicence(
        number, initials, issued_on, valid_until, categories, has_restrictions, hash_of(code, iin), key_id
    )
    payload = licence.text.encode()
    return f"{address(code)}#{encode(payload)}.{encode(key.sign(payload))}"


def verified(text: str) -> MobileLicence:
    """What the QR code `text` proves, by the published keys alone. Raises ForgedCodeError."""
    try:
        payload, signature = (decode(part) for part in text.strip().rsplit("#", maxsplit=1)[1].split("."))
        kind, number, initials, issued_on, valid_until, held, restricted, subject, key_id = payload.decode().split(";")
        if kind != KIND:
            raise ValueError(kind)
        categories = {code: date.fromisoformat(day) for code, day in (item.split("=") for item in held.split(","))}
        licence = MobileLicence(
            number,
            initials,
            date.fromisoformat(issued_on),
            date.fromisoformat(valid_until),
            categories,
            restricted == "1",
            subject,
            key_id,
        )
        qr_public_keys()[key_id].verify(signature, payload)
    except (IndexError, KeyError, ValueError, InvalidSignature) as error:
        raise ForgedCodeError("The code was not signed by this portal, or was altered.") from error
    return licence
