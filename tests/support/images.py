"""Pictures for tests, made on the spot: every format, kind of pixel and metadata, and damaged or hostile ones."""

import functools
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import exiv2
import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms

exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)
exiv2.XmpParser.initialize()

Array = np.ndarray[Any, np.dtype[Any]]

CORNERS = ((220, 40, 30), (30, 200, 60), (40, 60, 210), (230, 210, 40))
"""Colours of the quarters: top left, top right, bottom left, bottom right."""


TIFF_STRUCTURE = frozenset(
    f"Exif.Image.{tag}"
    for tag in (
        "ImageWidth", "ImageLength", "BitsPerSample", "Compression", "PhotometricInterpretation", "StripOffsets",
        "SamplesPerPixel", "RowsPerStrip", "StripByteCounts", "PlanarConfiguration", "Predictor", "XMLPacket",
        "IPTCNAA", "InterColorProfile", "ExtraSamples", "SampleFormat",
    )
)  # fmt: skip
"""Tags of a TIFF that say how its own pixels lie in it."""


def quarters(width: int = 96, height: int = 64) -> Array:
    """Return H×W×3 uint8 with one colour in each quarter: any turn or flip shows."""
    picture = np.zeros((height, width, 3), np.uint8)
    for index, colour in enumerate(CORNERS):
        top, left = divmod(index, 2)
        rows = slice(0, height // 2) if top == 0 else slice(height // 2, None)
        columns = slice(0, width // 2) if left == 0 else slice(width // 2, None)
        picture[rows, columns] = colour
    return picture


def smooth(width: int = 96, height: int = 64, depth: int = 8, channels: int = 3) -> Array:
    """Return a smooth gradient H×W(×channels) that uses the whole range of ``depth`` bits."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [x / max(width - 1, 1), y / max(height - 1, 1), (x + y) / (width + height - 2), 1 - x / width]
    most = 255 if depth == 8 else 65_535
    values = np.stack(planes[:channels], axis=-1) * most
    return (values[..., 0] if channels == 1 else values).round().astype(np.uint8 if depth == 8 else np.uint16)


def noise(width: int, height: int, depth: int = 8, channels: int = 3, seed: int = 1) -> Array:
    """Return random values H×W(×channels)."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    dtype = np.uint8 if depth == 8 else np.uint16
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def as_stored(upright: Array, orientation: int) -> Array:
    """Return the rows a camera would store for ``upright`` with this EXIF orientation. TIFF 6.0, Orientation."""
    turned: dict[int, Callable[[Array], Array]] = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: np.transpose(a, (1, 0, *range(2, a.ndim))),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(np.transpose(a, (1, 0, *range(2, a.ndim))), 2),
        8: lambda a: np.rot90(a, -1),
    }
    return np.ascontiguousarray(turned[orientation](upright))


@functools.cache
def adobe_rgb() -> bytes:
    """Return an ICC file with Adobe RGB's primaries and gamma 563/256."""
    return imagecodecs.cms_profile("adobergb")


def grey_profile(gamma: float = 1.8) -> bytes:
    """Return a grey ICC file."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63_190, 65_536, 54_061)
    name = b"desc\0\0\0\0" + struct.pack(">I", 8) + b"Grey ink" + bytes(79)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    return _icc(b"GRAY", {b"desc": name + bytes(-len(name) % 4), b"wtpt": white, b"kTRC": curve})


@functools.cache
def srgb() -> bytes:
    """Return sRGB's ICC file."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile_with_curve(block: bytes) -> bytes:
    """Return a sparse ICC file that holds one green curve; enough to read it, not to convert."""
    return _icc(b"RGB ", {b"gTRC": block})


def _icc(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    head = bytearray(128)
    head[8:12] = b"\x02\x40\0\0"
    head[12:24] = b"mntr" + space + b"XYZ "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">3i", 63_190, 65_536, 54_061)
    table, body, offset = b"", b"", 132 + 12 * len(tags)
    for name, block in tags.items():
        table += struct.pack(">4sII", name, offset + len(body), len(block))
        body += block
    data = bytes(head) + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(data)) + data[4:]


def save(path: Path, pixels: Array, **options: Any) -> Path:
    """Write ``pixels`` (uint8) with Pillow in the format of ``path``'s extension."""
    Image.fromarray(pixels).save(path, **options)
    return path


def png16(path: Path, pixels: Array, icc: bytes | None = None) -> Path:
    """Write a 16-bit PNG of 1–4 channels."""
    data = imagecodecs.png_encode(pixels, level=1)
    chunk = png_chunk(b"iCCP", b"icc\0\0" + zlib.compress(icc)) if icc else b""
    path.write_bytes(data[:33] + chunk + data[33:])
    return path


def tiff(path: Path, pixels: Array, **options: Any) -> Path:
    """Write a TIFF with tifffile."""
    tifffile.imwrite(path, pixels, metadata=None, software=False, **options)
    return path


def add_metadata(
    path: Path, orientation: int = 1, *, maker_note: int = 0, comment: int = 0, is_big_endian: bool = False
) -> Path:
    """Write EXIF (with GPS and a thumbnail), XMP and IPTC into a picture file, as a camera and an archive would.

    ``maker_note`` and ``comment``: bytes of a maker note of an unknown maker, and of a long EXIF comment.
    """
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    width, height = image.pixelWidth(), image.pixelHeight()
    exif = image.exifData()
    exif["Exif.Image.Make"] = "Nippon Cameras"
    exif["Exif.Image.Model"] = "X 100"
    exif["Exif.Image.Orientation"] = exiv2.UShortValue(orientation)
    exif["Exif.Image.XResolution"] = exiv2.URationalValue([(240, 1)])
    exif["Exif.Image.YResolution"] = exiv2.URationalValue([(240, 1)])
    exif["Exif.Image.ResolutionUnit"] = exiv2.UShortValue(2)
    exif["Exif.Photo.DateTimeOriginal"] = "2021:05:04 10:11:12"
    exif["Exif.Photo.ExposureTime"] = exiv2.URationalValue([(1, 250)])
    exif["Exif.Photo.PixelXDimension"] = exiv2.ULongValue([width])
    exif["Exif.Photo.PixelYDimension"] = exiv2.ULongValue([height])
    exif["Exif.GPSInfo.GPSLatitudeRef"] = "N"
    exif["Exif.GPSInfo.GPSLatitude"] = exiv2.URationalValue([(52, 1), (31, 1), (12, 1)])
    if maker_note:
        exif["Exif.Photo.MakerNote"] = exiv2.DataValue(b"Unknown maker\0" + bytes(maker_note))
    if comment:
        exif["Exif.Photo.UserComment"] = exiv2.CommentValue("charset=Ascii " + "c" * comment)
    if exiv2.ImageFactory.open(str(path)).mimeType() == "image/jpeg":
        exiv2.ExifThumb(exif).setJpegThumbnail(small_jpeg())
    xmp = image.xmpData()
    xmp["Xmp.dc.title"] = "lang=x-default Harbour at dusk"
    xmp["Xmp.xmp.Rating"] = "4"
    xmp["Xmp.tiff.Orientation"] = str(orientation)
    xmp["Xmp.tiff.ImageWidth"] = str(width)
    if path.suffix != ".webp":
        iptc = image.iptcData()
        iptc["Iptc.Application2.Caption"] = "A harbour"
        iptc["Iptc.Application2.Byline"] = "Ada Example"
        for word in ("boats", "dusk"):
            datum = exiv2.Iptcdatum(exiv2.IptcKey("Iptc.Application2.Keywords"))
            datum.setValue(word)
            iptc.add(datum)
    if is_big_endian:  # has a say only where there is no EXIF yet
        image.setByteOrder(exiv2.ByteOrder.bigEndian)
    image.writeMetadata()
    return path


def metadata(path: Path) -> dict[str, str]:
    """Return all EXIF, XMP and IPTC values of a file, as Exiv2 prints them."""
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    found: dict[str, str] = {}
    for values in (image.exifData(), image.xmpData(), image.iptcData()):
        for datum in values:
            key = datum.key()
            found[key] = f"{found[key]}, {datum.toString()}" if key in found else datum.toString()
    return found


def small_jpeg() -> bytes:
    """Return a JPEG of 32×24 pixels."""
    file = io.BytesIO()
    Image.new("RGB", (32, 24), (1, 2, 3)).save(file, "JPEG")
    return file.getvalue()


def small_exif() -> bytes:
    """Return an EXIF block with a maker's name."""
    exif = Image.Exif()
    exif[0x010F] = "Nippon Cameras"
    return exif.tobytes()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG that says it is so large and holds ``chunks``."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + png_chunk(b"IEND", b"")


def black_png(width: int, height: int) -> bytes:
    """Return a true PNG of black pixels, one bit each, which takes a few kilobytes however large it is."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, png_chunk(b"IDAT", data), depth=1)


def text_bomb_png(kind: bytes) -> bytes:
    """Return a small PNG whose zTXt or iCCP chunk inflates to 300 MB."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(8 * 9)))
    return png(8, 8, png_chunk(kind, b"bomb\0\0" + data), pixels)


def lying_jpeg(width: int = 65_535, height: int = 65_535) -> bytes:
    """Return a small JPEG whose header says it is ``width`` × ``height``."""
    data = bytearray(small_jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def lying_webp(width: int, height: int) -> bytes:
    """Return a WebP whose canvas says it is ``width`` × ``height``."""
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(file, "WEBP", exif=b"Exif\0\0")
    data = bytearray(file.getvalue())
    data[24:27] = (width - 1).to_bytes(3, "little")
    data[27:30] = (height - 1).to_bytes(3, "little")
    return bytes(data)


def looping_tiff() -> bytes:
    """Return a TIFF whose first directory names itself as the next one."""
    file = io.BytesIO()
    Image.new("L", (16, 16), 120).save(file, "TIFF")
    data = bytearray(file.getvalue())
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    return bytes(data)


def tiff_strip_bomb(path: Path) -> Path:
    """Write a small TIFF whose strip inflates to 500 MB."""
    tiff(path, quarters(), photometric="rgb", compression="zlib")
    data = bytearray(path.read_bytes())
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(500)) + packer.flush()
    (first,) = struct.unpack_from("<I", data, 4)
    for index in range(struct.unpack_from("<H", data, first)[0]):
        at = first + 2 + 12 * index
        tag = struct.unpack_from("<H", data, at)[0]
        if tag in {273, 279}:
            struct.pack_into("<HII", data, at + 2, 4, 1, len(data) if tag == 273 else len(bomb))
    path.write_bytes(bytes(data) + bomb)
    return path


def gif(frames: int) -> bytes:
    """Return an animated GIF of ``frames`` small frames."""
    file = io.BytesIO()
    first = Image.new("P", (4, 4), 0)
    first.putpalette([200, 10, 10, 10, 200, 10])
    first.save(file, "GIF")
    data = file.getvalue()
    at = data.index(b",")  # the image descriptor
    frame = data[at:-1]
    return data[:at] + frame * frames + b";"


def with_broken_exif(path: Path) -> Path:
    """Put an EXIF block of nonsense into a JPEG."""
    data = path.read_bytes()
    block = b"Exif\0\0II*\0" + b"\xff" * 200
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:])
    return path


def with_gain_map(path: Path) -> Path:
    """Make a JPEG look like an Ultra HDR one: gain map metadata and a second picture behind it."""
    data = path.read_bytes()
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    block = b"http://ns.adobe.com/xap/1.0/\0" + xmp
    marker = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    path.write_bytes(data[:2] + marker + data[2:] + small_jpeg())
    return path
