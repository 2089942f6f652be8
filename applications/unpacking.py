"""What the packed streams of a PDF unfold to, counted piece by piece and kept nowhere: a bomb is small until then."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import repeat

import pikepdf

PIECE = 256 * 1024
# A colour page at 600 dpi is 105 million bytes, and fifty of them at 300 dpi 1,300 million.
MOST_IN_A_STREAM = 160_000_000
MOST_IN_ALL = 1_500_000_000
DEFLATE = {"/FlateDecode", "/Fl"}
# Bytes written as letters, which some programs do last, so that a reader undoes it first.
ARMOUR = {"/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85"}
LZW = {"/LZWDecode", "/LZW"}
RUNS = {"/RunLengthDecode", "/RL"}
# The codes of LZW (ISO 32000-1, 7.4.4): the table begins anew, the data end, the first entry of the table.
BEGIN_ANEW, END, FIRST = 256, 257, 258
SHORTEST, LONGEST = 9, 12
# Two megabytes or so of LZW, which takes a second or two to count; scanners have not written it for twenty years.
MOST_CODES = 1_500_000


class Uncountable(Exception):
    """Packed in an order that no program of a scanner uses, or too long by LZW: what it unfolds to is not known."""


def is_bomb(source: pikepdf.Pdf) -> bool:
    """Whether a stream of the file, or all of them together, unfold to more than any scan does. Raises Uncountable.

    A picture's own packing (JPEG, fax) is left to the viewer: what comes out of it is as large as the picture says.
    """
    in_all, turns = 0, repeat(True, MOST_CODES)
    for thing in source.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") is not None:
            size = counted(thing, turns)
            in_all += size
            if size > MOST_IN_A_STREAM or in_all > MOST_IN_ALL:
                return True
    return False


def counted(stream: pikepdf.Stream, turns: Iterator[bool]) -> int:
    """How many bytes come out, counted no further than just past the most; what is damaged ends where it breaks.

    Each code of LZW takes one of `turns`. Raises Uncountable.
    """
    size = 0
    for length in _unpacked(stream, turns):
        size += length
        if size > MOST_IN_A_STREAM:
            break
    return size


def _unpacked(stream: pikepdf.Stream, turns: Iterator[bool]) -> Iterable[int]:
    """The lengths of the pieces that come out of the stream's general filters, in the order they are undone.

    Raises Uncountable where one of them stands behind LZW or runs, or letters behind anything else.
    """
    filters = _filters(stream)
    raw = stream.read_raw_bytes()
    while filters and filters[0] in ARMOUR:
        raw = _without_armour(raw, filters.pop(0))
    pieces: Iterable[bytes] = (raw[place : place + PIECE] for place in range(0, len(raw), PIECE))
    while filters and filters[0] in DEFLATE:
        filters.pop(0)
        pieces = _inflated(pieces)
    if not filters or filters[0] not in LZW | RUNS | ARMOUR:
        return map(len, pieces)
    last, *behind = filters
    if last in ARMOUR or any(name in DEFLATE | LZW | RUNS | ARMOUR for name in behind):
        raise Uncountable
    return _runs(pieces) if last in RUNS else _lzw(pieces, turns, changes_early=_changes_early(stream))


def _filters(stream: pikepdf.Stream) -> list[str]:
    named = stream.get("/Filter")
    return [str(each) for each in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _changes_early(stream: pikepdf.Stream) -> bool:
    """Whether codes of LZW grow one code early, as they do unless a stream says otherwise."""
    asked = stream.get("/DecodeParms", stream.get("/DP"))
    for each in asked if isinstance(asked, pikepdf.Array) else [asked]:
        if isinstance(each, pikepdf.Dictionary) and int(each.get("/EarlyChange", 1)) == 0:
            return False
    return True


def _inflated(packed: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in packed:
        rest = piece
        while rest and not unpacker.eof:
            try:
                yield unpacker.decompress(rest, PIECE)
            except zlib.error:
                return
            rest = unpacker.unconsumed_tail
        if unpacker.eof:
            return


def _runs(packed: Iterable[bytes]) -> Iterator[int]:
    """Of run lengths: a length below 128 is followed by one byte more than it says, one above by a byte to repeat."""
    skip = 0
    for piece in packed:
        place = skip
        while place < len(piece):
            length = piece[place]
            if length == 128:
                return
            yield length + 1 if length < 128 else 257 - length
            place += length + 2 if length < 128 else 2
        skip = place - len(piece)


def _lzw(packed: Iterable[bytes], turns: Iterator[bool], *, changes_early: bool) -> Iterator[int]:
    """Of LZW: an entry of its table is one byte longer than the text before it, so lengths alone are kept.

    Raises Uncountable when there are no more turns.
    """
    lengths = [1] * FIRST
    early, previous = int(changes_early), 0
    for code in _codes(packed, lengths, early):
        if not next(turns, False):
            raise Uncountable
        if code == END:
            return
        if code == BEGIN_ANEW:
            del lengths[FIRST:]
            previous = 0
            continue
        if code > len(lengths) or (code == len(lengths) and not previous):
            return
        length = lengths[code] if code < len(lengths) else previous + 1
        if previous and len(lengths) < 1 << LONGEST:
            lengths.append(previous + 1)
        previous = length
        yield length


def _codes(packed: Iterable[bytes], table: list[int], early: int) -> Iterator[int]:
    """The codes one by one; each is as wide as the table is long by then."""
    held = count = 0
    width = SHORTEST
    for piece in packed:
        for byte in piece:
            held, count = held << 8 | byte, count + 8
            if count < width:
                continue
            count -= width
            code = held >> count
            held &= (1 << count) - 1
            yield code
            width = min(max((len(table) + early).bit_length(), SHORTEST), LONGEST)


def _without_armour(raw: bytes, armour: str) -> bytes:
    """The bytes behind letters; at most four times as many as there are letters, so all at once."""
    with pikepdf.new() as apart:
        stream = pikepdf.Stream(apart, b"")
        stream.write(raw, filter=pikepdf.Name(armour))
        try:
            return stream.read_bytes()
        except pikepdf.PdfError as error:
            raise Uncountable from error
