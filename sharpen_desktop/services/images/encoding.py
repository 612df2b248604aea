"""Pixels to the bytes of a picture file: JPEG, PNG, TIFF and WebP, with profile and resolution.

Everything is encoded in memory: encoders that write to a file themselves do not notice a short write.
"""

import io
import struct
import zlib
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sharpen_desktop.services.images.colour import THREADS
from sharpen_desktop.services.images.picture_pixels import Picture
from sharpen_desktop.services.images.pixel_files import to_8_bit, to_depth

FULL_COLOUR_QUALITY = 90
"""From this JPEG quality on, colour is stored at full resolution (4:4:4)."""
# Of libjpeg and libwebp.
LONGEST_EDGE_PX = {"jpeg": 65_500, "webp": 16_383}
_STRIP_BYTES = 1 << 20
# Higher methods take six times as long for a few per cent.
_WEBP_METHOD = 2
_WORTH_A_GUESS = 20_000_000
_METRE_IN_INCHES = 1 / 0.0254


def jpeg(picture: Picture, quality: int) -> bytes:
    """Return a JPEG; alpha is flattened on white. ``quality`` 1–100."""
    options: dict[str, Any] = {"quality": quality, "subsampling": 0 if quality >= FULL_COLOUR_QUALITY else 2}
    if picture.dpi:
        options["dpi"] = tuple(round(value) for value in picture.dpi)
    return _by_pillow(flattened(picture), "JPEG", picture.profile, options)


def webp(picture: Picture, quality: int) -> bytes:
    """Return a WebP with alpha, 8 bit. ``quality`` 1–100."""
    return _by_pillow(
        _stacked(picture, 8), "WEBP", picture.profile, {"quality": quality, "method": _WEBP_METHOD}
    )


def png(picture: Picture) -> bytes:
    """Return a PNG of the pixels' own depth."""
    pixels = _stacked(picture, 16 if picture.pixels.dtype == np.uint16 else 8)
    plain = _png_by_imagecodecs(pixels) if pixels.shape[2:] == (2,) else _png_by_opencv(pixels)
    chunks = b""
    if picture.profile:
        chunks += _chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(picture.profile))
    if picture.dpi:
        x, y = (round(value * _METRE_IN_INCHES) for value in picture.dpi)
        chunks += _chunk(b"pHYs", struct.pack(">IIB", x, y, 1))
    head = 8 + 25  # signature and IHDR
    return plain[:head] + chunks + plain[head:]


class _TooLong(Exception):
    """The file has outgrown its limit."""


class _LimitedFile:
    """A file in memory that refuses to grow beyond ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        """Take all of ``data``, or raise _TooLong."""
        if len(self.data) + len(data) > self._limit:
            raise _TooLong
        self.data += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no buffer."""


def png_within(picture: Picture, limit: int) -> bytes | None:
    """Return an 8-bit PNG, or ``None`` as soon as it takes more than ``limit`` bytes; without resolution."""
    pixels = _stacked(picture, 8)
    if _guessed_png_size(pixels) > 1.5 * limit:
        return None
    file = _LimitedFile(limit)
    try:
        Image.fromarray(pixels).save(cast("BinaryIO", file), "PNG", icc_profile=picture.profile)
    except _TooLong:
        return None
    return bytes(file.data)


def _guessed_png_size(pixels: NDArray[np.uint8]) -> float:
    """Estimate a PNG's bytes from sixteen samples of it; 0 for small pictures, which are simply tried."""
    if pixels.nbytes < _WORTH_A_GUESS:
        return 0
    tops = np.linspace(0, max(0, len(pixels) - 16), 16).astype(int)
    samples = [png(Picture(pixels[top : top + 16, :, :3])) for top in tops]
    return len(pixels) / (16 * 16) * sum(len(sample) for sample in samples)


def tiff(picture: Picture) -> bytes:
    """Return a TIFF of the pixels' own depth, deflated with a predictor."""
    file = io.BytesIO()
    write_tiff(file, picture, is_compressed=True)
    return file.getvalue()


def write_tiff(file: Any, picture: Picture, *, is_compressed: bool) -> None:  # noqa: ANN401
    """Write a TIFF to the binary ``file``; as a BigTIFF where 4 GB are not enough."""
    import tifffile

    pixels = _stacked(picture, 16 if picture.pixels.dtype == np.uint16 else 8)
    packing: dict[str, Any] = (
        {"compression": "zlib", "predictor": True, "maxworkers": THREADS} if is_compressed else {}
    )
    if picture.dpi:
        packing |= {"resolution": picture.dpi, "resolutionunit": "INCH"}
    tifffile.imwrite(
        file,
        pixels,
        photometric="rgb" if picture.pixels.ndim == 3 else "minisblack",
        planarconfig="contig" if pixels.ndim == 3 else None,
        extrasamples=["unassalpha"] if picture.alpha is not None else None,
        iccprofile=picture.profile,
        rowsperstrip=max(1, _STRIP_BYTES // pixels[0].nbytes),
        bigtiff=not is_compressed and pixels.nbytes > 2**32 - 2**25,
        metadata=None,
        software=False,
        **packing,
    )


def flattened(picture: Picture) -> NDArray[np.uint8]:
    """Return the colours as 8 bit, put on white where they are see-through."""
    pixels = to_8_bit(picture.pixels)
    if picture.alpha is None:
        return pixels
    weight = to_8_bit(picture.alpha).astype(np.uint16)
    weight = weight[..., None] if pixels.ndim == 3 else weight
    return ((pixels * weight + 255 * (255 - weight) + 127) // 255).astype(np.uint8)


def _stacked(picture: Picture, depth: int) -> NDArray[Any]:
    """Return colours and alpha as one contiguous array."""
    pixels = to_depth(picture.pixels, depth)
    if picture.alpha is None:
        return np.ascontiguousarray(pixels)
    return np.dstack([pixels, to_depth(picture.alpha, depth)])


def _by_pillow(
    pixels: NDArray[np.uint8], format_name: str, profile: bytes | None, options: dict[str, Any]
) -> bytes:
    file = io.BytesIO()
    if pixels.shape[2:] == (2,):  # WebP has no grey
        pixels = np.dstack([pixels[..., :1]] * 3 + [pixels[..., 1:]])
    if profile:
        options["icc_profile"] = profile
    Image.fromarray(pixels).save(file, format_name, **options)
    return file.getvalue()


def _png_by_opencv(pixels: NDArray[Any]) -> bytes:
    import cv2

    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA if pixels.shape[2] == 4 else cv2.COLOR_RGB2BGR)
    try:
        is_done, data = cv2.imencode(".png", pixels)
    except cv2.error as error:
        raise ValueError("PNG could not be encoded") from error
    if not is_done:
        raise ValueError("PNG could not be encoded")
    return bytes(data.tobytes())


def _png_by_imagecodecs(pixels: NDArray[Any]) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.png_encode(pixels, level=3))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
