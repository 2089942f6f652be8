"""The demo people who may enter: those whose keys for electronic signatures lie in the folder of keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import NameOID

from examples.portal import settings

PASSWORD = "demo"  # noqa: S105 - printed in the documentation


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo data, named as their certificate does."""

    iin: str
    name: str


def everybody() -> list[DemoPerson]:
    """Everybody with a key of their own, by name; keys of organisations are left out."""
    found = (_read(file, file.stat().st_mtime_ns) for file in settings.KEYS.glob("*.p12"))
    return sorted((person for person in found if person is not None), key=lambda person: person.name)


def person(iin: str) -> DemoPerson | None:
    """The person with this IIN, if they have a key."""
    file = key_of(iin)
    return _read(file, file.stat().st_mtime_ns) if iin.isdigit() and file.exists() else None


def key_of(iin: str) -> Path:
    """The file of a person's key."""
    keys: Path = settings.KEYS
    return keys / f"{iin}.p12"


@cache
def _read(file: Path, _changed: int) -> DemoPerson | None:
    certificate = pkcs12.load_pkcs12(file.read_bytes(), PASSWORD.encode()).cert
    if certificate is None:
        return None
    subject = certificate.certificate.subject
    serials = [str(item.value) for item in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    names = [str(item.value) for item in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    is_own = serials == [f"IIN{file.stem}"]
    return DemoPerson(file.stem, names[0]) if is_own and names else None
