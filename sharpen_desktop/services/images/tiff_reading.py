"""TIFF files by tifffile: 8- and 16-bit grey, RGB, CMYK and L*a*b*, at their full depth.

What else TIFF can be (palettes, fewer bits, YCbCr) is left to Pillow.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.services.images import colour
from sharpen_desktop.services.images.decoded import Decoded, fitting_profile, frames_note, place
from sharpen_desktop.services.images.opening import require_reasonable, translated
from sharpen_desktop.services.images.photo_file import unreadable

Page = Any
"""A tifffile.TiffPage; the library's types say too little."""

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _CIELAB, _ICCLAB = 0, 1, 2, 5, 8, 9
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _CMYK: 4, _CIELAB: 3, _ICCLAB: 3}
_JPEG_COMPRESSIONS = {6, 7}
_ASSOCIATED, _UNASSOCIATED = 1, 2
_DNG_VERSION, _ICC_PROFILE, _ORIENTATION = 50706, 34675, 274
_MOST_EXTRA_CHANNELS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What the first page's tags say; ``alpha``: the ExtraSamples value of an alpha channel, 0 for none."""

    photometric: int
    depth: int
    alpha: int
    turn: int
    icc: bytes | None
    notes: tuple[str, ...]


def look(path: str) -> Plan | None:
    """Read the tags of the first page; ``None`` when the picture is one for Pillow.

    Raises PhotoUnreadable for kinds of pixels that are not supported, and for damaged files.
    """
    import tifffile

    # What it would log is either raised as well or does not matter for the first page.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    with translated(path), tifffile.TiffFile(path) as tiff:
        page: Page = tiff.pages[0]
        require_reasonable(path, int(page.imagewidth), int(page.imagelength))
        _refuse_unsupported(path, page)
        if page.photometric not in _COLOURS or page.bitspersample not in {8, 16}:
            return None
        if page.compression in _JPEG_COMPRESSIONS:
            return None
        _require_whole(page, Path(path).stat().st_size)
        return _plan(page, frames_note(_pages(tiff), "pages"))


def decode(path: str, plan: Plan, folder: Path) -> Decoded:
    """Decode the first page into ``folder``. Raises PhotoUnreadable, NoRoom."""
    import tifffile

    with translated(path):
        with tifffile.TiffFile(path) as tiff:
            stored = _as_rows(tiff.pages[0])
        if plan.photometric == _WHITE_IS_ZERO:
            stored = np.iinfo(stored.dtype).max - stored
        colours = _COLOURS[plan.photometric]
        alpha = stored[..., colours] if plan.alpha else None
        pixels = stored[..., 0] if colours == 1 else stored[..., :colours]
        if alpha is not None and plan.alpha == _ASSOCIATED:
            pixels = _unpremultiplied(pixels, alpha)
        return _decoded(plan, pixels, alpha, folder)


def _refuse_unsupported(path: str, page: Page) -> None:
    if _DNG_VERSION in page.tags:
        raise unreadable(path, "it is a camera raw file (DNG), which cannot be read yet")
    if page.sampleformat == 3:
        raise unreadable(
            path, f"{page.bitspersample}-bit floating-point TIFFs are not supported yet; save it with 16 bit"
        )
    if page.sampleformat not in {1, 4} or page.bitspersample not in {1, 2, 4, 8, 16}:
        raise unreadable(path, f"its kind of pixels ({page.bitspersample}-bit) is not supported yet")
    if page.imagedepth != 1 or page.samplesperpixel > 4 + _MOST_EXTRA_CHANNELS:
        raise unreadable(path, "it is not a photo but a stack of layers or channels")


def _require_whole(page: Page, size: int) -> None:
    """Refuse a file that ends before its pixels do; tifffile would fill the gap."""
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True):
        if count == 0 or offset == 0 or offset + count > size:
            raise ValueError("pixels are missing")


def _pages(tiff: Page) -> int:
    """Count the pages that are pictures of their own, not smaller copies."""
    pages = tiff.pages
    count = len(pages)
    return count if count > 50 else sum(not pages[index].is_reduced for index in range(count))


def _plan(page: Page, notes: list[str]) -> Plan:
    colours = _COLOURS[int(page.photometric)]
    if page.samplesperpixel < colours:
        raise ValueError("channels are missing")
    extra = [int(kind) for kind in page.extrasamples]
    alpha = extra[0] if extra and extra[0] in {_ASSOCIATED, _UNASSOCIATED} else 0
    if page.samplesperpixel > colours + bool(alpha):
        notes = [*notes, "Extra channels in the file are not kept."]
    turn = page.tags[_ORIENTATION].value if _ORIENTATION in page.tags else 1
    icc = page.tags[_ICC_PROFILE].value if _ICC_PROFILE in page.tags else None
    return Plan(
        int(page.photometric),
        int(page.bitspersample),
        alpha,
        int(turn) if isinstance(turn, int) and 1 <= turn <= 8 else 1,
        icc if isinstance(icc, bytes) else None,
        tuple(notes),
    )


def _as_rows(page: Page) -> NDArray[Any]:
    """Return the page as H×W×channels, native byte order."""
    stored = np.asarray(page.asarray())
    if stored.ndim == 2:
        stored = stored[..., None]
    elif page.planarconfig == 2:
        stored = np.moveaxis(stored, 0, -1)
    expected = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if stored.shape != expected or stored.dtype.kind != "u" or stored.dtype.itemsize > 2:
        raise ValueError(f"pixels are {stored.shape} {stored.dtype}, not {expected}")
    return stored.astype(stored.dtype.newbyteorder("="), copy=False)


def _decoded(plan: Plan, pixels: NDArray[Any], alpha: NDArray[Any] | None, folder: Path) -> Decoded:
    notes = list(plan.notes)
    space = {1: "gray", 4: "cmyk"}.get(_COLOURS[plan.photometric], "rgb")
    profile: colour.Profile | None
    if plan.photometric in {_CIELAB, _ICCLAB}:
        profile = colour.read_profile(colour.lab_profile())
        notes.append("The L*a*b* colours are converted to sRGB.")
        name = "L*a*b*"
    else:
        profile = fitting_profile(plan.icc, space, notes)
        name = profile.name if profile else colour.SRGB
    kept = profile
    if plan.photometric == _CMYK:
        notes.append("The CMYK colours are converted to sRGB.")

    def rows(top: int, bottom: int) -> NDArray[Any]:
        strip = pixels[top:bottom]
        if plan.photometric in {_CIELAB, _ICCLAB} and profile is not None:
            return colour.to_srgb(_lab(strip, plan.photometric), profile)
        return _from_inks(strip, profile) if plan.photometric == _CMYK else strip

    if plan.photometric in {_CMYK, _CIELAB, _ICCLAB}:
        kept = colour.read_profile(colour.srgb_profile())
    shape = pixels.shape if pixels.ndim == 2 else (*pixels.shape[:2], 3)
    upright = place(folder, "pixels", shape, pixels.dtype, plan.turn, rows)
    upright_alpha = None
    if alpha is not None:
        upright_alpha = place(folder, "alpha", alpha.shape, alpha.dtype, plan.turn, lambda a, b: alpha[a:b])
    return Decoded(upright, upright_alpha, kept, name, plan.depth, notes)


def _lab(stored: NDArray[Any], photometric: int) -> NDArray[Any]:
    """Return L*a*b* as ICC files encode it: a and b offset to the middle, 16 bit in steps of 1/257."""
    if photometric == _ICCLAB and stored.dtype == np.uint8:
        return stored
    encoded = stored.copy()
    if photometric == _ICCLAB:  # ICC version 2's 16 bit: a and b in steps of 1/256, L* 100 at 65,280
        encoded = np.minimum(stored.astype(np.uint32) * 257 // 256, 65_535).astype(np.uint16)
    elif stored.dtype == np.uint8:
        encoded[..., 1:] ^= 128
    else:  # CIELab stores a and b as signed numbers, in 16 bit in steps of 1/256
        signed = stored[..., 1:].view(np.int16).astype(np.int32)
        encoded[..., 1:] = np.clip((signed / 256 + 128) * 257, 0, 65_535).round().astype(np.uint16)
    return encoded


def _from_inks(stored: NDArray[Any], profile: colour.Profile | None) -> NDArray[Any]:
    """Return CMYK as sRGB: through its profile, else by the plain product of what the inks let through."""
    if profile is not None:
        return colour.to_srgb(stored, profile)
    most = np.iinfo(stored.dtype).max
    light = 1 - stored.astype(np.float32) / most
    through: NDArray[Any] = (light[..., :3] * light[..., 3:] * most).round().astype(stored.dtype)
    return through


def _unpremultiplied(pixels: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    """Return colours that were stored multiplied by ``alpha`` as themselves."""
    most = np.iinfo(pixels.dtype).max
    weight = np.maximum(alpha, 1).astype(np.float32) / most
    if pixels.ndim == 3:
        weight = weight[..., None]
    straight: NDArray[Any] = np.minimum(pixels / weight, most).round().astype(pixels.dtype)
    return straight
