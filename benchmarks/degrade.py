"""Honest degradations of sharp photos: blur, noise, JPEG, rounding to 8 bit; all seeded.

A blurred picture loses its border: the blur is made with what lies beyond it, then the picture and its
sharp original are cropped alike, because in a real photo the scene goes on beyond the frame.
"""

from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sharpen_desktop.engine.transfer import SRGB

MARGIN = 24


@dataclass(frozen=True, slots=True)
class Blur:
    """``name``: none, gauss, disk or line; ``size`` in px; ``angle`` in degrees against the clock.

    Also gaussians that differ from place to place: ramp, from sigma .3 at the left to ``size`` at the right, and
    subject, ``size`` behind a sharp ellipse in the middle.
    """

    name: str
    size: float = 0.0
    angle: float = 0.0


def kernel(blur: Blur) -> NDArray[np.float64]:
    """Return the point spread function on pixels, odd and square, sum 1, by 8-fold (line: 64-fold) supersampling."""
    if blur.name == "line":
        return _line_kernel(blur.size, blur.angle)
    reach = int(np.ceil(blur.size * (4 if blur.name == "gauss" else 1))) + 1
    fine = (np.arange((2 * reach + 1) * 8) + 0.5) / 8 - reach - 0.5
    squared = fine[:, None] ** 2 + fine[None, :] ** 2
    values = np.exp(-squared / (2 * blur.size**2)) if blur.name == "gauss" else squared <= blur.size**2
    side = 2 * reach + 1
    summed = np.asarray(values, dtype=np.float64).reshape(side, 8, side, 8).sum(axis=(1, 3))
    return np.asarray(summed / summed.sum())


def _line_kernel(length: float, angle: float) -> NDArray[np.float64]:
    """Return a segment of ``length`` px through the centre, each of its points shared by the four nearest pixels."""
    reach = int(np.ceil(length / 2)) + 1
    steps = (np.arange(int(length * 64)) + 0.5) / 64 - length / 2
    x = steps * cos(radians(angle)) + reach
    y = -steps * sin(radians(angle)) + reach
    grid = np.zeros((2 * reach + 2, 2 * reach + 2))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for row in (0, 1):
        for column in (0, 1):
            share = np.abs(1 - row - (y - top)) * np.abs(1 - column - (x - left))
            np.add.at(grid, (top + row, left + column), share)
    grid = grid[:-1, :-1]
    return np.asarray(grid / grid.sum())


def blurred(values: NDArray[np.float64], blur: Blur) -> NDArray[np.float64]:
    """H×W(×3) values blurred, of the same size (the border is only right inside ``MARGIN``)."""
    if blur.name == "none":
        return values
    if blur.name == "ramp":
        return _ramp(values, blur.size)
    if blur.name == "subject":
        sharp = _ellipse(values.shape[0], values.shape[1])
        return np.asarray(values * sharp + blurred(values, Blur("gauss", blur.size)) * (1 - sharp))
    return np.asarray(cv2.filter2D(values, -1, kernel(blur), borderType=cv2.BORDER_REFLECT_101))


def _ramp(values: NDArray[np.float64], widest: float) -> NDArray[np.float64]:
    """Return H×W×3 values ever softer to the right, mixed from levels .2 px apart."""
    levels = np.concatenate([[0.3], np.arange(0.4, widest + 0.2, 0.2)])
    place = np.interp(np.linspace(0.3, widest, values.shape[1]), levels, np.arange(len(levels)))
    total = np.zeros_like(values)
    for index, level in enumerate(levels):
        share = np.maximum(0, 1 - np.abs(place - index))[None, :, None]
        total += share * blurred(values, Blur("gauss", float(level)))
    return total


def _ellipse(height: int, width: int) -> NDArray[np.float64]:
    """Return 1 inside an ellipse of .28 × .36 of the picture in its middle, 0 outside, 2 px between; H×W×1."""
    y, x = np.mgrid[:height, :width]
    across, down = 0.28 * width, 0.36 * height
    distance = np.hypot((x - width / 2) / across, (y - height / 2) / down)
    return np.clip((1 - distance) * min(across, down) / 2 + 0.5, 0, 1)[..., None]


def degraded(
    sharp: NDArray[np.uint8],
    blur: Blur,
    *,
    noise: float,
    linear: bool = False,
    jpeg: int | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the sharp picture and its degraded twin, both cropped by ``MARGIN``, 8 bit.

    ``noise``: standard deviation of 1. In linear light it grows with the square root of the light (as
    photons do) and is ``noise`` at middle grey .18; in encoded values it is the same everywhere.
    """
    rng = np.random.default_rng(seed)
    values = sharp.astype(np.float64) / 255
    if linear:
        light = blurred(np.asarray(SRGB.decode(values)), blur)
        spread = noise * np.sqrt(np.maximum(light, 0.002) / 0.18)
        soft = np.asarray(SRGB.encode(light + spread * rng.standard_normal(light.shape)))
    else:
        soft = blurred(values, blur) + noise * rng.standard_normal(values.shape)
    inside = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    given = np.clip(np.rint(soft[inside] * 255), 0, 255).astype(np.uint8)
    return sharp[inside], given if jpeg is None else recompressed(given, jpeg)


def recompressed(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return the picture after one round through JPEG."""
    store = BytesIO()
    Image.fromarray(pixels).save(store, "JPEG", quality=quality)
    return np.asarray(Image.open(BytesIO(store.getvalue())))
