"""In which domain the blur happened: only there are blurred edges symmetric.

Light mixes in the lens, not in the file: an edge blurred in linear light is lopsided in encoded values, and
the other way round. Measured on ridges of the gradient: how far the edge's middle lies from the mean of
its two sides.
"""

from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from sharpen_desktop.engine.point_spread import PointSpread

STRONGEST = 0.09
FEWEST = 50

Plane = NDArray[np.float32]


def lopsidedness(luma: Plane, spread: PointSpread, slope: float | Plane) -> float:
    """Median over strong edges of (bright side + dark side - 2 middle) / contrast; 0 where they are symmetric.

    ``slope``: encoded change per working change, so that both domains look at the same edges. Of a line
    only edges across the motion count. 0 where there are too few edges.
    """
    scale = spread.size / (3.5 if spread.family == "line" else 2)
    smooth = np.asarray(cv2.GaussianBlur(luma, (0, 0), max(0.7, 0.5 * scale)), np.float32)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    strength = np.hypot(across, down)
    seen = strength * slope
    if spread.family == "line":
        turn = radians(spread.angle)
        seen = seen * (np.abs(across * cos(turn) - down * sin(turn)) > 0.9 * strength)
    place = np.nonzero(seen > np.quantile(seen[::3, ::3], 1 - STRONGEST))
    if len(place[0]) < FEWEST:
        return 0.0
    course = np.asarray(np.stack([down[place], across[place]]) / (strength[place] + 1e-9), np.float32)
    return _median_skew(smooth, strength, np.stack(place).astype(np.float32), course, 1.5 * scale + 0.5)


def _median_skew(smooth: Plane, strength: Plane, place: Plane, course: Plane, reach: float) -> float:
    """Skew at those places that are ridges of the gradient; ``course`` points to the bright side."""

    def sampled(plane: Plane, way: float | Plane) -> Plane:
        return np.asarray(map_coordinates(plane, place + way * course, order=1, mode="nearest"))

    here, ahead, behind = (
        strength[tuple(place.astype(np.intp))],
        sampled(strength, 1.0),
        sampled(strength, -1.0),
    )
    ridge = (here > ahead) & (here >= behind)
    if ridge.sum() < FEWEST:
        return 0.0
    place, course = place[:, ridge], course[:, ridge]
    here, ahead, behind = here[ridge], ahead[ridge], behind[ridge]
    peak = np.clip((ahead - behind) / (2 * np.maximum(2 * here - ahead - behind, 1e-6)), -0.5, 0.5)
    bright, dark, middle = sampled(smooth, peak + reach), sampled(smooth, peak - reach), sampled(smooth, peak)
    return float(np.median((bright + dark - 2 * middle) / np.maximum(bright - dark, 1e-4)))
