"""A bound no blurred picture can break: how steep it can still be at all.

With y = k∗x and x within 0..1, |y(p+u) - y(p)| ≤ ½ Σ|k(q+u) - k(q)|, since the difference of two weights that sum to 1
sums to nothing (Young's inequality). Where a fit took a pattern for a blur, as it may a chessboard, the pattern's own
edges are many times steeper than that.
"""

from math import cos, pi, radians, sin

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.pixels import Plane
from sharpen_desktop.engine.point_spread import PointSpread, gaussian_transfer

DIRECTIONS = 8
SHARE = 0.01
"""So much of a picture may be steeper: what was put in afterwards, such as a date or a frame."""
SLACK = 1.5
"""Noise, rounding and compression. Right point spreads reach 0.9 of the bound on photos, wrong ones 5 to 30 times it."""
SHAKEN = 0.65
"""The same for shake along a curve, times the span of the picture's values: such a blur turns every way and leaves nothing
steep. Right ones reach 0.45 of it on photos, the one found in sharp handwriting 0.9."""
GRID_SOFTNESS = 0.35
"""Px of gaussian without which a thin point spread rings on its grid."""


def is_too_steep(luma: Plane, spread: PointSpread) -> bool:
    """Whether ``luma`` (H×W, 0..1, in the domain the blur happened in) is steeper than ``spread`` can have left it."""
    angles = [*np.arange(DIRECTIONS) * pi / DIRECTIONS, radians(spread.angle)]
    steps = [(cos(angle), -sin(angle)) for angle in angles]
    slack = SHAKEN * _span(luma) if spread.family == "shake" else SLACK
    bounds = _bounds(spread, steps)
    return any(_steeper(luma, step, slack * bound) > SHARE for step, bound in zip(steps, bounds, strict=True))


def _span(luma: Plane) -> float:
    """Return between which values nearly all pixels lie."""
    low, high = np.quantile(luma, (0.001, 0.999))
    return float(high - low)


def _steeper(luma: Plane, step: tuple[float, float], bound: float) -> float:
    """Return the share of pixels that change by more than ``bound`` over one px along ``step`` (across, down)."""
    shift = np.array([[1, 0, step[0]], [0, 1, step[1]]], np.float32)
    moved = cv2.warpAffine(luma, shift, luma.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return float(np.count_nonzero(cv2.absdiff(luma, moved) > bound) / luma.size)


def _bounds(spread: PointSpread, steps: list[tuple[float, float]]) -> list[float]:
    """Return the largest change over one px along each step."""
    side = scipy.fft.next_fast_len(max(64, 4 * spread.reach + 16), real=True)
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    seen = spread.transfer((side, side)) * gaussian_transfer(GRID_SOFTNESS, np.hypot(fy, fx))
    return [
        _half_sum(seen * (1 - np.exp(-2j * pi * (fx * across + fy * down))), side) for across, down in steps
    ]


def _half_sum(change: NDArray[np.complexfloating], side: int) -> float:
    """Return half the sum of what a change amounts to, given as its transfer."""
    return float(np.abs(scipy.fft.irfft2(change, (side, side))).sum() / 2)
