"""Undoing a server's compression with bounds: a small answer must not become a huge one.

The client asks for none (``Accept-Encoding: identity``); some servers compress all the same.
"""

import zlib
from collections.abc import Iterable, Iterator

PIECE_BYTES = 1 << 20
"""Largest piece handed out at once."""

MAX_RATIO = 20
FREE_BYTES = 4 << 20
"""Below this size the ratio is not looked at: a short text may well shrink to a twentieth."""


class CodingRefused(ValueError):
    """The bytes are damaged, coded in an unknown way, or grow beyond the bounds."""


def uncoded(pieces: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """Yield the bytes behind ``coding``, a Content-Encoding value, in pieces of at most PIECE_BYTES.

    Raises CodingRefused when more than ``limit`` bytes come out, or MAX_RATIO times what went in. Data that break
    off give what there was: an answer that is paid for may still be whole, and its reader is the one to judge.
    """
    name = coding.strip().lower()
    if name in {"", "identity"}:
        yield from _bounded(pieces, limit)
    elif name in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(pieces, limit)
    else:
        raise CodingRefused(f"unknown content coding {name[:40]!r}")


def _bounded(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise CodingRefused(f"more than {limit} bytes")
        yield piece


def _inflated(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, by its header
    taken = given = 0
    for piece in pieces:
        taken += len(piece)
        rest = piece
        while rest and not inflater.eof:
            out = _inflate(inflater, rest)
            given += len(out)
            if given > limit or given > max(FREE_BYTES, MAX_RATIO * taken):
                raise CodingRefused(f"{taken} bytes grew to more than {given}")
            yield out
            rest = inflater.unconsumed_tail


def _inflate(inflater: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return inflater.decompress(data, PIECE_BYTES)
    except zlib.error as error:
        raise CodingRefused(f"damaged compressed data: {error}") from error
