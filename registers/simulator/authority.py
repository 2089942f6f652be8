"""A certificate authority for demonstrations, laid out as НУЦ РК's: root, issuing authority, keys of the demo's people.

`make` writes everything into one folder: `trusted/` for the portal, `keys/<name>.p12` for signers (password "demo").
Nothing here is trusted by anybody outside; no private key is ever part of the program.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from registers.simulator.data import Data, Row

PASSWORD = b"demo"
YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
PERSON_SIGNS, PERSON_SIGNS_IN = "1.2.398.3.3.2.3", "1.2.398.3.3.2.4"
ORGANISATION_SIGNS = "1.2.398.3.3.2.1"
INDIVIDUAL, LEGAL_ENTITY = "1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.2"
HEAD, EMPLOYEE = "1.2.398.3.3.4.1.2.1", "1.2.398.3.3.4.1.2.5"
REVOKED, ADDRESS = "revoked.json", "address"
# P-70 of the sandbox (docs/api/sandbox.md), who has keys of every wrong kind as well.
SIGNER = "840211307702"


@dataclass(frozen=True)
class Wanted:
    """One key to make: file name, holder, and what is special about it."""

    file: str
    name: str
    iin: str
    bin: str = ""
    organisation: str = ""
    starts: timedelta = -HOUR
    lasts: timedelta = YEAR
    signs_in_only: bool = False
    role: str = HEAD
    curve: ec.EllipticCurve = field(default_factory=ec.SECP256R1)
    rsa_bits: int = 0  # an RSA key of that size instead


def key_of_person(row: Row, file: str = "", **special: Any) -> Wanted:
    """The key of a person of people.csv."""
    name = " ".join(filter(None, (row["surname"], row["given_name"], row["patronymic"])))
    return Wanted(file=file or row["iin"], name=name, iin=row["iin"], **special)


def key_of_organisation(row: Row, head: Row, file: str = "", **special: Any) -> Wanted:
    """The key with which `head` of people.csv signs for an organisation of organisations.csv."""
    signer = key_of_person(head)
    name, bin_ = row["name_ru"], row["bin"]
    return Wanted(file=file or bin_, name=signer.name, iin=signer.iin, bin=bin_, organisation=name, **special)


def keys_that_do_not_sign(row: Row) -> list[Wanted]:
    """A person's keys that a portal must refuse, each for its reason: `<IIN>-expired` and so on."""
    iin = row["iin"]
    return [
        key_of_person(row, f"{iin}-expired", starts=-2 * YEAR, lasts=YEAR),
        key_of_person(row, f"{iin}-not-yet-valid", starts=YEAR),
        key_of_person(row, f"{iin}-revoked"),
        key_of_person(row, f"{iin}-signs-in", signs_in_only=True),
        key_of_person(row, f"{iin}-weak", rsa_bits=1024),
        Wanted(file=f"{iin}-nobody", name="Никто Никто", iin=""),
    ]


def make_for_all(folder: Path, data: Data, *, base_url: str, now: datetime) -> None:
    """Make the authority with a key for everybody of the tables, unless they lie there for this address already."""
    people = {row["iin"]: row for row in data.rows("people")}
    wanted = [key_of_person(row) for row in people.values()]
    organisations = [row for row in data.rows("organisations") if row["head_iin"] in people]
    wanted += [key_of_organisation(row, people[row["head_iin"]]) for row in organisations]
    wanted += keys_that_do_not_sign(people[SIGNER]) if SIGNER in people else []
    address = folder / ADDRESS
    is_made = address.exists() and address.read_text(encoding="utf-8") == base_url
    if is_made and all((folder / "keys" / f"{item.file}.p12").exists() for item in wanted):
        return
    make(folder, base_url=base_url, wanted=wanted, revoked={f"{SIGNER}-revoked"}, now=now)
    _write(address, base_url.encode())


def make(folder: Path, *, base_url: str, wanted: list[Wanted], revoked: set[str], now: datetime) -> None:
    """Make the authority and the keys; `revoked` names files of `wanted`, `base_url` is where the simulator answers."""
    for name in ("", "trusted", "keys"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key, issuing_key = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
    root_name = _name([(NameOID.COMMON_NAME, "ОҚУ НЕГІЗГІ ОРТАЛЫҒЫ (DEMO)"), (NameOID.COUNTRY_NAME, "KZ")])
    issuing_name = _name([(NameOID.COMMON_NAME, "ОҚУ ОРТАЛЫҒЫ (DEMO)"), (NameOID.COUNTRY_NAME, "KZ")])
    root = _authority(root_name, root_name, root_key, root_key, now, 1).sign(root_key, hashes.SHA384())
    builder = _authority(issuing_name, root_name, issuing_key, root_key, now, 0)
    issuing = _points(builder, f"{base_url}/pki/root.crl", "").sign(root_key, hashes.SHA384())
    _write(folder / "trusted" / "root.pem", root.public_bytes(serialization.Encoding.PEM))
    _write(folder / "issuing.pem", issuing.public_bytes(serialization.Encoding.PEM))
    for name, key in (("root", root_key), ("issuing", issuing_key)):
        _write(folder / f"{name}.key.pem", _private_pem(key))
    serials = []
    for item in wanted:
        serial = _make_key(folder, item, issuing, issuing_key, base_url, now)
        if item.file in revoked:
            serials.append(serial)
    revoke(folder, *serials)


def revoke(folder: Path, *serials: int) -> None:
    """Put certificates on the list of the revoked ones, by serial number."""
    file = folder / REVOKED
    listed = set(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else set()
    _write(file, json.dumps(sorted(listed | {str(serial) for serial in serials})).encode())


def sign(folder: Path, file: str, content: bytes) -> bytes:
    """A detached CMS (DER) over `content` with the key `keys/<file>.p12`: a person's IIN, an organisation's BIN."""
    loaded = pkcs12.load_pkcs12((folder / "keys" / f"{file}.p12").read_bytes(), PASSWORD)
    if loaded.cert is None or not isinstance(loaded.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError(f"{file}.p12 holds no key")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(loaded.cert.certificate, loaded.key, hashes.SHA256())
    for authority in loaded.additional_certs:
        builder = builder.add_certificate(authority.certificate)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def _make_key(
    folder: Path,
    item: Wanted,
    issuing: x509.Certificate,
    issuing_key: ec.EllipticCurvePrivateKey,
    base_url: str,
    now: datetime,
) -> int:
    key = rsa.generate_private_key(65537, item.rsa_bits) if item.rsa_bits else ec.generate_private_key(item.curve)
    starts = now + item.starts
    builder = x509.CertificateBuilder().subject_name(_subject(item)).issuer_name(issuing.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(starts).not_valid_after(starts + item.lasts)
    builder = builder.add_extension(_usage(signs=not item.signs_in_only), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(_purposes(item)), critical=False)
    policy_id = ORGANISATION_SIGNS if item.bin else PERSON_SIGNS_IN if item.signs_in_only else PERSON_SIGNS
    policy = x509.PolicyInformation(x509.ObjectIdentifier(policy_id), None)
    builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing_key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    builder = _points(builder, f"{base_url}/pki/issuing.crl", f"{base_url}/pki/ocsp")
    certificate = builder.sign(issuing_key, hashes.SHA256())
    content = pkcs12.serialize_key_and_certificates(
        item.file.encode(), key, certificate, [issuing], serialization.BestAvailableEncryption(PASSWORD)
    )
    _write(folder / "keys" / f"{item.file}.p12", content)
    return certificate.serial_number


def _subject(item: Wanted) -> x509.Name:
    parts = item.name.split()
    fields = [(NameOID.COMMON_NAME, " ".join(parts[:2])), (NameOID.SURNAME, parts[0])]
    if item.iin:
        fields.append((NameOID.SERIAL_NUMBER, f"IIN{item.iin}"))
    fields.append((NameOID.COUNTRY_NAME, "KZ"))
    if item.bin:
        fields += [
            (NameOID.ORGANIZATION_NAME, item.organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{item.bin}"),
        ]
    return _name(fields)


def _purposes(item: Wanted) -> list[x509.ObjectIdentifier]:
    use = ExtendedKeyUsageOID.CLIENT_AUTH if item.signs_in_only else ExtendedKeyUsageOID.EMAIL_PROTECTION
    holder = [LEGAL_ENTITY, item.role] if item.bin else [INDIVIDUAL]
    return [use, *(x509.ObjectIdentifier(oid) for oid in holder)]


def _authority(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    length: int,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - 2 * YEAR).not_valid_after(now + 10 * YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=length), critical=True)
    builder = builder.add_extension(_usage(signs=False, is_authority=True), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return builder.add_extension(identifier, critical=False)


def _points(builder: x509.CertificateBuilder, crl: str, ocsp: str) -> x509.CertificateBuilder:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if not ocsp:
        return builder
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp))
    return builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)


def _usage(*, signs: bool, is_authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(fields: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, _shortened(value)) for oid, value in fields])


def _shortened(value: str) -> str:
    # The limit counts bytes, and a Cyrillic letter is two.
    return value.encode()[:64].decode(errors="ignore").strip()


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
