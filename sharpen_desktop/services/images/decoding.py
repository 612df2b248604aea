"""Picture files to upright pixels in mapped files, by Pillow and, for 16 bit, by imagecodecs."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sharpen_desktop.services.images import colour
from sharpen_desktop.services.images.decoded import Decoded, Rows, fitting_profile, frames_note, place
from sharpen_desktop.services.images.opening import (
    FOREIGN_ERRORS,
    opened,
    orientation_of,
    profile_bytes,
    translated,
)
from sharpen_desktop.services.images.photo_file import unreadable

_GAIN_MAP_MARKS = (b"hdrgm:Version", b"urn:iso:std:iso:ts:21496")
# Luminance table of the JPEG standard's Annex K, which the usual encoders scale with the quality.
_ANNEX_K_SUM = 3687


def decode(path: str, format_name: str, folder: Path) -> Decoded:
    """Decode the first picture in ``path`` into ``folder``. Raises PhotoUnreadable, NoRoom."""
    if format_name == "TIFF":
        from sharpen_desktop.services.images import tiff_reading

        plan = tiff_reading.look(path)
        if plan is not None:
            return tiff_reading.decode(path, plan, folder)
    with translated(path), opened(path, format_name) as image:
        notes = _notes(image, path)
        if format_name == "PNG" and _png_depth(path) == 16:
            return _decode_png16(path, image, notes, folder)
        return _decode_with_pillow(path, image, notes, folder)


def _decode_with_pillow(path: str, image: Image.Image, notes: list[str], folder: Path) -> Decoded:
    turn = orientation_of(image)
    quality = _jpeg_quality(image)
    image.load()
    depth, mode = _depth(path, image), _working_mode(image)
    if mode is None:
        raise unreadable(path, f"its kind of pixels ({image.mode}) is not supported yet")
    space = "cmyk" if mode == "CMYK" else "gray" if mode in {"L", "LA"} else "rgb"
    profile = fitting_profile(profile_bytes(image), space, notes)
    name = profile.name if profile else colour.SRGB

    rows = _rows_of(image, mode)
    size = (image.height, image.width)
    if mode == "CMYK":
        notes.append("The CMYK colours are converted to sRGB.")
        rows, profile = _converting(rows, profile), colour.read_profile(colour.srgb_profile())
    shape = size if space == "gray" else (*size, 3)
    pixels = place(folder, "pixels", shape, np.uint8, turn, _colours_of(rows, shape))
    alpha = None
    if mode in {"LA", "RGBA"}:
        alpha = place(folder, "alpha", size, np.uint8, turn, lambda top, bottom: rows(top, bottom)[..., -1])
    return Decoded(pixels, alpha, profile, name, depth, notes, quality)


def _decode_png16(path: str, image: Image.Image, notes: list[str], folder: Path) -> Decoded:
    """Decode 16-bit PNG, which Pillow would silently make 8-bit."""
    import imagecodecs

    stored = np.asarray(imagecodecs.png_decode(Path(path).read_bytes()))
    if stored.dtype != np.uint16 or stored.shape[:2] != (image.height, image.width):
        raise ValueError("the decoder does not agree with the header")
    channels = 1 if stored.ndim == 2 else stored.shape[2]
    has_alpha = channels in {2, 4}
    if stored.ndim == 3 and channels < 3:
        colours = stored[..., 0]
    else:
        colours = stored[..., :3] if has_alpha else stored
    profile = fitting_profile(profile_bytes(image), "gray" if channels < 3 else "rgb", notes)
    turn = orientation_of(image)
    pixels = place(folder, "pixels", colours.shape, np.uint16, turn, lambda a, b: colours[a:b])
    alpha = None
    if has_alpha:
        alpha = place(folder, "alpha", stored.shape[:2], np.uint16, turn, lambda a, b: stored[a:b, :, -1])
    return Decoded(pixels, alpha, profile, profile.name if profile else colour.SRGB, 16, notes)


def _working_mode(image: Image.Image) -> str | None:
    """Return the Pillow mode in which the pixels are taken over, ``None`` for those that cannot be."""
    is_see_through = image.has_transparency_data
    match image.mode:
        case "1" | "L" | "LA" | "La":
            return "LA" if is_see_through else "L"
        case "P" | "PA" | "RGB" | "RGBA" | "RGBa" | "RGBX" | "YCbCr":
            return "RGBA" if is_see_through else "RGB"
        case "CMYK":
            return "CMYK"
    return None


def _rows_of(image: Image.Image, mode: str) -> Rows:
    """Return the loaded image's rows in Pillow's ``mode``; strips keep the memory small."""

    def rows(top: int, bottom: int) -> NDArray[Any]:
        strip = image.crop((0, top, image.width, bottom))
        return _array(strip if strip.mode == mode else strip.convert(mode))

    return rows


def _array(image: Image.Image) -> NDArray[np.uint8]:
    channels = len(image.getbands())
    shape = (image.height, image.width) if channels == 1 else (image.height, image.width, channels)
    return np.frombuffer(image.tobytes(), np.uint8).reshape(shape)


def _colours_of(rows: Rows, shape: tuple[int, ...]) -> Rows:
    """Return ``rows`` without the alpha channel, as an array of ``shape``'s kind."""

    def colours(top: int, bottom: int) -> NDArray[Any]:
        strip = rows(top, bottom)
        if len(shape) == 2:
            return strip if strip.ndim == 2 else strip[..., 0]
        return strip[..., :3]

    return colours


def _converting(rows: Rows, profile: colour.Profile | None) -> Rows:
    """Return CMYK ``rows`` as sRGB, through ``profile`` where there is one."""

    def converted(top: int, bottom: int) -> NDArray[Any]:
        inks = rows(top, bottom)
        if profile is not None:
            return colour.to_srgb(inks, profile)
        return _array(Image.fromarray(inks, "CMYK").convert("RGB"))

    return converted


def _depth(path: str, image: Image.Image) -> int:
    """Return the bits a channel as the file stores them."""
    if image.format == "PNG" and image.mode != "P":
        return _png_depth(path)
    if image.format == "AVIF":
        return _avif_depth(path)
    return 1 if image.mode == "1" else 8


def _png_depth(path: str) -> int:
    with Path(path).open("rb") as file:
        return file.read(25)[24]


def _avif_depth(path: str) -> int:
    """Return the bit depth from the AV1 configuration box, 8 when there is none."""
    with Path(path).open("rb") as file:
        head = file.read(1 << 16)
    flags = head[at + 6] if 0 <= (at := head.find(b"av1C")) < len(head) - 6 else 0
    return 12 if flags & 0x60 == 0x60 else 10 if flags & 0x40 else 8


def _notes(image: Image.Image, path: str) -> list[str]:
    """Say what of the file is left aside: other frames, pictures or brightness data, finer steps."""
    notes: list[str] = []
    parts = [content for _, content in getattr(image, "applist", [])]
    if any(mark in content[:65_536] for mark in _GAIN_MAP_MARKS for content in parts):
        notes.append("The HDR gain map in the file is not used and not kept.")
    what = {"MPO": "pictures in the file", "TIFF": "pages"}.get(image.format or "", "frames")
    notes += frames_note(_frames(image), what)
    if image.format == "AVIF" and (depth := _avif_depth(path)) > 8:
        notes.append(f"The file stores {depth} bits a channel; it is opened with 8.")
    return notes


def _frames(image: Image.Image) -> int:
    """Return how many frames there are; 1 when the others cannot be counted."""
    try:
        return int(getattr(image, "n_frames", 1))
    except FOREIGN_ERRORS:
        return 1


def _jpeg_quality(image: Image.Image) -> int | None:
    """Estimate the quality (1–100) from the luminance quantisation table; ``None`` for other formats."""
    tables: dict[int, list[int]] | None = getattr(image, "quantization", None)
    if not tables:
        return None
    scale: float = 100 * sum(next(iter(tables.values()))) / _ANNEX_K_SUM
    quality = 5000 / scale if scale > 100 else 100 - scale / 2
    return max(1, min(100, round(quality)))
