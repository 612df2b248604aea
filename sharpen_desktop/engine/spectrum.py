"""Averaged power spectra of a picture's most textured part."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.fft
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.02, 0.42
SMALLEST = 32
# A drawn step has frequencies without any power; a photo's noise is 10,000 times this.
LEAST_POWER = 1e-10


@dataclass(frozen=True, slots=False)
class Spectrum:
    """Power at the frequencies that are fitted: 1-D float64 arrays of the same length.

    ``power``: of unit-variance white noise it is 1. ``fy``, ``fx``: cycles/px, rows counted downward.
    """

    power: NDArray[np.float64]
    fy: NDArray[np.float64]
    fx: NDArray[np.float64]

    @cached_property
    def frequency(self) -> NDArray[np.float64]:
        """Distance from zero frequency, cycles/px."""
        return np.hypot(self.fy, self.fx)

    def rings(self, count: int = 96) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Mean frequency, mean power and share of all samples of each ring that holds any."""
        index = ((self.frequency - LOWEST) / (HIGHEST - LOWEST) * count).astype(np.intp)
        samples = np.bincount(index, minlength=count)
        held = samples > 0
        counts = samples[held]
        frequency = np.bincount(index, self.frequency, count)[held] / counts
        power = np.bincount(index, self.power, count)[held] / counts
        return frequency, power, counts / counts.sum()


def textured_window(luma: NDArray[np.generic], side: int = 1024) -> tuple[slice, slice]:
    """Return the square of at most ``side`` px with the strongest gradients, on a grid of 128 px.

    ``luma``: H×W of any real type. One diagonal step in 4×4 px is looked at.
    """
    height, width = luma.shape
    if height <= side and width <= side:
        return slice(0, height), slice(0, width)
    step = luma[1::4, 1::4].astype(np.float32)
    step -= luma[0::4, 0::4][: step.shape[0], : step.shape[1]].astype(np.float32)
    energy = np.abs(step, out=step)
    np.minimum(energy, 8 * energy.mean() + 1e-12, out=energy)
    cells = np.add.reduceat(np.add.reduceat(energy, _starts(energy.shape[0]), 0), _starts(energy.shape[1]), 1)
    rows, columns = (min(count, side // 128) for count in cells.shape)
    sums = np.pad(cells.cumsum(0, dtype=np.float64).cumsum(1), ((1, 0), (1, 0)))
    boxes = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    top, left = np.unravel_index(int(boxes.argmax()), boxes.shape)
    return _span(int(top) * 128, side, height), _span(int(left) * 128, side, width)


def _starts(length: int) -> NDArray[np.intp]:
    """Where cells of 32 samples, 128 px, begin."""
    return np.arange(0, length, 32)


def _span(start: int, side: int, length: int) -> slice:
    """``side`` px from ``start``, moved back inside 0..length."""
    begin = max(0, min(start, length - side))
    return slice(begin, min(begin + side, length))


def spectrum(luma: NDArray[np.float32], tile: int = 256) -> Spectrum | None:
    """Welch's average of windowed periodograms (Welch 1967), Hann tiles overlapping by half.

    The tile shrinks to the picture; None where a side is under 32 px. The axes themselves are left out,
    since the window leaks along them.
    """
    side = min(tile, min(luma.shape) // 2 * 2)
    if side < SMALLEST:
        return None
    bell = np.hanning(side + 1)[:-1].astype(np.float32)
    window = bell[:, None] * bell[None, :]
    total = np.zeros((side, side // 2 + 1))
    tiles = 0
    for top in _tile_starts(luma.shape[0], side):
        for left in _tile_starts(luma.shape[1], side):
            patch = luma[top : top + side, left : left + side]
            coefficients = scipy.fft.rfft2((patch - patch.mean()) * window)
            total += coefficients.real**2 + coefficients.imag**2
            tiles += 1
    total /= tiles * float((window.astype(np.float64) ** 2).sum())
    fy, fx = np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij")
    distance = np.hypot(fy, fx)
    off_axis = (np.abs(fy) > 1.5 / side) & (fx > 1.5 / side)
    kept = (distance > LOWEST) & (distance < HIGHEST) & off_axis
    return Spectrum(np.maximum(total[kept], LEAST_POWER), fy[kept], fx[kept])


def _tile_starts(length: int, side: int) -> list[int]:
    """Tile positions half a tile apart, the last one flush with the end."""
    count = max(1, -(-(length - side) * 2 // side) + 1)
    return [round(at) for at in np.linspace(0, length - side, count)]
