"""Pixels as luma and two colour differences, and back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.transfer import Domain

RED, GREEN, BLUE = np.float32(0.299), np.float32(0.587), np.float32(0.114)

Plane = NDArray[np.float32]


@dataclass(slots=True)
class Planes:
    """H×W float32 working values: luma, and red minus luma and blue minus luma where there is colour."""

    luma: Plane
    red: Plane | None = None
    blue: Plane | None = None

    def scaled(self, share: Plane | np.float32) -> "Planes":
        """Return new planes, each times ``share``."""
        red = None if self.red is None else self.red * share
        return Planes(self.luma * share, red, None if self.blue is None else self.blue * share)

    def add(self, other: "Planes", share: Plane | np.float32) -> None:
        """Add another picture's planes times ``share``."""
        _add(self.luma, other.luma, share)
        if self.red is not None and other.red is not None:
            _add(self.red, other.red, share)
        if self.blue is not None and other.blue is not None:
            _add(self.blue, other.blue, share)


def _add(total: Plane, plane: Plane, share: Plane | np.float32) -> None:
    if isinstance(share, np.ndarray):
        cv2.accumulateProduct(plane, share, total)  # in one go, without a plane in between
    else:
        total += plane * share


def planes(pixels: NDArray[np.generic], domain: Domain) -> Planes:
    """H×W or H×W×3 pixels taken apart."""
    if pixels.ndim == 2:
        return Planes(domain.working(pixels))
    red, green, blue = (domain.working(pixels[..., channel]) for channel in range(3))
    luma = RED * red + GREEN * green + BLUE * blue
    red -= luma
    blue -= luma
    return Planes(luma, red, blue)


def together(parts: Planes, domain: Domain) -> NDArray[np.generic]:
    """Planes as pixels again, H×W or H×W×3."""
    if parts.red is None or parts.blue is None:
        return domain.pixels(parts.luma)
    green = parts.luma - (RED / GREEN) * parts.red - (BLUE / GREEN) * parts.blue
    joined = np.empty((*parts.luma.shape, 3), domain.dtype)
    for channel, plane in enumerate((parts.luma + parts.red, green, parts.luma + parts.blue)):
        joined[..., channel] = domain.pixels(plane)
    return joined


def grey(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return encoded luma of the same depth, H×W; the picture itself where it is grey."""
    if pixels.ndim == 2:
        return pixels
    turned: NDArray[np.generic] = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return turned
