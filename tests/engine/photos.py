"""Photos with a known sharp original: those that come inside scikit-image, nothing is downloaded."""

from functools import cache

import numpy as np
import skimage.data
from numpy.typing import NDArray

from benchmarks.degrade import Blur, blurred, degraded

Picture = NDArray[np.uint8]


@cache
def astronaut() -> Picture:
    """512×512, many edges."""
    return skimage.data.astronaut()


@cache
def coffee() -> Picture:
    """400×600, smooth areas."""
    return skimage.data.coffee()


@cache
def pair(
    blur: Blur, noise: float = 0.006, linear: bool = False, jpeg: int | None = None
) -> tuple[Picture, Picture]:
    """The astronaut, sharp and degraded."""
    return degraded(astronaut(), blur, noise=noise, linear=linear, jpeg=jpeg)


@cache
def ramp() -> tuple[Picture, Picture]:
    """The coffee cup, sharp at the left and ever softer (sigma up to 3 px) to the right."""
    sharp = coffee()
    levels = np.arange(0.0, 3.2, 0.2)
    levels[1] = 0.3
    values = [blurred(sharp / 255, Blur("gauss", level) if level else Blur("none")) for level in levels]
    place = np.interp(np.linspace(0.1, 3, sharp.shape[1]), levels, np.arange(len(levels)))
    mixed = sum(value * np.maximum(0, 1 - abs(place - i))[None, :, None] for i, value in enumerate(values))
    noisy = mixed + 0.004 * np.random.default_rng(0).standard_normal(sharp.shape)
    return sharp, np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8)


def psnr(one: NDArray[np.generic], other: NDArray[np.generic], peak: float = 255) -> float:
    """Peak signal to noise ratio in dB."""
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float(10 * np.log10(peak**2 / max(error, 1e-12)))


def gain(result: NDArray[np.generic], sharp: Picture, given: Picture) -> float:
    """By how many dB the result is nearer to the sharp original."""
    return psnr(result, sharp) - psnr(given, sharp)


def large(height: int, width: int) -> Picture:
    """A blurred picture of any size, tiled from the astronaut."""
    tile = pair(Blur("gauss", 1.5))[1]
    repeats = (-(-height // tile.shape[0]), -(-width // tile.shape[1]), 1)
    return np.ascontiguousarray(np.tile(tile, repeats)[:height, :width])
