"""The keys papers are signed with: one certificate per office, one pair for QR codes (inventory: docs/keys.md).

They lie as PEM files below KEYS_DIR, readable by the portal's account alone. Web processes need only the public halves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from offices.models import Office

AUTHORITY = "development-ca"
AUTHORITY_DAYS = 3650
OFFICE_DAYS = 1095
# The longest common name a certificate may have.
MAX_COMMON_NAME = 64
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class MissingKeyError(Exception):
    """A key that signing needs is not there; the text says which and how to make it."""


@dataclass(frozen=True)
class OfficeKey:
    """Where one office's private key and certificate lie, and the certificate of whoever vouches for it."""

    key_file: Path
    certificate_file: Path
    authority_file: Path

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    @property
    def is_development(self) -> bool:
        """Whether the certificate comes from the portal's own authority, which nobody outside trusts."""
        units = self.certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return any(unit.value == "development" for unit in units)


def office_files(code: str) -> OfficeKey:
    folder = settings.KEYS_DIR / "offices"
    return OfficeKey(folder / f"{code}.key.pem", folder / f"{code}.pem", settings.KEYS_DIR / f"{AUTHORITY}.pem")


def office_key(code: str) -> OfficeKey:
    """The signing key of the office with that code. Raises MissingKeyError."""
    files = office_files(code)
    if not (files.key_file.exists() and files.certificate_file.exists()):
        raise MissingKeyError(f"no signing key for office {code}: run make_keys")
    return files


def qr_key() -> tuple[str, ed25519.Ed25519PrivateKey]:
    """The id and the private key QR codes are signed with now: the newest there is. Raises MissingKeyError."""
    files = sorted((settings.KEYS_DIR / "qr").glob("*.key.pem"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise MissingKeyError("no key for QR codes: run make_keys")
    key = serialization.load_pem_private_key(files[-1].read_bytes(), password=None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise MissingKeyError(f"{files[-1].name} is no Ed25519 key: run make_keys")
    return files[-1].name.removesuffix(".key.pem"), key


def qr_public_keys() -> dict[str, ed25519.Ed25519PublicKey]:
    """Every public key QR codes were ever signed with, by id: papers outlive keys."""
    keys = {}
    for file in sorted((settings.KEYS_DIR / "qr").glob("*.pub.pem")):
        key = serialization.load_pem_public_key(file.read_bytes())
        if isinstance(key, ed25519.Ed25519PublicKey):
            keys[file.name.removesuffix(".pub.pem")] = key
    return keys


def make_missing(offices: Iterable[Office], now: datetime) -> list[str]:
    """Make every key that is not there yet, leave the others alone. Returns what was made, for people to read."""
    made = []
    for folder in (settings.KEYS_DIR, settings.KEYS_DIR / "offices", settings.KEYS_DIR / "qr"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority_key, authority, is_new = development_authority(now)
    if is_new:
        made.append("development certificate authority")
    for office in offices:
        if not office_files(office.code).certificate_file.exists():
            make_office_key(office, authority_key, authority, now)
            made.append(f"signing key of office {office.code}")
    if not list((settings.KEYS_DIR / "qr").glob("*.key.pem")):
        made.append(f"QR key {make_qr_key()}")
    return made


def development_authority(now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, bool]:
    """The development authority's key and certificate, made when there is none; the last says whether it is new."""
    key_file = settings.KEYS_DIR / f"{AUTHORITY}.key.pem"
    certificate_file = settings.KEYS_DIR / f"{AUTHORITY}.pem"
    if key_file.exists() and certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key, x509.load_pem_x509_certificate(certificate_file.read_bytes()), False
    key = ec.generate_private_key(ec.SECP256R1())
    name = subject("Vehicle registration portal, development", "development")
    builder = certificate_builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(key_usage(signs_certificates=True), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    write_private(key_file, private_pem(key))
    write_private(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate, True


def make_office_key(
    office: Office, authority_key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, now: datetime
) -> None:
    """A P-256 key for `office` and a certificate of the development authority that carries the office's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = subject(office.name_in("ru"), f"{office.code} development")
    builder = certificate_builder(name, authority.subject, key.public_key(), now, OFFICE_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(key_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
    )
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = builder.add_extension(issuer_key, critical=False).sign(authority_key, hashes.SHA256())
    files = office_files(office.code)
    write_private(files.key_file, private_pem(key))
    write_private(files.certificate_file, certificate.public_bytes(serialization.Encoding.PEM))


def make_qr_key() -> str:
    """A new Ed25519 pair; returns its id, the beginning of the public key's hash."""
    key = ed25519.Ed25519PrivateKey.generate()
    identifier = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:8]
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_private(settings.KEYS_DIR / "qr" / f"{identifier}.pub.pem", public)
    write_private(settings.KEYS_DIR / "qr" / f"{identifier}.key.pem", private_pem(key))
    return identifier


def subject(common_name: str, unit: str) -> x509.Name:
    # The limit counts bytes, and a Cyrillic letter is two.
    shortened = common_name.encode()[:MAX_COMMON_NAME].decode(errors="ignore").strip()
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, shortened),
        ]
    )


def certificate_builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    # An hour back, so that a signature made in the first second is inside the validity on a clock that lags.
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def private_pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_private(file: Path, content: bytes) -> None:
    """Write a file nobody else may read, whole or not at all."""
    unfinished = file.with_suffix(".new")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
    unfinished.replace(file)
