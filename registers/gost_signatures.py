"""Signatures with Kazakh GOST keys, which Python cannot verify: an NCANode service (`POST /cms/verify`) does it."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace

from asn1crypto import cms as asn1_cms
from asn1crypto import x509
from pydantic import BaseModel

from registers import lines, transport
from registers.signature_errors import SignatureError
from registers.signing_certificates import Holder

# GOST 34.310-2004 and GOST R 34.10-2015 of Kazakhstan (nca_oids.csv).
GOST = "1.2.398.3.10.1.1."
SERVICE = "signature_service"


class Subject(BaseModel):
    """Of whom NCANode speaks."""

    iin: str = ""
    bin: str = ""


class Revocation(BaseModel):
    """What one way of asking about revocation gave."""

    revoked: bool
    by: str


class Certificate(BaseModel):
    """One certificate of a signer as NCANode v3 judges it."""

    valid: bool
    revocations: list[Revocation]
    subject: Subject


class Signer(BaseModel):
    certificates: list[Certificate]


class Verification(BaseModel):
    """The reply of `POST /cms/verify`."""

    valid: bool
    signers: list[Signer] = []


def is_gost(algorithm: str) -> bool:
    """Whether a signature algorithm OID is one of Kazakh GOST."""
    return algorithm.startswith(GOST)


def verify(content: bytes, data: asn1_cms.SignedData, certificate: x509.Certificate, holder: Holder) -> None:
    """Pass a signature that NCANode finds good, its chain and revocation included.

    Raises SignatureError: "altered", "revoked", "unknown_authority", "malformed", or "service_unavailable" when the
    service does not answer, answers nonsense, or speaks of somebody else than the certificate's holder.
    """
    # The signer's certificate alone: of two with the same issuer and number the service might judge the other one.
    sent = data.copy()
    sent["certificates"] = [asn1_cms.CertificateChoices("certificate", certificate)]
    whole = asn1_cms.ContentInfo({"content_type": "signed_data", "content": sent})
    body: dict[str, object] = {
        "cms": base64.b64encode(whole.dump()).decode(),
        "data": base64.b64encode(content).decode(),
        "revocationCheck": ["OCSP", "CRL"],
    }
    service = lines.line(SERVICE)
    try:
        raw = transport.post(replace(service, url=f"{service.url}/cms/verify"), body, request_id=str(uuid.uuid4()))
        reply = Verification.model_validate_json(raw)
    except transport.TroubleError as trouble:
        # NCANode answers 400 to a CMS that it cannot read.
        refused = trouble.code == "unavailable.status" and trouble.raw.startswith("HTTP 400")
        raise SignatureError("malformed" if refused else "service_unavailable") from trouble
    except ValueError as error:
        raise SignatureError("service_unavailable") from error
    _judge(reply, holder)


def _judge(reply: Verification, holder: Holder) -> None:
    if not reply.signers and not reply.valid:
        raise SignatureError("altered")
    if len(reply.signers) != 1 or not reply.signers[0].certificates:
        raise SignatureError("service_unavailable")
    answered = reply.signers[0].certificates[0]
    if (answered.subject.iin, answered.subject.bin) != (holder.iin, holder.bin):
        raise SignatureError("service_unavailable")
    if any(revocation.revoked for revocation in answered.revocations):
        raise SignatureError("revoked")
    if not answered.revocations:
        raise SignatureError("revocation_unavailable")
    if not answered.valid:
        raise SignatureError("unknown_authority")
    if not reply.valid:
        raise SignatureError("altered")
