"""Minor denoise: grain calmed before the blur is undone, edges kept (self-guided filter, He, Sun & Tang 2010)."""

import cv2
import numpy as np

from sharpen_desktop.engine.pixels import Plane, Planes
from sharpen_desktop.engine.transfer import Domain

# What varies less than this many times the noise within the radius in px is taken for grain.
LUMA, LUMA_RADIUS = 2.5, 2
COLOUR, COLOUR_RADIUS = 3.0, 4


def calmed(parts: Planes, domain: Domain, noise: float, amount: float) -> Planes:
    """Return working planes with less grain; ``amount`` 0..1, 0 leaves them as they are.

    ``noise``: standard deviation in encoded values; the tone curve's slope carries it to each pixel.
    """
    if amount <= 0:
        return parts
    smooth = np.asarray(cv2.GaussianBlur(parts.luma, (0, 0), 2.0), np.float32)
    grain = np.float32(amount * noise) / domain.slope(smooth)
    red, blue = (
        None if plane is None else _guided(plane, COLOUR_RADIUS, np.float32(COLOUR) * grain)
        for plane in (parts.red, parts.blue)
    )
    return Planes(_guided(parts.luma, LUMA_RADIUS, np.float32(LUMA) * grain), red, blue)


def _guided(plane: Plane, radius: int, grain: Plane) -> Plane:
    """Return the plane guided by itself: smooth where its standard deviation is less than ``grain``."""

    def mean(values: Plane) -> Plane:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    middle = mean(plane)
    spread = np.maximum(mean(plane * plane) - middle * middle, 0)
    kept = spread / (spread + grain * grain + np.float32(1e-12))
    return mean(kept) * plane + mean(middle - kept * middle)
