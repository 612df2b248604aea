"""How blurred each place is: the fit of ``blur_fit`` on small tiles, made smooth before choosing.

The scores of neighbours are added up, weighted by how much signal a tile holds, and only then is the best
size taken (a tile alone is too small to tell); after that a median removes what stands alone.
"""

from dataclasses import dataclass
from math import pi

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from sharpen_desktop.engine.blur_fit import NATIVE_SOFTNESS
from sharpen_desktop.engine.crew import Check, on_two
from sharpen_desktop.engine.pixels import planes
from sharpen_desktop.engine.point_spread import Family, disk_transfer, gaussian_transfer
from sharpen_desktop.engine.spectrum import LEAST_POWER
from sharpen_desktop.engine.transfer import Domain

SIZES = {"gaussian": np.geomspace(0.3, 4.4, 14), "disk": np.geomspace(0.6, 9.0, 28)}
SIGNAL_NEEDED = 0.01
# A size is certain where a sharp scene would stand this far above the grain at the frequency that tells it. Grain is not
# white on most photos, and looks like a faint sharp scene then: what it is like, the plainest places show.
CLEARLY_ABOVE = 10.0
PLAINEST = 0.05
LOW_RINGS, LOW_FREQUENCY = 4, 0.035
TELLING = {"gaussian": 0.24, "disk": 0.61}
"""Where a blur of 1 px has taken nearly all, in cycles a px: |H|² = 0.1, and the first zero."""
NEIGHBOURHOOD = 0.8
FALL = 2.2
HIGHEST = 0.42

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grain:
    """Tiles of ``side`` px, ``stride`` px apart (more where there would be over ``most`` of them).

    Their power is taken in ``rings`` from the frequency ``lowest`` on.
    """

    side: int
    stride: int
    most: int
    rings: int
    lowest: float


COARSE = Grain(128, 64, 2000, 40, 0.02)
"""Measures best: tells whether the blur is the same everywhere, and disks, whose rings lie close."""
FINE = Grain(64, 32, 8000, 16, 0.035)
"""Follows the rim of a sharp subject more closely."""


@dataclass(frozen=True, slots=True)
class FocusMap:
    """Sigma or radius in px at the middles of a grid of tiles; ``down`` and ``across``: their places, px.

    ``seen``: where there was enough structure to measure it; ``certain``: where nothing but the blur explains it.
    """

    size: NDArray[np.float32]
    seen: NDArray[np.bool_]
    certain: NDArray[np.bool_]
    down: Floats
    across: Floats

    def at(self, place: tuple[slice, slice]) -> NDArray[np.float32]:
        """Return the size for each pixel of a part of the picture, between the middles bilinearly."""
        rows = np.interp(np.arange(place[0].start, place[0].stop), self.down, np.arange(len(self.down)))
        columns = np.interp(
            np.arange(place[1].start, place[1].stop), self.across, np.arange(len(self.across))
        )
        x, y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
        return np.asarray(
            cv2.remap(self.size, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32
        )


def focus_map(
    pixels: NDArray[np.generic], domain: Domain, family: Family, noise: float, grain: Grain, check: Check
) -> FocusMap:
    """Measure a picture no smaller than a tile; ``noise`` in encoded values. ``check`` may raise."""
    side = grain.side
    stride = max(grain.stride, round((pixels.shape[0] * pixels.shape[1] / grain.most) ** 0.5))
    tops, lefts = (_starts(length, side, stride) for length in pixels.shape[:2])
    rings, sizes = _Rings.of(grain), SIZES[family]
    scores = np.empty((len(sizes), len(tops), len(lefts)), np.float32)
    ratios = np.empty((len(tops), len(lefts), grain.rings), np.float32)

    def measure(row: int) -> None:
        check()
        luma = planes(pixels[tops[row] : tops[row] + side], domain).luma
        patches = np.stack([luma[:, left : left + side] for left in lefts])
        power = np.maximum(rings.powers(patches), LEAST_POWER)
        floor = noise**2 * (domain.slope(patches) ** -2.0).mean(axis=(1, 2))[:, None].astype(np.float64)
        scores[:, row] = _scores(power, floor, rings, family)
        ratios[row] = power / floor

    on_two(measure, range(len(tops)))
    lows = ratios[..., :LOW_RINGS].mean(axis=2)
    weights = np.clip(lows / 1000, np.float32(0.0005), np.float32(1))
    seen = np.asarray(cv2.GaussianBlur(weights, (0, 0), NEIGHBOURHOOD) > SIGNAL_NEEDED)
    size = np.where(seen, _chosen(scores, weights, sizes), np.float32(sizes[0]))
    certain = seen & _is_certain(lows, ratios, size, rings, family)
    return FocusMap(size, seen, certain, np.array(tops) + side / 2, np.array(lefts) + side / 2)


def _is_certain(
    lows: NDArray[np.float32],
    ratios: NDArray[np.float32],
    size: NDArray[np.float32],
    rings: "_Rings",
    family: Family,
) -> NDArray[np.bool_]:
    """Return where a sharp scene would stand clear of the grain. ``lows``, ``ratios``: power over noise of each tile."""
    frequency = np.minimum(TELLING[family] / size, HIGHEST)
    expected = lows * (LOW_FREQUENCY / frequency) ** FALL
    grain = np.maximum(1.0, np.quantile(ratios, PLAINEST, axis=(0, 1)))
    return np.asarray(expected > CLEARLY_ABOVE * np.interp(frequency, rings.frequency, grain))


def _starts(length: int, side: int, stride: int) -> list[int]:
    """Where tiles begin, at most ``stride`` apart, the last one flush with the end."""
    count = max(1, -(-(length - side) // stride) + 1)
    return [round(at) for at in np.linspace(0, length - side, count)]


def _chosen(scores: NDArray[np.float32], weights: NDArray[np.float32], sizes: Floats) -> NDArray[np.float32]:
    """Sizes of the lowest smoothed scores, between grid steps by a parabola."""
    total = cv2.GaussianBlur(weights, (0, 0), NEIGHBOURHOOD)
    smooth = np.stack([cv2.GaussianBlur(score * weights, (0, 0), NEIGHBOURHOOD) / total for score in scores])
    lowest = smooth.argmin(axis=0)
    best = np.clip(lowest, 1, len(sizes) - 2)
    before, here, after = (np.take_along_axis(smooth, (best + step)[None], 0)[0] for step in (-1, 0, 1))
    bend = np.maximum(before - 2 * here + after, 1e-6)
    step = np.log(sizes[1] / sizes[0])
    found = np.exp(np.log(sizes[best]) + step * np.clip(0.5 * (before - after) / bend, -1, 1))
    found = np.where(lowest == 0, sizes[0], found)
    return np.asarray(median_filter(found, size=3, mode="nearest"), np.float32)


def _scores(power: Floats, floor: Floats, rings: "_Rings", family: Family) -> Floats:
    """Whittle scores of shape (sizes, tiles), amplitude solved for by Fisher scoring."""
    softness = np.exp(-4 * (pi * NATIVE_SOFTNESS * rings.frequency) ** 2)
    scene = rings.frequency**-FALL * softness
    transfer = disk_transfer if family == "disk" else gaussian_transfer
    found = np.empty((len(SIZES[family]), len(power)))
    for index, size in enumerate(SIZES[family]):
        shape = transfer(float(size), rings.frequency) ** 2 * scene
        excess = np.maximum(power - floor, 0.05 * power)
        log_a = np.log((excess * rings.share).sum(-1, keepdims=True) / (shape * rings.share).sum())
        for _ in range(4):
            signal = np.exp(log_a) * shape
            part = signal / (signal + floor)
            slope = (rings.share * part * (power / (signal + floor) - 1)).sum(-1, keepdims=True)
            log_a += np.clip(
                slope / np.maximum((rings.share * part**2).sum(-1, keepdims=True), 1e-9), -1.5, 1.5
            )
        model = np.exp(log_a) * shape + floor
        found[index] = ((np.log(model) + power / model) * rings.share).sum(-1)
    return found


@dataclass(frozen=True, slots=True)
class _Rings:
    """How the coefficients of a tile fall into rings; ``share`` of all samples each ring holds."""

    window: NDArray[np.float32]
    index: NDArray[np.intp]
    frequency: Floats
    share: Floats
    counts: Floats

    @classmethod
    def of(cls, grain: Grain) -> "_Rings":
        """Frequencies from the grain's lowest to .42, axes left out."""
        side, rings, lowest = grain.side, grain.rings, grain.lowest
        fy, fx = np.meshgrid(scipy.fft.fftfreq(side), scipy.fft.rfftfreq(side), indexing="ij")
        distance = np.hypot(fy, fx)
        kept = (distance > lowest) & (distance < HIGHEST) & (np.abs(fy) > 1.5 / side) & (fx > 1.5 / side)
        index = np.where(kept, ((distance - lowest) / (HIGHEST - lowest) * rings).astype(np.intp), rings)
        counts = np.bincount(index.ravel(), minlength=rings + 1)[:rings].astype(np.float64)
        frequency = np.bincount(index.ravel(), distance.ravel(), rings + 1)[:rings] / counts
        bell = np.hanning(side + 1)[:-1]
        window = np.outer(bell, bell)
        return cls(
            (window / np.sqrt((window**2).sum())).astype(np.float32),
            index,
            frequency,
            counts / counts.sum(),
            counts,
        )

    def powers(self, patches: NDArray[np.float32]) -> Floats:
        """Mean power in each ring, of shape (tiles, rings)."""
        centred = patches - patches.mean(axis=(1, 2), keepdims=True)
        coefficients = scipy.fft.rfft2(centred * self.window)
        power = coefficients.real**2 + coefficients.imag**2
        rings = len(self.counts)
        rows = [np.bincount(self.index.ravel(), one.ravel(), rings + 1)[:rings] for one in power]
        return np.asarray(np.stack(rows) / self.counts)
