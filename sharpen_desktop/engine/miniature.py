"""A small 8-bit copy of a picture as a screen shows it, for what looks at content and not at pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.transfer import SRGB, Transfer

SIDE = 1024

Picture = NDArray[np.uint8]


class Shown:
    """From pixels of one encoding and depth to 8-bit sRGB."""

    def __init__(self, transfer: Transfer, dtype: np.dtype[np.generic]) -> None:
        peak = int(np.iinfo(dtype).max)  # type: ignore[type-var]
        seen = SRGB.encode(transfer.decode(np.arange(peak + 1) / peak))
        self._table = np.rint(np.clip(seen, 0, 1) * 255).astype(np.uint8)

    def of(self, pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
        """Return pixels of any shape and this depth as a screen shows them."""
        return self._table.take(np.asarray(pixels, np.intp))


def miniature(pixels: NDArray[np.generic], shown: Shown) -> Picture:
    """Return h×w×3 RGB in sRGB, its long side at most 1024 px; ``pixels``: H×W or H×W×3, uint8 or uint16."""
    small = shown.of(smaller(pixels, SIDE))
    return np.repeat(small[..., None], 3, axis=2) if small.ndim == 2 else small


def smaller(pixels: NDArray[np.generic], side: int) -> NDArray[np.generic]:
    """Return the pixels with a long side of at most ``side`` px, each the mean of those it stands for."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return np.ascontiguousarray(pixels)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(np.asarray(pixels), size, interpolation=cv2.INTER_AREA))
