"""Signing with a key of НУЦ РК, or one of the demo's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12


class Key:
    """A person's or organisation's key for electronic signatures, from a PKCS #12 file (`.p12`)."""

    def __init__(self, file: str | Path, password: str = "demo") -> None:  # noqa: S107 - the demo's keys have it
        loaded = pkcs12.load_pkcs12(Path(file).read_bytes(), password.encode())
        if loaded.cert is None or loaded.key is None:
            raise ValueError(f"{file} holds no key with its certificate")
        self._key: Any = loaded.key
        self._certificate = loaded.cert.certificate
        self._chain = [item.certificate for item in loaded.additional_certs]

    def sign(self, text: bytes) -> bytes:
        """The detached CMS signature (DER) of these very bytes, with signing time, certificate and chain."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(text)
        builder = builder.add_signer(self._certificate, self._key, hashes.SHA256())
        for certificate in self._chain:
            builder = builder.add_certificate(certificate)
        return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
