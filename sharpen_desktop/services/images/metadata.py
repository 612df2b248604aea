"""EXIF, XMP and IPTC, read from a photo into a carrier file and restored into a saved one, by Exiv2."""

import contextlib
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import exiv2
from PIL import Image as PillowImage

from sharpen_desktop.services.images import iptc_as_xmp
from sharpen_desktop.services.images.metadata_limits import (
    JPEG_LIMIT,
    Values,
    erase,
    exif_size,
    is_inside_maker_note,
    keys_of,
    shrink_exif,
    shrink_xmp,
)
from sharpen_desktop.services.images.opening import FOREIGN_ERRORS, opened

exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)
exiv2.XmpParser.initialize()

DAMAGED = "The metadata in the file is damaged and was left out."
UNREAD = "The metadata of a BigTIFF file cannot be read and is not kept."
LOST = "The metadata could not be written into the saved file."
_FOREIGN_ERRORS = (exiv2.Exiv2Error, *FOREIGN_ERRORS)

Image = Any
"""An exiv2.Image, which knows no type checker."""

# What describes how TIFF stores its pixels: true of the source file only.
_STRUCTURE = {
    f"Exif.Image.{tag}"
    for tag in (
        "NewSubfileType", "SubfileType", "BitsPerSample", "Compression", "PhotometricInterpretation",
        "Thresholding", "CellWidth", "CellLength", "FillOrder", "StripOffsets", "SamplesPerPixel",
        "RowsPerStrip", "StripByteCounts", "MinSampleValue", "MaxSampleValue", "PlanarConfiguration",
        "GrayResponseUnit", "GrayResponseCurve", "T4Options", "T6Options", "TransferFunction", "Predictor",
        "ColorMap", "HalftoneHints", "TileWidth", "TileLength", "TileOffsets", "TileByteCounts", "SubIFDs",
        "InkSet", "InkNames", "NumberOfInks", "DotRange", "ExtraSamples", "SampleFormat", "SMinSampleValue",
        "SMaxSampleValue", "TransferRange", "JPEGTables", "JPEGProc", "JPEGInterchangeFormat",
        "JPEGInterchangeFormatLength", "YCbCrCoefficients", "YCbCrSubSampling", "YCbCrPositioning",
        "ReferenceBlackWhite", "XMLPacket", "IPTCNAA", "ImageResources", "InterColorProfile",
        "ImageSourceData",
    )
}  # fmt: skip
_SIZE_TAGS = ("Exif.Image.ImageWidth", "Exif.Image.ImageLength")
_ORIENTATION_TAGS = ("Exif.Image.Orientation", "Xmp.tiff.Orientation")
_WIDTHS = (
    "Exif.Photo.PixelXDimension",
    "Exif.Image.ImageWidth",
    "Xmp.exif.PixelXDimension",
    "Xmp.tiff.ImageWidth",
)
_HEIGHTS = (
    "Exif.Photo.PixelYDimension", "Exif.Image.ImageLength", "Xmp.exif.PixelYDimension", "Xmp.tiff.ImageLength",
)  # fmt: skip
# Smaller pictures and second images that the saved file has no longer, or not of these pixels.
_STALE_GROUPS = re.compile(r"Exif\.(Thumbnail|SubThumb\d|SubImage\d|Image[2-9]|MpfInfo)\.")
_STALE_XMP = (
    "Xmp.xmp.Thumbnails", "Xmp.hdrgm.", "Xmp.HDRGainMap.", "Xmp.GContainer.", "Xmp.Container.",
    "Xmp.GDepth.", "Xmp.GImage.", "Xmp.xmpNote.HasExtendedXMP",
)  # fmt: skip


def capture(path: str, format_name: str, folder: Path) -> tuple[str, list[str]]:
    """Put the metadata of the photo ``path`` into a carrier file in ``folder``.

    Orientation is made upright, thumbnails and what describes the stored pixels are left out. Returns the
    carrier's path, empty when there is nothing to carry, and sentences about what was dropped.
    """
    if format_name == "TIFF" and _is_big_tiff(path):
        return "", [UNREAD]
    try:
        source = _source(path, format_name)
        exif, xmp = source.exifData(), source.xmpData()
        notes = [] if exif.count() else _nothing_read(path, format_name)
        _make_upright(exif, xmp, is_tiff=format_name == "TIFF")
        _add_resolution(exif, path, format_name)
        if exif.count() or xmp.count() or source.iptcData().count():
            return _write_carrier(source, folder), notes
    except _FOREIGN_ERRORS:
        notes = [DAMAGED]
    return "", notes


def resolution(carrier: str) -> tuple[float, float] | None:
    """Return the resolution in dots per inch, horizontal and vertical, as the carrier's EXIF says."""
    with contextlib.suppress(*_FOREIGN_ERRORS):
        exif = _read(carrier).exifData() if carrier else {}
        if "Exif.Image.XResolution" in exif and "Exif.Image.YResolution" in exif:
            values = [exif[f"Exif.Image.{axis}Resolution"].toFloat(0) for axis in "XY"]
            unit = exif["Exif.Image.ResolutionUnit"].toInt64(0) if "Exif.Image.ResolutionUnit" in exif else 2
            x, y = (value * (2.54 if unit == 3 else 1.0) for value in values)
            return (x, y) if unit in {2, 3} and _is_sane(x) and _is_sane(y) else None
    return None


def restore(file: Path, format_name: str, carrier: str, size: tuple[int, int]) -> list[str]:
    """Write the carrier's metadata into ``file``, whose pixels are ``size`` (width, height); pixels stay.

    ``format_name``: "jpeg", "png", "tiff" or "webp". Returns sentences about what could not be kept.
    """
    if not carrier:
        return []
    try:
        source, image = _read(carrier), _read(str(file))
        notes = _fit(source, format_name)
        _correct_size(source.exifData(), source.xmpData(), *size)
        if format_name == "jpeg":  # Exiv2 chooses for itself in the others
            image.setByteOrder(source.byteOrder())
        image.setExifData(source.exifData())
        image.setXmpData(source.xmpData())
        if format_name != "webp":
            image.setIptcData(source.iptcData())
        image.writeMetadata()
        return notes + _missing(source.exifData(), _read(str(file)).exifData())
    except _FOREIGN_ERRORS:
        return [LOST]


def _read(path: str | bytes) -> Image:
    """Open a file, or the bytes of one."""
    # Absolute, or Exiv2 would take a file called "-" for the standard input, and others for addresses.
    source = os.path.abspath(path) if isinstance(path, str) else path
    image = exiv2.ImageFactory.open(source)
    image.readMetadata()
    return image


def _is_big_tiff(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(4) in {b"II+\0", b"MM\0+"}


def _source(path: str, format_name: str) -> Image:
    """Return the photo's metadata; where the file as a whole defeats Exiv2, what is sound in it."""
    try:
        return _read(path if _is_plain(path) else Path(path).read_bytes())
    except exiv2.Exiv2Error:
        if format_name == "JPEG":  # one bad colour profile and Exiv2 reads nothing
            return _read(_segments_without_profile(Path(path).read_bytes()))
        with opened(path, format_name) as image:
            return _read(image.info["exif"].removeprefix(b"Exif\0\0"))


def _is_plain(path: str) -> bool:
    """Whether Exiv2 can be told the name; file names need not be valid text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _segments_without_profile(data: bytes) -> bytes:
    """Return a JPEG's head, up to its pixels, without the APP2 segments. ITU T.81, annex B."""
    kept, at = data[:2], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in {0xD9, 0xDA}:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        kept += b"" if data[at + 1] == 0xE2 else data[at:end]
        at = end
    return kept + b"\xff\xd9"


def _nothing_read(path: str, format_name: str) -> list[str]:
    """Say so when the file holds an EXIF block of which nothing could be read."""
    with contextlib.suppress(*_FOREIGN_ERRORS), opened(path, format_name) as image:
        # A directory without entries is empty, not damaged.
        if format_name != "TIFF" and len(image.info.get("exif", b"")) > 32:
            return [DAMAGED]
    return []


def _make_upright(exif: Values, xmp: Values, *, is_tiff: bool) -> None:
    stale = {key for key in keys_of(exif) if key in _STRUCTURE or _STALE_GROUPS.match(key)}
    erase(exif, stale | (set(_SIZE_TAGS) if is_tiff else set()))
    erase(xmp, {key for key in keys_of(xmp) if key.startswith(_STALE_XMP)})
    if "Exif.Image.Orientation" in exif:
        exif["Exif.Image.Orientation"] = exiv2.UShortValue(1)
    if "Xmp.tiff.Orientation" in xmp:
        xmp["Xmp.tiff.Orientation"] = "1"


def _add_resolution(exif: Values, path: str, format_name: str) -> None:
    """Note the resolution that formats keep outside EXIF (JFIF, PNG's pHYs, BMP)."""
    if "Exif.Image.XResolution" in exif:
        return
    with contextlib.suppress(*_FOREIGN_ERRORS), opened(path, format_name) as image:
        x, y = (float(value) for value in image.info.get("dpi", (0, 0)))
        if _is_sane(x) and _is_sane(y):
            exif["Exif.Image.XResolution"] = _fraction(x)
            exif["Exif.Image.YResolution"] = _fraction(y)
            exif["Exif.Image.ResolutionUnit"] = exiv2.UShortValue(2)


def _is_sane(dots_per_inch: float) -> bool:
    return math.isfinite(dots_per_inch) and 1 < dots_per_inch < 100_000


def _fraction(value: float) -> Any:  # noqa: ANN401
    # PNG keeps dots per metre: 300 dpi comes back as 299.9994
    near = round(value)
    numbers = (near, 1) if abs(value - near) < 0.02 else (round(value * 1000), 1000)
    return exiv2.URationalValue([numbers])


def _write_carrier(source: Image, folder: Path) -> str:
    """Write an .exv file; where that is too small for the EXIF or XMP, a TIFF of one pixel."""
    carrier = folder / "metadata.exv"
    with contextlib.suppress(exiv2.Exiv2Error):
        if exif_size(source.exifData()) < JPEG_LIMIT:
            image = exiv2.ImageFactory.create(exiv2.ImageType.exv, str(carrier))
            _copy(source, image)
            return str(carrier)
    carrier = folder / "metadata.tif"
    PillowImage.new("L", (1, 1)).save(carrier)
    _copy(source, _read(str(carrier)))
    return str(carrier)


def _copy(source: Image, image: Image) -> None:
    # Maker notes that Exiv2 does not know are only readable in the byte order they were written in.
    image.setByteOrder(source.byteOrder())
    image.setExifData(source.exifData())
    image.setIptcData(source.iptcData())
    image.setXmpData(source.xmpData())
    image.writeMetadata()


def _correct_size(exif: Values, xmp: Values, width: int, height: int) -> None:
    for keys, value in ((_WIDTHS, width), (_HEIGHTS, height)):
        for key in keys:
            values = exif if key.startswith("Exif") else xmp
            if key in values:
                values[key] = exiv2.ULongValue([value]) if values is exif else str(value)


def _fit(source: Image, format_name: str) -> list[str]:
    """Make the values fit the format; say what had to go."""
    notes: list[str] = []
    exif, xmp, iptc = source.exifData(), source.xmpData(), source.iptcData()
    erase(exif, _STRUCTURE | _carrier_size(source))
    if format_name == "webp" and iptc.count():
        iptc_as_xmp.add(iptc, xmp)
        notes.append("WebP has no place for IPTC; its fields were written as XMP.")
    if format_name != "tiff":
        notes += shrink_exif(exif)
    if format_name == "jpeg":
        notes += shrink_xmp(xmp)
    return notes


def _carrier_size(source: Image) -> set[str]:
    """Return the size tags where they are the one-pixel carrier's own."""
    return set(_SIZE_TAGS) if "tiff" in source.mimeType() else set()


def _missing(wanted: Values, got: Values) -> list[str]:
    lost = len(set(_top_keys(wanted)) - set(keys_of(got)))
    return [f"{lost} EXIF fields could not be kept."] if lost else []


def _top_keys(exif: Values) -> Iterator[str]:
    return (datum.key() for datum in exif if not is_inside_maker_note(datum.groupName()))
