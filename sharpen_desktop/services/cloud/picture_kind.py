"""What a picture file is, judged by its first bytes: names and content types may lie."""

from dataclasses import dataclass

HEAD_BYTES = 16
"""How many bytes ``picture_kind`` needs."""


@dataclass(frozen=True, slots=True)
class PictureKind:
    """``extension`` with its dot, ``media_type`` in lower case."""

    extension: str
    media_type: str


_STARTS = (
    (b"\xff\xd8\xff", PictureKind(".jpg", "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", PictureKind(".png", "image/png")),
    (b"II*\x00", PictureKind(".tif", "image/tiff")),
    (b"MM\x00*", PictureKind(".tif", "image/tiff")),
    (b"II+\x00", PictureKind(".tif", "image/tiff")),
    (b"MM\x00+", PictureKind(".tif", "image/tiff")),
)
_WEBP = PictureKind(".webp", "image/webp")


def picture_kind(head: bytes) -> PictureKind | None:
    """Return the kind of a file that begins with ``head``; ``None`` when it is no picture known here."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _WEBP
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)
