"""Is a certificate revoked? OCSP and, where that gives nothing, CRLs; over HTTP, in bounded time, from known hosts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from urllib.parse import urlsplit

import httpx
from asn1crypto import crl, ocsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp as ocsp_requests
from django.conf import settings
from django.core.cache import cache

from registers.signature_errors import SignatureError

MAX_OCSP_BYTES = 65_536
MAX_CRL_BYTES = 20_000_000
MAX_ADDRESSES = 3
PIECE_SECONDS = 3.0
KEPT = "registers:crl:"
# A root's list may be stated to hold for months; an authority that is revoked meanwhile shall not pass that long.
KEPT_AT_MOST = timedelta(hours=1)


def evidence_for(path: Sequence[x509.Certificate]) -> tuple[list[ocsp.OCSPResponse], list[crl.CertificateList]]:
    """Answers about each certificate of the path, from the root down, but the root; they are not judged yet.

    Raises SignatureError "revocation_unavailable" when a certificate has no answer within the time that is allowed.
    """
    deadline = time.monotonic() + settings.SIGNATURE_REVOCATION_SECONDS
    ocsps, crls = [], []
    timeout = httpx.Timeout(min(PIECE_SECONDS, settings.SIGNATURE_REVOCATION_SECONDS))
    with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client:
        for issuer, certificate in pairwise(path):
            answer = _ask(client, certificate, issuer, deadline)
            if answer is not None:
                ocsps.append(answer)
                continue
            listed = _list(client, certificate, issuer, deadline)
            if listed is None:
                raise SignatureError("revocation_unavailable")
            crls.append(listed)
    return ocsps, crls


def _ask(
    client: httpx.Client, certificate: x509.Certificate, issuer: x509.Certificate, deadline: float
) -> ocsp.OCSPResponse | None:
    subject, authority = (certificates.load_der_x509_certificate(item.dump()) for item in (certificate, issuer))
    builder = ocsp_requests.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1())  # noqa: S303
    body = builder.build().public_bytes(serialization.Encoding.DER)
    for url in certificate.ocsp_urls[:MAX_ADDRESSES]:
        request = client.build_request("POST", url, content=body, headers={"Content-Type": "application/ocsp-request"})
        content = _content(client, request, MAX_OCSP_BYTES, deadline)
        try:
            answer = ocsp.OCSPResponse.load(content, strict=True) if content else None
            if answer is not None and answer["response_status"].native == "successful":
                return answer
        except ValueError:
            continue
    return None


def _list(
    client: httpx.Client, certificate: x509.Certificate, issuer: x509.Certificate, deadline: float
) -> crl.CertificateList | None:
    urls = [point.url for point in certificate.crl_distribution_points if point.url]
    for url in urls[:MAX_ADDRESSES]:
        key = KEPT + hashlib.sha256(issuer.dump() + url.encode()).hexdigest()
        kept = cache.get(key)
        content = kept or _content(client, client.build_request("GET", url), MAX_CRL_BYTES, deadline)
        try:
            if content:
                listed = crl.CertificateList.load(content, strict=True)
                listed["tbs_cert_list"].native  # noqa: B018 - reads it all, so that nonsense shows here
                if certificate.ca and not kept:
                    _keep(key, content, issuer)
                return listed
        except (ValueError, TypeError):
            continue
    return None


def _keep(key: str, content: bytes, issuer: x509.Certificate) -> None:
    """Keep the list about an authority as long as it holds, but only one that its issuer signed."""
    listed = certificates.load_der_x509_crl(content)
    public_key = certificates.load_der_x509_certificate(issuer.dump()).public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return
    if listed.is_signature_valid(public_key) and listed.next_update_utc is not None:
        holds = min(listed.next_update_utc - datetime.now(UTC), KEPT_AT_MOST)
        cache.set(key, content, timeout=max(0, int(holds.total_seconds())))


def _content(client: httpx.Client, request: httpx.Request, limit: int, deadline: float) -> bytes | None:
    """The body of a 200 answer from an allowed host, or None."""
    if not _is_allowed(str(request.url)) or time.monotonic() > deadline:
        return None
    received = bytearray()
    try:
        response = client.send(request, stream=True)
        try:
            if response.status_code != HTTPStatus.OK:
                return None
            for piece in response.iter_bytes():
                received += piece
                if len(received) > limit or time.monotonic() > deadline:
                    return None
        finally:
            response.close()
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return None
    return bytes(received)


def _is_allowed(url: str) -> bool:
    # The address stands in the certificate: whoever made that must not send the portal anywhere he likes.
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.netloc.lower() in settings.SIGNATURE_REVOCATION_HOSTS
