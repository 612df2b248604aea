"""Which point spread function explains a spectrum best: Whittle likelihood, no picture needed.

Model of the power spectrum: A |H(f)|² |f|^-g exp(-4 (pi s0 f)²) + N, a natural scene's falling power
(Field 1987) with a lens's own softness s0, seen through the blur H, plus white noise. The score is
the mean of log M + P/M (Whittle 1953); lower is better. A is solved for, g and N are searched. P/M beyond 3
counts by its logarithm: fences and facades put peaks into a spectrum that no blur explains.
"""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.point_spread import PointSpread, disk_transfer, gaussian_transfer
from sharpen_desktop.engine.spectrum import Spectrum

NATIVE_SOFTNESS = 0.4
FALLS = np.array([1.6, 2.0, 2.4, 2.8])
NOISE_SHARES = np.array([0.4, 0.6, 0.8, 1.0])
FALL_WEIGHT = 0.01
OUTLYING = 3.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point spread function and its scores: over the whole spectrum, and over rings where it is round.

    ``noise``: the variance that goes with it. Rings smooth the noise of a spectrum, so they tell gaussian from disk better; a line has none.
    """

    point_spread: PointSpread
    score: float
    noise: float
    ring_score: float = np.inf


def scene(frequency: Floats, native: float = NATIVE_SOFTNESS) -> Floats:
    """Return the scene's power without its amplitude for each fall: shape (falls, frequencies)."""
    softness = np.exp(-4 * (pi * native * frequency) ** 2)
    return np.asarray(frequency[None, :] ** -FALLS[:, None] * softness[None, :])


def scores(power: Floats, shape: Floats, noise: Floats, weight: Floats) -> Floats:
    """Score of M = A shape + noise with the best A; the last axis of all are frequencies.

    A starts at the ratio of sums and takes five steps of Fisher scoring on log A.
    """
    excess = np.maximum(power - noise, 0.05 * power)
    log_a = np.log((excess * weight).sum(-1, keepdims=True) / (shape * weight).sum(-1, keepdims=True))
    for _ in range(5):
        signal = np.exp(log_a) * shape
        share = signal / (signal + noise)
        slope = (weight * share * (np.minimum(power / (signal + noise), OUTLYING) - 1)).sum(-1, keepdims=True)
        curvature = (weight * share**2).sum(-1, keepdims=True)
        log_a = log_a + np.clip(slope / np.maximum(curvature, 1e-9), -1.5, 1.5)
    model = np.exp(log_a) * shape + noise
    ratio = power / model
    beyond = OUTLYING * np.log(np.maximum(ratio, OUTLYING) / OUTLYING)
    return np.asarray(((np.log(model) + np.minimum(ratio, OUTLYING) + beyond) * weight).sum(-1))


def whole_score(
    spectrum: Spectrum, spread: PointSpread, fall: int, noise: float, native: float = NATIVE_SOFTNESS
) -> float:
    """Score over the whole spectrum, direction by direction, of one point spread, fall (index) and noise."""
    seen = spread.at(spectrum.fy, spectrum.fx) ** 2 * scene(spectrum.frequency, native)[fall]
    weight = np.full(spectrum.power.shape, 1 / spectrum.power.size)
    return float(scores(spectrum.power, seen, np.array([noise]), weight)) + fall_penalty(fall)


def whole_candidate(spectrum: Spectrum, spread: PointSpread, noises: Floats) -> Candidate:
    """Return a point spread with its score over the whole spectrum at the best fall and noise variance."""
    seen = spread.at(spectrum.fy, spectrum.fx) ** 2
    shape = (seen * scene(spectrum.frequency))[:, None, :]
    weight = np.full(spectrum.power.shape, 1 / spectrum.power.size)
    found = scores(spectrum.power, shape, noises[None, :, None], weight)
    found = found + FALL_WEIGHT * ((FALLS - 2) / 0.4)[:, None] ** 2
    _, noise = np.unravel_index(int(found.argmin()), found.shape)
    return Candidate(spread, float(found.min()), float(noises[noise]))


def fall_penalty(fall: int) -> float:
    """Return what a fall costs: 2 is what natural scenes have."""
    return FALL_WEIGHT * ((float(FALLS[fall]) - 2) / 0.4) ** 2


def noises_to_try(variance: float, floor: float) -> Floats:
    """Noise variances to try, none under ``floor``."""
    return np.unique(np.maximum(variance * NOISE_SHARES, floor))


def fit_round(spectrum: Spectrum, family: str, sizes: Floats, variance: float, floor: float) -> Candidate:
    """Best gaussian or disk among ``sizes`` (evenly spaced, px), refined between its neighbours.

    A disk is also tried on a softer scene; a gaussian's own size says that already. ``variance``: of the
    noise, measured; ``floor``: the least it is taken for.
    """
    natives = (NATIVE_SOFTNESS,) if family == "gaussian" else (NATIVE_SOFTNESS, 2 * NATIVE_SOFTNESS)
    tried = [
        _fit_round(spectrum, family, sizes, noises_to_try(variance, floor), native) for native in natives
    ]
    return min(tried, key=lambda candidate: candidate.ring_score)


def _fit_round(spectrum: Spectrum, family: str, sizes: Floats, noises: Floats, native: float) -> Candidate:
    """Return the same for one softness of the scene."""
    frequency, power, weight = spectrum.rings()
    kind = gaussian_transfer if family == "gaussian" else disk_transfer
    seen = kind(sizes[:, None], frequency[None, :]) ** 2
    shape = seen[:, None, None, :] * scene(frequency, native)[None, :, None, :]
    found = scores(power, shape, noises[None, None, :, None], weight)
    found = found + FALL_WEIGHT * ((FALLS - 2) / 0.4)[None, :, None] ** 2
    at, fall, noise = (int(n) for n in np.unravel_index(int(found.argmin()), found.shape))
    spread = PointSpread(
        "gaussian" if family == "gaussian" else "disk", _refined(sizes, found.min(axis=(1, 2)), at)
    )
    whole = whole_score(spectrum, spread, fall, float(noises[noise]), native)
    return Candidate(spread, whole, float(noises[noise]), float(found.min()))


def _refined(sizes: Floats, scores: Floats, at: int) -> float:
    """Return the bottom of the parabola through the best size and its neighbours."""
    if at in {0, len(sizes) - 1}:
        return float(sizes[at])
    before, here, after = scores[at - 1 : at + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend > 1e-12 else 0.0
    return float(sizes[at] + shift * (sizes[1] - sizes[0]))
