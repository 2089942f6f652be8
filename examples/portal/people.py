"""Who may enter: the people and organisations whose keys for electronic signatures lie in the folder of keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import NameOID

from examples.portal import settings

PASSWORD = "demo"  # noqa: S105 - printed in the documentation


@dataclass(frozen=True)
class Party:
    """A person, or an organisation through its head, named as the certificate does; `identifier` is an IIN or BIN."""

    identifier: str
    name: str
    head_iin: str = ""
    head_name: str = ""

    @property
    def representative(self) -> dict[str, dict[str, str]]:
        """What the API is told of who acts: an organisation acts through its head, who needs no power of attorney."""
        return {"representative": {"identifier": self.head_iin}} if self.head_iin else {}


def everybody() -> list[Party]:
    """Everybody with a key of their own, by name, people before organisations."""
    found = (_read(file, file.stat().st_mtime_ns) for file in settings.KEYS.glob("*.p12"))
    return sorted((party for party in found if party is not None), key=lambda party: (bool(party.head_iin), party.name))


def party(identifier: str) -> Party | None:
    """The person with this IIN or the organisation with this BIN, if there is a key."""
    file = key_of(identifier)
    return _read(file, file.stat().st_mtime_ns) if identifier.isdigit() and file.exists() else None


def key_of(identifier: str) -> Path:
    """The file of a key."""
    keys: Path = settings.KEYS
    return keys / f"{identifier}.p12"


@cache
def _read(file: Path, _changed: int) -> Party | None:
    certificate = pkcs12.load_pkcs12(file.read_bytes(), PASSWORD.encode()).cert
    if certificate is None:
        return None

    def told(field: ObjectIdentifier) -> str:
        found = certificate.certificate.subject.get_attributes_for_oid(field)
        return str(found[0].value) if found else ""

    iin, name = told(NameOID.SERIAL_NUMBER).removeprefix("IIN"), told(NameOID.COMMON_NAME)
    if told(NameOID.ORGANIZATIONAL_UNIT_NAME) == f"BIN{file.stem}":
        return Party(file.stem, told(NameOID.ORGANIZATION_NAME), iin, name)
    return Party(iin, name) if file.stem == iin and name else None
