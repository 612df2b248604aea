"""A key that must turn up nowhere, and a search for it in every file below a folder.

    with …:  # run the program with canary.KEY in its environment
    assert canary.traces(home) == []

Looked for are the key as text (also as UTF-16), its base64 at each of the three offsets it can have in other
data, its hexadecimal and percent-encoded forms, and every piece of ``PIECE`` characters: a text that was cut in
the middle of the key would hide the whole from a search. Packed files are looked into as well.
"""

import base64
import gzip
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

KEY = "sk-cnry-Zq8vT2mXw5RkL0pYh7GdB4nJ"
"""The canary. Nothing else looks like any piece of it."""

BUCKET_ID, BUCKET_SECRET = "CNRYKQ7W3ZT5X9VR1MHD", "cnry/Vb6Ns+3HqPzXw8RtLyK1mDf7GjT0aCe4UoYi"
PIECE = 9


def traces(folder: Path, *secrets: str, but: Collection[Path] = ()) -> list[str]:
    """Return what is left of the secrets (the canary by default) in the files below ``folder``.

    One line a find: the file and what was found. ``but``: files that hold them on purpose.
    """
    marks = {mark: what for secret in secrets or (KEY,) for mark, what in _marks(secret)}
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each not in but):
        for part, data in (("", path.read_bytes()), (" (its name)", bytes(path)), *_packed(path)):
            hits = [what for mark, what in marks.items() if mark in data]
            found += [f"{path.relative_to(folder)}{part}: {hits[0]}"] if hits else []
    return found


def pieces_in(text: str, *secrets: str) -> list[str]:
    """Return what is left of the secrets in a text: what a program has printed."""
    data = text.encode(errors="surrogateescape")
    return [what for secret in secrets or (KEY,) for mark, what in _marks(secret) if mark in data]


def _marks(secret: str) -> Iterator[tuple[bytes, str]]:
    """Yield what to look for, the plainest first, and what each is."""
    plain = secret.encode()
    yield plain, "the key"
    yield secret.encode("utf-16-le"), "the key as UTF-16"
    yield plain.hex().encode(), "the key in hexadecimal"
    yield "".join(f"%{byte:02X}" for byte in plain).encode(), "the key percent-encoded"
    for mark in _base64(plain):
        yield mark, "the key in base64"
    for start in range(len(secret) - PIECE + 1):
        piece = secret[start : start + PIECE]
        yield piece.encode(), f"characters {start + 1}–{start + PIECE} of the key"


def _base64(plain: bytes) -> Iterable[bytes]:
    """Yield the part of the base64 that does not depend on what stands before and after."""
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + plain)
        first = -(-8 * offset // 6)
        last = 8 * (offset + len(plain)) // 6
        yield whole[first:last]
        yield whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _packed(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what is packed in a file."""
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        yield " (unpacked)", gzip.decompress(data)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield f" ({name})", packed.read(name)
    elif data.startswith(b"\x78"):
        with suppress(zlib.error):
            yield " (unpacked)", zlib.decompress(data)
