"""What the demo's certificate authority tells over HTTP: OCSP answers and CRLs; and a stand-in for NCANode."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from registers.simulator.authority import REVOKED

LISTS = {"root.crl": "root", "issuing.crl": "issuing"}
FAITHFUL = timedelta(hours=1)


def certificate_list(folder: Path, name: str) -> bytes:
    """The CRL of that name (DER), made anew. Raises KeyError for another name."""
    authority = LISTS[name]
    certificate, key = _authority(folder, authority)
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
    builder = builder.last_update(now - FAITHFUL).next_update(now + FAITHFUL)
    for serial in _revoked(folder) if authority == "issuing" else ():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - FAITHFUL)
        builder = builder.add_revoked_certificate(entry.build())
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    signed = builder.add_extension(identifier, critical=False).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def ocsp_answer(folder: Path, request: bytes) -> bytes:
    """The issuing authority's answer (DER) about one certificate. Raises ValueError for a request it cannot read."""
    asked = ocsp.load_der_ocsp_request(request)
    certificate, key = _authority(folder, "issuing")
    now = datetime.now(UTC)
    is_revoked = asked.serial_number in _revoked(folder)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now - timedelta(minutes=1),
        next_update=now + FAITHFUL,
        revocation_time=now - FAITHFUL if is_revoked else None,
        revocation_reason=None,
    )
    answer = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate).sign(key, hashes.SHA256())
    return answer.public_bytes(serialization.Encoding.DER)


def gost_verification(question: dict[str, Any]) -> dict[str, Any]:
    """NCANode's reply about a stand-in GOST signature, whose value is the SHA-256 of the content instead of GOST."""
    data = cms.ContentInfo.load(base64.b64decode(question["cms"]))["content"]
    signer, certificate = data["signer_infos"][0], data["certificates"][0].chosen
    digest = hashes.Hash(hashes.SHA256())
    digest.update(base64.b64decode(question["data"]))
    is_good = signer["signature"].native == digest.finalize()
    subject = certificate.subject.native
    unit = str(subject.get("organizational_unit_name", ""))
    answered = {
        "valid": True,
        "revocations": [{"revoked": False, "by": by} for by in question["revocationCheck"]],
        "notBefore": certificate.not_valid_before.isoformat(),
        "notAfter": certificate.not_valid_after.isoformat(),
        "keyUsage": "SIGN",
        "serialNumber": f"{certificate.serial_number:x}",
        "subject": {
            "commonName": subject.get("common_name", ""),
            "iin": str(subject.get("serial_number", "")).removeprefix("IIN"),
            **({"bin": unit.removeprefix("BIN")} if unit else {}),
        },
    }
    return {"status": 200, "message": "OK", "valid": is_good, "signers": [{"certificates": [answered]}]}


def _authority(folder: Path, name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    place = folder / "trusted" if name == "root" else folder
    certificate = x509.load_pem_x509_certificate((place / f"{name}.pem").read_bytes())
    key = serialization.load_pem_private_key((folder / f"{name}.key.pem").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{name}.key.pem is no EC key")
    return certificate, key


def _revoked(folder: Path) -> list[int]:
    file = folder / REVOKED
    return [int(serial) for serial in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []
