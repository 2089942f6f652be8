"""What the packed streams of a PDF unfold to, counted piece by piece and kept nowhere: a bomb is small until then."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import pikepdf

PIECE = 256 * 1024
# A colour page at 600 dpi is 105 million bytes, and fifty of them at 300 dpi 1,300 million.
MOST_IN_A_STREAM = 160_000_000
MOST_IN_ALL = 1_500_000_000
DEFLATE = {"/FlateDecode", "/Fl"}


def is_bomb(source: pikepdf.Pdf) -> bool:
    """Whether a stream of the file, or all of them together, unfold to more than any scan does."""
    in_all = 0
    for thing in source.objects:
        if isinstance(thing, pikepdf.Stream) and (layers := _layers(thing)):
            size = _unfolded(thing.read_raw_bytes(), layers, MOST_IN_A_STREAM)
            in_all += size
            if size > MOST_IN_A_STREAM or in_all > MOST_IN_ALL:
                return True
    return False


def _layers(stream: pikepdf.Stream) -> int:
    """How often the stream is deflated before anything else was done to it."""
    named = stream.get("/Filter")
    filters = [str(each) for each in named] if isinstance(named, pikepdf.Array) else [str(named)]
    packed = [name in DEFLATE for name in filters]
    return packed.index(False) if False in packed else len(packed)


def _unfolded(raw: bytes, layers: int, limit: int) -> int:
    """How many bytes come out, counted no further than just past `limit`; what is damaged ends where it breaks."""
    pieces: Iterable[bytes] = (raw[place : place + PIECE] for place in range(0, len(raw), PIECE))
    for _layer in range(layers):
        pieces = _inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            break
    return size


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
