"""A master's pixels as arrays: loaded from its files, and in sRGB."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.picture import Master
from sharpen_desktop.services.images import colour
from sharpen_desktop.services.images.pixel_files import mapped, to_8_bit


@dataclass(frozen=True, slots=True)
class Picture:
    """``pixels`` H×W or H×W×3, ``alpha`` H×W (uint8 or uint16); ``dpi``: dots per inch across and down."""

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None = None
    profile: bytes | None = None
    dpi: tuple[float, float] | None = None


def load(master: Master, dpi: tuple[float, float] | None = None) -> Picture:
    """Return the master's arrays, mapped. Raises SharpenError when its files are gone."""
    try:
        pixels = mapped(Path(master.pixels))
        alpha = mapped(Path(master.alpha)) if master.alpha else None
        profile = Path(master.profile).read_bytes() if master.profile else None
    except (OSError, ValueError, EOFError) as error:
        raise SharpenError("The photo's pixels are gone; open it again.", detail=str(error)) from error
    return Picture(pixels, alpha, profile, dpi)


def in_srgb(picture: Picture) -> Picture:
    """Return an 8-bit sRGB picture with sRGB's profile; grey becomes RGB."""
    profile = colour.read_profile(picture.profile)
    source = picture.pixels
    target = np.empty((*source.shape[:2], 3), np.uint8)

    def convert(top: int, bottom: int) -> None:
        rows = to_8_bit(source[top:bottom])
        if profile is not None and not is_plain:
            target[top:bottom] = colour.to_srgb(rows, profile)
        else:
            target[top:bottom] = rows[..., None] if rows.ndim == 2 else rows

    is_plain = colour.is_srgb(profile)
    colour.in_strips(convert, len(source))
    alpha = None if picture.alpha is None else to_8_bit(picture.alpha)
    return Picture(target, alpha, colour.srgb_profile())
