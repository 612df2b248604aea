"""Honest degradations of sharp photos: blur, noise, JPEG, rounding to 8 bit; all seeded.

A blurred picture loses its border: the blur is made with what lies beyond it, then the picture and its
sharp original are cropped alike, because in a real photo the scene goes on beyond the frame.
"""

from dataclasses import dataclass, replace
from io import BytesIO
from math import cos, pi, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sharpen_desktop.engine.transfer import SRGB

MARGIN = 24
STEPS = 2000
LEAST_WIDTH = 0.25


@dataclass(frozen=True, slots=True)
class Blur:
    """``name``: none, gauss, disk, line or curve; ``size`` in px; ``angle`` in degrees against the clock.

    curve: a shaken camera's path, ``size`` px between its two farthest points, one of many by the number ``shape``.
    Also blurs that differ from place to place: ramp, a gaussian from sigma .3 at the left to ``size`` at the right;
    subject, a gaussian of ``size`` behind a sharp ellipse in the middle; halves, the left moved by ``size`` along
    ``angle``, the right by 1.4 times that across it; passing, the ellipse moved by ``size`` before a still ground.
    """

    name: str
    size: float = 0.0
    angle: float = 0.0
    shape: int = 0


def kernel(blur: Blur) -> NDArray[np.float64]:
    """Return the point spread function on pixels, odd and square, sum 1, by 8-fold (line: 64-fold) supersampling."""
    if blur.name == "line":
        return _line_kernel(blur.size, blur.angle)
    if blur.name == "curve":
        return _on_pixels(*shake_path(blur.size, blur.shape))
    reach = int(np.ceil(blur.size * (4 if blur.name == "gauss" else 1))) + 1
    fine = (np.arange((2 * reach + 1) * 8) + 0.5) / 8 - reach - 0.5
    squared = fine[:, None] ** 2 + fine[None, :] ** 2
    values = np.exp(-squared / (2 * blur.size**2)) if blur.name == "gauss" else squared <= blur.size**2
    side = 2 * reach + 1
    summed = np.asarray(values, dtype=np.float64).reshape(side, 8, side, 8).sum(axis=(1, 3))
    return np.asarray(summed / summed.sum())


def _line_kernel(length: float, angle: float) -> NDArray[np.float64]:
    """Return a segment of ``length`` px through the centre."""
    steps = (np.arange(int(length * 64)) + 0.5) / 64 - length / 2
    return _on_pixels(steps * cos(radians(angle)), -steps * sin(radians(angle)))


def shake_path(extent: float, shape: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places (across, down) in px, evenly spaced in time, of a shaken camera, their mean at 0.

    Its direction and its speed wander smoothly, so that it turns, lingers and may cross itself; ``shape`` seeds
    them. ``extent``: between its two farthest points. Paths that are nearly straight are not taken.
    """
    rng = np.random.default_rng([shape, 7])
    while True:
        course = rng.uniform(0, 2 * pi) + np.cumsum(_wandering(rng)) * rng.uniform(2.0, 6.0) / STEPS
        course += np.linspace(0, rng.normal() * 1.5, STEPS)
        speed = np.exp(0.4 * _wandering(rng))
        x, y = np.cumsum(speed * np.cos(course)), np.cumsum(speed * np.sin(course))
        x, y = x - x.mean(), y - y.mean()
        turns = np.linspace(0, pi, 60, endpoint=False)[:, None]
        widths = np.ptp(x * np.cos(turns) + y * np.sin(turns), axis=1)
        if widths.min() > LEAST_WIDTH * widths.max():
            return x * extent / widths.max(), y * extent / widths.max()


def _wandering(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return smooth noise of unit variance: 1-D, one value a step, three or so swings in all."""
    swings = np.arange(1, 7)
    weight = 1.0 / swings
    phase = rng.uniform(0, 2 * pi, swings.size)
    time = np.arange(STEPS)[:, None] / STEPS
    waves = weight * rng.normal(size=swings.size) * np.cos(pi * swings * time + phase)
    total = waves.sum(axis=1)
    return np.asarray(total / (total.std() + 1e-9))


def _on_pixels(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points of a path around 0, each shared by the four nearest pixels: odd, square, sum 1."""
    reach = int(np.ceil(max(np.abs(x).max(), np.abs(y).max()))) + 1
    x, y = x + reach, y + reach
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
    if blur.name == "halves":
        left = blurred(values, Blur("line", blur.size, blur.angle))
        right = blurred(values, Blur("line", 1.4 * blur.size, blur.angle + 90))
        return np.where(np.arange(values.shape[1])[None, :, None] < values.shape[1] // 2, left, right)
    if blur.name == "passing":
        inside = ellipse(values.shape[0], values.shape[1])
        return np.asarray(
            values * (1 - inside) + blurred(values, Blur("line", blur.size, blur.angle)) * inside
        )
    if blur.name == "subject":
        sharp = ellipse(values.shape[0], values.shape[1])
        return np.asarray(values * sharp + blurred(values, Blur("gauss", blur.size)) * (1 - sharp))
    spread = np.flip(kernel(blur))  # OpenCV slides a kernel over the picture without turning it about
    return np.asarray(cv2.filter2D(values, -1, spread, borderType=cv2.BORDER_REFLECT_101))


def _ramp(values: NDArray[np.float64], widest: float) -> NDArray[np.float64]:
    """Return H×W×3 values ever softer to the right, mixed from levels .2 px apart."""
    levels = np.concatenate([[0.3], np.arange(0.4, widest + 0.2, 0.2)])
    place = np.interp(np.linspace(0.3, widest, values.shape[1]), levels, np.arange(len(levels)))
    total = np.zeros_like(values)
    for index, level in enumerate(levels):
        share = np.maximum(0, 1 - np.abs(place - index))[None, :, None]
        total += share * blurred(values, Blur("gauss", float(level)))
    return total


def ellipse(height: int, width: int) -> NDArray[np.float64]:
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
    photons do) and is ``noise`` at middle grey .18; in encoded values it is the same everywhere. A curve's shape
    is counted on by ``seed``, so that each photo is shaken otherwise.
    """
    blur = replace(blur, shape=blur.shape + seed)
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
