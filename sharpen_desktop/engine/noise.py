"""How much noise a picture carries, and how much its compression hides."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

LOSSLESS_FLOOR = 0.0015
LIGHT_FLOOR, STRONG_FLOOR = 0.003, 0.008
WIDEST = 0.5
"""The standard deviation of values that are 0 and 1 by halves."""

Compression = Literal["none", "light", "strong"]


def noise_spread(luma: NDArray[np.float32]) -> float:
    """Return the standard deviation of white noise in H×W values of 0–1, by the median of diagonal differences.

    median|y * [[1,-1],[-1,1]] / 2| / 0.6745 (after Immerkaer 1996, with a robust spread). 0 where the
    picture is smaller than 2×2, never more than such values can deviate.
    """
    if min(luma.shape) < 2:
        return 0.0
    diagonal = luma[1:, 1:] - luma[1:, :-1] - luma[:-1, 1:] + luma[:-1, :-1]
    return min(float(np.median(np.abs(diagonal)) / 2 / 0.6745), WIDEST)


def compression_floor(quality: int | None, blocking: float) -> float:
    """Least noise to reckon with in encoded values: JPEG hides its errors from the measurement.

    ``quality``: of the JPEG source, None where unknown; ``blocking``: from ``blockiness``.
    """
    if quality is not None:
        return 0.008 if quality <= 88 else 0.005 if quality <= 95 else 0.003
    return 0.008 if blocking > 1.35 else 0.005 if blocking > 1.15 else LOSSLESS_FLOOR


def compression(floor: float) -> Compression:
    """Return how much JPEG a picture went through, from its floor."""
    return "strong" if floor >= STRONG_FLOOR else "light" if floor >= LIGHT_FLOOR else "none"


def blockiness(luma: NDArray[np.float32]) -> float:
    """Return the steps across a grid of 8 px over steps elsewhere: 1 where there is no trace of JPEG.

    Looks at second differences along both axes and takes the strongest of the eight grid positions, so
    that a cropped JPEG is found too. 1 where an axis is shorter than 64 px.
    """
    return min(_grid_step(luma), _grid_step(luma.T)) if min(luma.shape) >= 64 else 1.0


def _grid_step(luma: NDArray[np.float32]) -> float:
    """Return the strongest grid position along the columns, over the median of all eight."""
    step = luma[:, 1:] - luma[:, :-1]
    jump = np.abs(step[:, 1:-1] - (step[:, :-2] + step[:, 2:]) / 2)
    columns = np.minimum(jump, 0.03).mean(axis=0)
    columns = columns[: columns.size // 8 * 8].reshape(-1, 8).mean(axis=0)
    return float(columns.max() / max(np.median(columns), 1e-6))
