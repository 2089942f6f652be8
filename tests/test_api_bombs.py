"""Small files that unfold into gigabytes: refused quickly, without unfolding them (issue 4, compressed bombs)."""

from __future__ import annotations

import base64
import gzip
import random
import zlib
from io import BytesIO
from itertools import repeat
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import unpacking
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


def lzw(text: bytes) -> bytes:
    """`text` as an encoder of LZW writes it (ISO 32000-1, 7.4.4.2); small and slow, for what it packs is short."""
    table = {bytes([byte]): byte for byte in range(256)}
    codes, entries, known = [(256, 9)], 258, b""

    def width() -> int:
        return min(max(entries.bit_length(), 9), 12)

    for byte in text:
        longer = known + bytes([byte])
        if longer in table:
            known = longer
            continue
        codes.append((table[known], width()))
        table[longer] = entries
        entries, known = entries + 1, bytes([byte])
        if entries == 4095:
            codes.append((256, 12))
            table = {bytes([each]): each for each in range(256)}
            entries = 258
    codes += [(table[known], width()), (257, min(max((entries + 1).bit_length(), 9), 12))]
    bits = "".join(f"{code:0{wide}b}" for code, wide in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def lzw_bomb(size: int) -> bytes:
    """Zeros as LZW packs them: the codes from 258 on, each for one zero more than the last, and from the beginning."""
    bits, unfolded = "".join([f"{256:09b}", f"{0:09b}"]), 1
    entry, turn = 258, []
    while entry < 4094:
        turn.append(f"{entry:0{min(max((entry + 1).bit_length(), 9), 12)}b}")
        entry, unfolded = entry + 1, unfolded + entry - 256
    turn.append(f"{256:012b}")
    bits = (bits + "".join(turn)) * 8
    packed = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return packed * (size // (unfolded * 8) + 1)


# One byte, and the table begins anew: eight times a byte's worth of work for each byte that comes out.
ALTERNATING = int(f"{256:09b}{0:09b}" * 8, 2).to_bytes(18, "big") * 400_000


def bombs() -> dict[str, bytes]:
    once = deflated(GIGABYTE)
    twice = zlib.compress(once, 9)
    name = pikepdf.Name
    flate = name.FlateDecode
    runs = zlib.compress(b"\x81\x00" * (GIGABYTE // 128), 9)
    return {
        "a picture of 30,000 × 30,000 pixels": huge_png(),
        "a picture of many pixels": picture("PNG", size=(20_000, 20_000), mode="1"),
        "a page packed once": pdf_with(once, [flate]),
        "a page packed twice": pdf_with(twice, [flate, flate]),
        "a page packed by LZW": pdf_with(lzw_bomb(GIGABYTE), [name.LZWDecode]),
        "a page packed by LZW, then deflated": pdf_with(zlib.compress(lzw_bomb(GIGABYTE)), [flate, name.LZWDecode]),
        "a page of runs": pdf_with(runs, [flate, name.RunLengthDecode]),
        "a packed page as letters": pdf_with(twice.hex().encode() + b">", [name.ASCIIHexDecode, flate, flate]),
        "a packed page as fewer letters": pdf_with(base64.a85encode(twice) + b"~>", [name.ASCII85Decode, flate, flate]),
        "a page of more LZW than is counted": pdf_with(ALTERNATING, [name.LZWDecode]),
        "a deflated page behind LZW": pdf_with(lzw(twice[:5000]), [name.LZWDecode, flate, flate]),
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


@pytest.mark.parametrize("packed_by", ["deflate", "lzw", "late lzw", "runs", "hexadecimal", "base 85", "a picture"])
def test_what_a_scanner_packs_is_counted_to_the_byte(packed_by):
    """A page as it is comes through, whatever packed it, and the count is what another reader unfolds."""
    name, page = pikepdf.Name, b"q 595 0 0 842 0 0 cm /Scan Do Q\n" * 400
    content, filters = {
        "deflate": (zlib.compress(page), [name.FlateDecode]),
        "lzw": (lzw(page), [name.LZWDecode]),
        "late lzw": (zlib.compress(lzw(page)), [name.FlateDecode, name.LZWDecode]),
        "runs": (
            b"".join(bytes([99]) + page[at : at + 100] for at in range(0, len(page), 100)),
            [name.RunLengthDecode],
        ),
        "hexadecimal": (zlib.compress(page).hex().encode() + b">", [name.ASCIIHexDecode, name.FlateDecode]),
        "base 85": (base64.a85encode(zlib.compress(page)) + b"~>", [name.ASCII85Decode, name.FlateDecode]),
        "a picture": (zlib.compress(page), [name.FlateDecode, name.DCTDecode]),
    }[packed_by]
    with pikepdf.open(BytesIO(pdf_with(content, filters))) as source:
        stream = source.pages[0].Contents
        if packed_by != "a picture":
            assert stream.read_bytes(pikepdf.StreamDecodeLevel.specialized) == page
        assert unpacking.counted(stream, repeat(True)) == len(page)
        assert not unpacking.is_bomb(source)


def test_lzw_is_counted_however_long_its_codes_grow():
    """Past the whole table of 4,096 entries, and again after it begins anew; noise, for which each code is new."""
    noise = random.Random(743).randbytes(40_000)
    with pikepdf.open(BytesIO(pdf_with(lzw(noise), [pikepdf.Name.LZWDecode]))) as source:
        stream = source.pages[0].Contents
        assert stream.read_bytes() == noise
        assert unpacking.counted(stream, repeat(True)) == len(noise)
