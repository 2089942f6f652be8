"""PAdES signatures (B-B level) on papers, made with the issuing office's key, and their verification."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

from applications.keys import OfficeKey

FIELD = "OfficeSignature"


@dataclass(frozen=True)
class Verdict:
    """What a PDF's signature is worth: untouched since, from a certificate the given authority vouches for, by whom."""

    is_intact: bool
    is_trusted: bool
    covers_whole_file: bool
    signer: str


def sign(pdf: bytes, *, key: OfficeKey, office_name: str) -> bytes:
    """`pdf` with an invisible signature of the office over all of it."""
    # pyHanko weighs tens of megabytes; only workers sign, so web workers must not load it.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    signer = SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(key.key_file), str(key.certificate_file), ca_chain_files=[str(key.authority_file)], key_passphrase=None
    )
    metadata = PdfSignatureMetadata(
        field_name=FIELD, name=office_name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    # pyHanko runs an event loop of its own, which a thread that is inside one already (a browser test) does not allow.
    with ThreadPoolExecutor(1) as thread:
        signed = thread.submit(PdfSigner(metadata, signer).sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf))).result()
    content: bytes = signed.getvalue()
    return content


def verify(pdf: bytes, *, authority: bytes) -> Verdict:
    """Check the office's signature against the certificate of an authority (PEM). Raises ValueError without one."""
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    if not signatures:
        raise ValueError("The PDF carries no signature.")
    context = ValidationContext(trust_roots=list(load_certs_from_pemder_data(authority)), allow_fetching=False)
    status = validate_pdf_signature(signatures[0], context)
    return Verdict(
        is_intact=status.intact and status.valid,
        is_trusted=status.trusted,
        covers_whole_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        signer=status.signing_cert.subject.native["common_name"],
    )
