"""How sharp a picture is: its edges, how wide they are, and its noise. Arrays in, numbers and masks out.

Everything is measured on luma as the screen shows it (sRGB encoded, 0..255), in pixels of the arrays, and held against
the noise: what noise alone would explain is taken for neither an edge nor a halo.

- Slope: magnitude of the gradient, by Sobel's operator, levels a px. Its noise: median over flat areas of the local mean
  of slope² / 2, rooted.
- Edges: ridges of the slope (Canny 1986) of more than ``EDGE_SLOPES`` times that noise.
- Edge width, 10 to 90 %: that of the gaussian edge of the same contrast and slope. An edge of contrast H blurred with
  sigma s has the slope H / sqrt(2 pi (s² + 1/3)), of which 1/3 px² is the central difference itself; it rises from 10 to
  90 % over 2.563 s. Told of edges of ``CLEAR_SLOPES`` times the noise: of weaker ones noise decides.
- Noise: standard deviation by the mean of |N*luma| with N = [1 -2 1] x [1 -2 1] (Immerkaer 1996), locally over
  ``BOX`` px, and the median of that over flat areas. Flat: what lies between 1.5 and 3 px in scale is no more than such
  noise would leave there.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import pi, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.gradients import Plane

Mask = NDArray[np.bool_]

REACH = 5
"""Px on either side that belong to an edge."""
CONTRAST_REACH = 3
BOX = 15
SHARP_PX = 3.0
"""An edge is called sharp up to this width."""
EDGE_SLOPES, CLEAR_SLOPES, WEAKER = 5.0, 10.0, 0.8
"""An edge has a place this much above the noise, and goes on where it is weaker by that factor (Canny's hysteresis)."""
LEAST_SLOPE = 4.0
"""Levels a px; what is less steep is hardly seen."""
LOBE = 0.4
"""Of the steepest slope nearby; what has less, such as the far side of a halo, is no edge of its own."""
ROUNDING = sqrt(1 / 12)
"""Noise of 8-bit rounding, in levels: no less can be told."""
CALMEST = 0.01
SLOPE_OF_WHITE = 0.43
"""Standard deviation that Sobel's operator leaves of white noise of 1."""
COARSE_OF_WHITE = 0.126
"""Standard deviation of white noise of 1 between gaussians of 1.5 and 3 px."""
COARSE_SLACK, LEAST_COARSE = 3.0, 0.25
HALVED_SIGMAS = (sqrt(1.5**2 - 0.25) / 2, sqrt(3.0**2 - 0.25) / 2)
HALVED_BOX = (BOX // 2, BOX // 2)
"""The same on half the rows and columns, where each pixel is the mean of four."""
CLIPPED = (4.0, 251.0)
FEWEST_FLAT, FEWEST_EDGES, FEWEST_PART = 400, 20, 2e-4
MANY = 100_000
_LAPLACIANS = np.outer((1, -2, 1), (1, -2, 1)).astype(np.float32)
GRADIENT_SCALE = 64


@dataclass(frozen=True, slots=True)
class Side:
    """What was measured of one picture; all planes H×W. ``noise``: in levels, around every pixel.

    ``slope_noise``: standard deviation of one component of the gradient; ``edges``: ridges of it.
    """

    luma: Plane
    slope: Plane
    slope_noise: float
    edges: Mask
    noise: Plane
    flat: Mask

    @property
    def clear(self) -> Mask:
        """Edges that stand out of the noise so far that their width can be told."""
        told: Mask = self.edges & (self.slope > CLEAR_SLOPES * self.slope_noise)
        return told

    def width(self) -> Plane:
        """Return the 10 to 90 % width in px that an edge of the contrast and slope around each pixel has."""
        window = square(CONTRAST_REACH)
        span = cv2.dilate(self.luma, window) - cv2.erode(self.luma, window)
        clean = np.maximum(span - 4 * self.noise, 0.0)
        sigma = clean / np.maximum(self.slope, 1e-3) / np.float32(sqrt(2 * pi))
        return np.asarray(2.563 * np.sqrt(np.maximum(sigma**2 - 1 / 3, 0)), np.float32)


def measured_both(old: Plane, new: Plane) -> tuple[Side, Side]:
    """Measure two pictures at the same time."""
    with ThreadPoolExecutor(1) as crew:
        other = crew.submit(measured, new)
        return measured(old), other.result()


def measured(luma: Plane) -> Side:
    """Measure one picture: H×W float32, 0..255."""
    whole = np.asarray(luma * np.float32(GRADIENT_SCALE / 8), np.int16)
    across = np.asarray(cv2.Sobel(whole, cv2.CV_16S, 1, 0, ksize=3), np.int16)
    down = np.asarray(cv2.Sobel(whole, cv2.CV_16S, 0, 1, ksize=3), np.int16)
    slope = plane(cv2.magnitude(across.astype(np.float32), down.astype(np.float32)))
    slope /= GRADIENT_SCALE
    noise = _noise(luma)
    flat = _flat(luma, noise)
    slope_noise = _slope_noise(slope, noise, flat)
    return Side(luma, slope, slope_noise, _ridges(across, down, slope, slope_noise), noise, flat)


def noise_of(noise: Plane, flat: Mask) -> float | None:
    """Return the standard deviation of the noise in levels; ``None`` where too little is flat."""
    return max(median(noise[flat]), ROUNDING) if np.count_nonzero(flat) >= FEWEST_FLAT else None


def has_edges(edges: Mask) -> bool:
    """Return whether there are more edges than a few pixels of noise can come to."""
    return bool(np.count_nonzero(edges) >= max(FEWEST_EDGES, FEWEST_PART * edges.size))


def _noise(luma: Plane) -> Plane:
    """Return the standard deviation of the noise around each pixel, as if all that is finest were noise."""
    fine = np.abs(plane(cv2.filter2D(luma, -1, _LAPLACIANS)))
    around = plane(cv2.blur(_halved(fine), HALVED_BOX)) * np.float32(sqrt(pi / 2) / 6)
    return plane(cv2.resize(around, luma.shape[::-1], interpolation=cv2.INTER_NEAREST))


def _flat(luma: Plane, noise: Plane) -> Mask:
    """Return where a picture holds nothing but noise, and no clipped values that hide it."""
    small, calm = _halved(luma), _halved(noise)
    band = cv2.GaussianBlur(small, (0, 0), HALVED_SIGMAS[0]) - cv2.GaussianBlur(
        small, (0, 0), HALVED_SIGMAS[1]
    )
    coarse, mean = cv2.sqrt(cv2.blur(band * band, HALVED_BOX)), cv2.blur(small, HALVED_BOX)
    most = np.maximum(COARSE_SLACK * COARSE_OF_WHITE * calm, LEAST_COARSE)
    flat = (coarse < most) & (mean > CLIPPED[0]) & (mean < CLIPPED[1])
    return _doubled(flat, luma.shape)


def _doubled(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """Return a mask of half the pixels in the place of one of this shape."""
    whole = cv2.resize(mask.view(np.uint8), shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole).view(np.bool_)


def _halved(values: Plane) -> Plane:
    size = (max(1, values.shape[1] // 2), max(1, values.shape[0] // 2))
    return plane(cv2.resize(values, size, interpolation=cv2.INTER_AREA))


def _slope_noise(slope: Plane, noise: Plane, flat: Mask) -> float:
    """Return the noise of a gradient's component; of white noise where nothing is flat and it cannot be told."""
    if np.count_nonzero(flat) < FEWEST_FLAT:
        return SLOPE_OF_WHITE * calm_noise(noise, flat)
    power = plane(cv2.blur(_halved(slope * slope), HALVED_BOX))
    there = flat[::2, ::2][: power.shape[0], : power.shape[1]]
    return max(sqrt(median(power[there]) / 2), SLOPE_OF_WHITE * ROUNDING)


def _ridges(across: NDArray[np.int16], down: NDArray[np.int16], slope: Plane, slope_noise: float) -> Mask:
    """Return the ridges of the gradient, given in ``GRADIENT_SCALE`` parts of a level, that are steeper than noise."""
    least = max(EDGE_SLOPES * slope_noise, LEAST_SLOPE) * GRADIENT_SCALE
    found = cv2.Canny(across, down, WEAKER * least, least, L2gradient=True)
    steepest = cv2.dilate(slope, square(CONTRAST_REACH))
    ridges: Mask = found.view(np.bool_) & (slope > LOBE * steepest)
    return ridges


def calm_noise(noise: Plane, flat: Mask) -> float:
    """Return a picture's noise where it is flat, else where it is calmest; levels."""
    told = noise_of(noise, flat)
    return told if told is not None else max(_quantile(noise, CALMEST), ROUNDING)


def plane(values: NDArray[np.generic]) -> Plane:
    """Return what OpenCV gives back as what it is."""
    return np.asarray(values, np.float32)


def square(reach: int) -> NDArray[np.uint8]:
    """Return the window of all within ``reach`` px."""
    side = 2 * reach + 1
    return np.ones((side, side), np.uint8)


def grown(mask: Mask, reach: int) -> Mask:
    """Return a mask with all that lies within ``reach`` px of it."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), square(reach)) > 0)


def median(values: Plane) -> float:
    """Return the middle value, of a sample where there are many."""
    return _quantile(values, 0.5)


def _quantile(values: Plane, part: float) -> float:
    """Return a quantile, of a sample where there are many."""
    all_of_it = values.ravel()
    return float(np.quantile(all_of_it[:: 1 + all_of_it.size // MANY], part))
