"""Verification of electronic signatures (ЭЦП): a detached CMS over given bytes → who signed, when, with which key.

RSA and EC signatures are verified here with pyHanko against the authorities in SIGNATURE_AUTHORITIES_DIR; signatures
with Kazakh GOST keys go to an NCANode service. Trouble outside never lets a signature pass.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import cms as asn1_cms
from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import load_der_x509_certificate
from django.conf import settings
from pyhanko.sign.general import MultivaluedAttributeError, SignedDataCerts, extract_certificate_info
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator import errors as path_errors
from pyhanko_certvalidator.path import ValidationPath

from registers import gost_signatures
from registers.revocation import evidence_for
from registers.signature_errors import SignatureError
from registers.signing_certificates import holder_of, require_signing_key, require_valid

MAX_CMS_BYTES = 65_536
MAX_CERTIFICATES = 10
CLOCK_SKEW = timedelta(minutes=5)
STRONG_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
# asn1crypto and pyHanko read lazily and raise whatever the bytes lead them to.
LAZY_READING = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    AssertionError,
    RecursionError,
    InvalidSignature,
    UnsupportedAlgorithm,
    MultivaluedAttributeError,
)
LEAST_RSA_BITS, LEAST_EC_BITS = 2048, 256
# RFC 5280, 4.1.2.2: twenty octets.
LONGEST_SERIAL_BITS = 160


@dataclass(frozen=True)
class SignatureFacts:
    """A verified signature. `signer` is the BIN when an organisation signed, otherwise the IIN."""

    signer: str
    signer_name: str
    iin: str
    bin: str
    certificate_serial: str
    signed_at: datetime


@dataclass(frozen=True)
class _Parsed:
    data: asn1_cms.SignedData
    signer: asn1_cms.SignerInfo
    certificates: SignedDataCerts
    signed_at: datetime


def verify(content: bytes, cms: bytes, *, now: datetime, accepted: Collection[str] | None = None) -> SignatureFacts:
    """The facts of the detached signature `cms` (DER or PEM) over `content`, judged at the aware instant `now`.

    `accepted` are the IINs and BINs that may sign, None for anybody. Raises SignatureError with a code of
    signature_errors.MESSAGES; one that is retryable says nothing about the signature.
    """
    try:
        return _verify(content, cms, now, accepted)
    except LAZY_READING as error:
        raise SignatureError("malformed") from error


def _verify(content: bytes, cms: bytes, now: datetime, accepted: Collection[str] | None) -> SignatureFacts:
    parsed = _parse(cms)
    certificate = parsed.certificates.signer_cert
    algorithm = parsed.signer["signature_algorithm"]["algorithm"].dotted
    holder = holder_of(certificate)
    if certificate.serial_number.bit_length() > LONGEST_SERIAL_BITS:
        raise SignatureError("malformed")
    # Before anybody outside is asked: what is out of time needs no answer about revocation.
    _judge_time(parsed.signed_at, certificate, now)
    if gost_signatures.is_gost(algorithm):
        gost_signatures.verify(content, parsed.data, certificate, holder)
    else:
        _verify_here(content, parsed, now)
    require_signing_key(certificate, holder)
    if accepted is not None and holder.identifier not in accepted:
        raise SignatureError("wrong_person")
    return SignatureFacts(
        signer=holder.identifier,
        signer_name=holder.name,
        iin=holder.iin,
        bin=holder.bin,
        certificate_serial=f"{certificate.serial_number:X}",
        signed_at=parsed.signed_at,
    )


def authorities() -> list[x509.Certificate]:
    """The certificates that are trusted, as they lie in the folder now. Raises SignatureError "no_authorities"."""
    folder = Path(settings.SIGNATURE_AUTHORITIES_DIR)
    found = []
    for file in sorted(folder.glob("*")):
        if file.suffix.lower() in {".pem", ".cer", ".crt", ".der"}:
            try:
                found.append(x509.Certificate.load(_der(file.read_bytes())))
            except (ValueError, OSError) as error:
                raise SignatureError("no_authorities") from error
    if not found:
        raise SignatureError("no_authorities")
    return found


def _parse(cms: bytes) -> _Parsed:
    if not cms or len(cms) > MAX_CMS_BYTES:
        raise SignatureError("malformed")
    try:
        info = asn1_cms.ContentInfo.load(_der(cms), strict=True)
        if info["content_type"].native != "signed_data":
            raise SignatureError("malformed")
        data = info["content"]
        _require_one_detached(data)
        certificates = extract_certificate_info(data)
        signer = data["signer_infos"][0]
        return _Parsed(data, signer, certificates, _signing_time(signer))
    except LAZY_READING as error:
        raise SignatureError("malformed") from error


def _require_one_detached(data: asn1_cms.SignedData) -> None:
    is_detached = data["encap_content_info"]["content"].native is None
    if not is_detached or len(data["signer_infos"]) != 1 or len(data["certificates"]) > MAX_CERTIFICATES:
        raise SignatureError("malformed")


def _signing_time(signer: asn1_cms.SignerInfo) -> datetime:
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            value = attribute["values"][0].native
            if isinstance(value, datetime) and value.tzinfo is not None:
                return value
    raise SignatureError("no_signing_time")


def _judge_time(signed_at: datetime, certificate: x509.Certificate, now: datetime) -> None:
    require_valid(certificate, now)
    if signed_at > now + CLOCK_SKEW:
        raise SignatureError("signed_in_future")
    if signed_at < now - timedelta(hours=settings.SIGNATURE_MAX_AGE_HOURS) - CLOCK_SKEW:
        raise SignatureError("signed_too_long_ago")
    require_valid(certificate, min(signed_at, now))


def _verify_here(content: bytes, parsed: _Parsed, now: datetime) -> None:
    _require_strong(parsed)
    roots = authorities()
    # pyHanko runs an event loop of its own, which a thread that is inside one already does not allow.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _require_intact(content, parsed, _context(roots, parsed, now))).result()
        path = thread.submit(asyncio.run, _path(parsed, _context(roots, parsed, now))).result()
        for certificate in path:
            _require_strong_certificate(certificate)
        ocsps, crls = evidence_for(list(path))
        checked = _context(roots, parsed, now, ocsps=ocsps, crls=crls)
        thread.submit(asyncio.run, _path(parsed, checked)).result()


async def _require_intact(content: bytes, parsed: _Parsed, context: ValidationContext) -> None:
    # The certificate is judged by require_signing_key, in words of its own.
    anything = KeyUsageConstraints(key_usage=set())
    try:
        status = await async_validate_detached_cms(content, parsed.data, context, key_usage_settings=anything)
    except LAZY_READING as error:
        raise SignatureError("malformed") from error
    if not (status.intact and status.valid):
        raise SignatureError("altered")


def _context(
    roots: Sequence[x509.Certificate],
    parsed: _Parsed,
    now: datetime,
    *,
    ocsps: Sequence[bytes] | None = None,
    crls: Sequence[bytes] | None = None,
) -> ValidationContext:
    """What a path is judged by; with answers about revocation, every certificate below the root needs one."""
    mode = "soft-fail" if ocsps is None else "require"
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(parsed.certificates.other_certs),
        moment=now,
        ocsps=ocsps,
        crls=crls,
        revocation_mode=mode,
        time_tolerance=CLOCK_SKEW if ocsps is not None else timedelta(0),
    )


async def _path(parsed: _Parsed, context: ValidationContext) -> ValidationPath:
    validator = CertificateValidator(parsed.certificates.signer_cert, validation_context=context)
    try:
        return await validator.async_validate_path()
    except path_errors.ExpiredError as error:
        raise SignatureError("expired") from error
    except path_errors.NotYetValidError as error:
        raise SignatureError("not_yet_valid") from error
    except path_errors.RevokedError as error:
        raise SignatureError("revoked") from error
    except path_errors.InsufficientRevinfoError as error:
        raise SignatureError("revocation_unavailable") from error
    except (path_errors.PathError, path_errors.ValidationError) as error:
        raise SignatureError("unknown_authority") from error


def _require_strong(parsed: _Parsed) -> None:
    digest, algorithm = parsed.signer["digest_algorithm"]["algorithm"].native, parsed.signer["signature_algorithm"]
    # Plain RSA names no digest of its own: it signs with that of the text. Any other may name a weaker one than that.
    signs_with = digest if algorithm["algorithm"].native == "rsassa_pkcs1v15" else algorithm.hash_algo
    if not {digest, signs_with} <= STRONG_DIGESTS:
        raise SignatureError("weak_algorithm")
    _require_strong_certificate(parsed.certificates.signer_cert)


def _require_strong_certificate(certificate: x509.Certificate) -> None:
    try:
        digest = certificate["signature_algorithm"].hash_algo
        key = load_der_x509_certificate(certificate.dump()).public_key()
        is_strong = digest in STRONG_DIGESTS and (
            (isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS)
            or (isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= LEAST_EC_BITS)
        )
    except (ValueError, UnsupportedAlgorithm):
        is_strong = False
    if not is_strong:
        raise SignatureError("weak_algorithm")


def _der(content: bytes) -> bytes:
    if pem.detect(content):
        _kind, _headers, content = pem.unarmor(content)
    return content
