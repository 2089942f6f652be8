"""Small files that unfold into gigabytes: refused quickly, without unfolding them (issue 4, compressed bombs)."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application
from tests.fixtures_api import V1, opened
from tests.fixtures_registers import demo_person
from tests.test_documents import huge_png, picture

pytestmark = pytest.mark.django_db
GIGABYTE = 1024**3
# Kilobytes of memory that a refusal may cost.
LITTLE = 400 * 1024


@pytest.fixture
def number(portal) -> str:
    made = opened(portal, demo_person("P-02")["iin"]).json()
    details = {"act": "registration", "ownership_proof": "notarised"}
    portal.put(f"applications/{made['number']}/details", details, match=made["version"])
    return made["number"]


def deflated(size: int) -> bytes:
    """`size` zeros as zlib writes them, without ever holding them at once."""
    packer, piece = zlib.compressobj(1), bytes(1024**2)
    return b"".join(packer.compress(piece) for _turn in range(size // len(piece))) + packer.flush()


def pdf_with(content: bytes, filters: list[pikepdf.Name]) -> bytes:
    """A PDF of one page whose stream of content is `content`, already packed by `filters`."""
    output = BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(595, 842))
        stream = pikepdf.Stream(made, b"")
        stream.write(content, filter=pikepdf.Array(filters), decode_parms=None)
        page.Contents = made.make_indirect(stream)
        made.save(output, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return output.getvalue()


def test_a_compressed_body_is_refused_unread(portal, number):
    """As JSON and as a document."""
    bomb = gzip.compress(bytes(64 * 1024**2), 1)
    words = {"Authorization": f"Bearer {portal.token}", "Content-Encoding": "gzip", "Idempotency-Key": "key-of-a-bomb"}
    for path, kind in (
        ("applications", "application/json"),
        (f"applications/{number}/documents", "multipart/form-data; boundary=x"),
    ):
        answer = portal.browser.post(V1 + path, bomb, content_type=kind, headers=words)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type"), path


def bombs() -> dict[str, bytes]:
    once = deflated(GIGABYTE)
    twice = zlib.compress(once, 9)
    flate = pikepdf.Name.FlateDecode
    return {
        "a picture of 30,000 × 30,000 pixels": huge_png(),
        "a picture of many pixels": picture("PNG", size=(20_000, 20_000), mode="1"),
        "a page packed once": pdf_with(once, [flate]),
        "a page packed twice": pdf_with(twice, [flate, flate]),
    }


def kilobytes(name: str) -> int:
    """What the kernel says of this process's memory."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith(f"{name}:")).split()[1])


def test_a_document_that_unfolds_into_gigabytes_is_refused(portal, number):
    for name, content in bombs().items():
        # The highest mark is the whole process's: it begins anew, or an earlier test would hide what this one takes.
        Path("/proc/self/clear_refs").write_text("5")
        before = kilobytes("VmRSS")
        answer = portal.attach(number, "ownership_proof", SimpleUploadedFile("scan.pdf", content))
        grown = kilobytes("VmHWM") - before
        assert answer.status_code == 422, (name, answer.content)
        assert answer.json()["code"] in {"upload_pixels", "upload_size"}, name
        assert grown < LITTLE, (name, grown)
    assert not Application.objects.get(number=number).documents.exists()
