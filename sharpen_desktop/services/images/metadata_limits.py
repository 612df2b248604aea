"""How much metadata a file can take, and what goes first when there is more. Over Exiv2's values."""

from typing import Any

import exiv2

JPEG_LIMIT = 65_000
"""Bytes of EXIF, or of XMP, that one JPEG segment takes, with a little room for its headers."""
_LARGE_VALUE = 2_048

Values = Any
"""Exiv2's ExifData, XmpData or IptcData, which know no type checker."""


def keys_of(values: Values) -> list[str]:
    """Return all keys, also those that occur several times."""
    return [datum.key() for datum in values]


def erase(values: Values, keys: set[str]) -> None:
    """Remove every value whose key is among ``keys``."""
    at = values.begin()
    while at != values.end():
        at = values.erase(at) if at.key() in keys else _next(at)


def _next(at: Any) -> Any:  # noqa: ANN401
    """Return the iterator ``at`` moved on by one."""
    next(at)
    return at


def exif_size(exif: Values) -> int:
    """Return about how many bytes the values take in a file; maker notes count once, as their block."""
    return sum(12 + datum.size() for datum in exif if not is_inside_maker_note(datum.groupName()))


def is_inside_maker_note(group: str) -> bool:
    """Whether Exiv2 took the values of ``group`` out of a maker note."""
    return bool(exiv2.ExifTags.isMakerGroup(group))


def shrink_exif(exif: Values) -> list[str]:
    """Bring the EXIF below what JPEG (and Exiv2 in PNG and WebP) takes: previews, maker note, long values."""
    notes: list[str] = []
    steps = (
        ("The previews in the EXIF", lambda datum: "preview" in datum.tagName().lower()),
        ("The camera maker's own notes", _is_maker_note),
        ("Very long EXIF fields", lambda datum: datum.size() > _LARGE_VALUE),
    )
    for what, is_dropped in steps:
        if exif_size(exif) < JPEG_LIMIT:
            break
        dropped = {datum.key() for datum in exif if is_dropped(datum)}
        erase(exif, dropped)
        if dropped:
            notes.append(f"{what} did not fit and were left out.")
    return notes


def _is_maker_note(datum: Any) -> bool:  # noqa: ANN401
    return is_inside_maker_note(datum.groupName()) or datum.tagName() == "MakerNote"


def shrink_xmp(xmp: Values) -> list[str]:
    """Bring the XMP below what one JPEG segment takes."""
    if sum(len(datum.key()) + datum.size() for datum in xmp) < JPEG_LIMIT // 2:
        return []
    for size in (_LARGE_VALUE, 64, -1):
        if len(_packet(xmp)) < JPEG_LIMIT:
            break
        erase(xmp, {datum.key() for datum in xmp if datum.size() > size})
    else:
        return ["The XMP did not fit into a JPEG and was left out."]
    return ["Very long XMP fields did not fit into a JPEG and were left out."]


def _packet(xmp: Values) -> str:
    return str(exiv2.XmpParser.encode(xmp))
