"""Which point spread function explains a spectrum best: Whittle likelihood, no picture needed.

Model of the power spectrum: A |H(f)|² |f|^-g exp(-4 (pi s0 f)²) + N, a natural scene's falling power
(Field 1987) with a lens's own softness s0, seen through the blur H, plus white noise. The score is
the mean of log M + P/M (Whittle 1953); lower is better. A is solved for, g and N are searched.
"""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.point_spread import PointSpread, disk_transfer, gaussian_transfer, line_transfer
from sharpen_desktop.engine.spectrum import HIGHEST, LOWEST, Spectrum

NATIVE_SOFTNESS = 0.4
FALLS = np.array([1.6, 2.0, 2.4, 2.8])
NOISE_SHARES = np.array([0.25, 0.4, 0.6, 0.8, 1.0])
FALL_WEIGHT = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point spread function and its score; ``fall`` and ``noise`` (variance) are the model's g and N."""

    point_spread: PointSpread
    score: float
    fall: float
    noise: float


def _scene(frequency: Floats, native: float = NATIVE_SOFTNESS) -> Floats:
    """Return the scene's power without its amplitude for each fall: shape (falls, frequencies)."""
    softness = np.exp(-4 * (pi * native * frequency) ** 2)
    return np.asarray(frequency[None, :] ** -FALLS[:, None] * softness[None, :])


def _scores(power: Floats, shape: Floats, noise: Floats, weight: Floats) -> Floats:
    """Score of M = A shape + noise with the best A; the last axis of all are frequencies.

    A starts at the ratio of sums and takes five steps of Fisher scoring on log A.
    """
    excess = np.maximum(power - noise, 0.05 * power)
    log_a = np.log((excess * weight).sum(-1, keepdims=True) / (shape * weight).sum(-1, keepdims=True))
    for _ in range(5):
        signal = np.exp(log_a) * shape
        model = signal + noise
        share = signal / model
        slope = (weight * share * (power / model - 1)).sum(-1, keepdims=True)
        curvature = (weight * share**2).sum(-1, keepdims=True)
        log_a = log_a + np.clip(slope / np.maximum(curvature, 1e-9), -1.5, 1.5)
    model = np.exp(log_a) * shape + noise
    return np.asarray(((np.log(model) + power / model) * weight).sum(-1))


def _noises(variance: float, floor: float) -> Floats:
    """Noise variances to try, none under ``floor``."""
    return np.unique(np.maximum(variance * NOISE_SHARES, floor))


def fit_round(spectrum: Spectrum, family: str, sizes: Floats, variance: float, floor: float) -> Candidate:
    """Best gaussian or disk among ``sizes`` (evenly spaced, px), refined between its neighbours.

    A disk is also tried on a softer scene; a gaussian's own size says that already. ``variance``: of the
    noise, measured; ``floor``: the least it is taken for.
    """
    natives = (NATIVE_SOFTNESS,) if family == "gaussian" else (NATIVE_SOFTNESS, 2 * NATIVE_SOFTNESS)
    tried = [_fit_round(spectrum, family, sizes, _noises(variance, floor), native) for native in natives]
    return min(tried, key=lambda candidate: candidate.score)


def _fit_round(spectrum: Spectrum, family: str, sizes: Floats, noises: Floats, native: float) -> Candidate:
    """Return the same for one softness of the scene."""
    frequency, power, weight = spectrum.rings()
    kind = gaussian_transfer if family == "gaussian" else disk_transfer
    seen = kind(sizes[:, None], frequency[None, :]) ** 2
    shape = seen[:, None, None, :] * _scene(frequency, native)[None, :, None, :]
    scores = _scores(power, shape, noises[None, None, :, None], weight)
    scores = scores + FALL_WEIGHT * ((FALLS - 2) / 0.4)[None, :, None] ** 2
    at, fall, noise = np.unravel_index(int(scores.argmin()), scores.shape)
    size = _refined(sizes, scores.min(axis=(1, 2)), int(at))
    spread = PointSpread("gaussian" if family == "gaussian" else "disk", size)
    return Candidate(spread, float(scores.min()), float(FALLS[fall]), float(noises[noise]))


def _refined(sizes: Floats, scores: Floats, at: int) -> float:
    """Return the bottom of the parabola through the best size and its neighbours."""
    if at in {0, len(sizes) - 1}:
        return float(sizes[at])
    before, here, after = scores[at - 1 : at + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend > 1e-12 else 0.0
    return float(sizes[at] + shift * (sizes[1] - sizes[0]))


def fit_line(
    spectrum: Spectrum, variance: float, floor: float, longest: float, start: PointSpread | None = None
) -> Candidate:
    """Best line: every length of a dense scan at every angle on a polar grid, the best few refined.

    With ``start`` only that line is refined. The zeros of a sinc repeat at L/2, so a coarse scan of lengths lands on the wrong one.
    """
    noises = _noises(variance, floor)
    if start is not None:
        fitted = [_refine_line(spectrum, start.size, start.angle, fall, noises[-1]) for fall in (1, 2)]
        return min(fitted, key=lambda candidate: candidate.score)
    best: list[tuple[float, float, float, int, float]] = []
    lengths = np.arange(3.0, longest, 0.6)
    rays = _Rays.of(spectrum)
    for fall in (1, 2):
        for noise in noises[-2:]:
            scores = rays.line_scores(lengths, fall, noise)
            best += [(s, lengths[i], rays.degrees(j), fall, noise) for s, i, j in _lowest(scores, 3)]
    best.sort()
    refined = [
        _refine_line(spectrum, times * length, angle, fall, noise)
        for _, length, angle, fall, noise in best[:4]
        for times in (0.5, 1, 2)
        if 3 <= times * length < longest
    ]
    return min(refined, key=lambda candidate: candidate.score)


def _lowest(scores: Floats, count: int) -> list[tuple[float, int, int]]:
    """Return the lowest scores with their places, no two of them neighbours."""
    left = scores.copy()
    found = []
    for _ in range(count):
        i, j = (int(n) for n in np.unravel_index(int(left.argmin()), left.shape))
        found.append((float(scores[i, j]), i, j))
        left[max(0, i - 3) : i + 4, max(0, j - 6) : j + 7] = np.inf
    return found


@dataclass(frozen=True, slots=True)
class _Rays:
    """Power on a polar grid of radii × angles (0..180°), and how many samples stand behind each cell."""

    radius: Floats
    power: Floats
    weight: Floats

    ANGLES = 120
    RADII = 56

    @classmethod
    def of(cls, spectrum: Spectrum) -> "_Rays":
        """Return the grid of a spectrum; angles count against the clock, since rows count downward."""
        angle = np.arctan2(-spectrum.fy, spectrum.fx) % pi
        ring = ((spectrum.frequency - LOWEST) / (HIGHEST - LOWEST) * cls.RADII).astype(np.intp)
        ray = np.minimum((angle / pi * cls.ANGLES).astype(np.intp), cls.ANGLES - 1)
        cell = ring * cls.ANGLES + ray
        cells = cls.RADII * cls.ANGLES
        count = np.bincount(cell, minlength=cells).astype(np.float64)
        power = np.bincount(cell, spectrum.power, cells) / np.maximum(count, 1)
        shape = (cls.RADII, cls.ANGLES)
        radius = LOWEST + (np.arange(cls.RADII) + 0.5) * (HIGHEST - LOWEST) / cls.RADII
        return cls(radius, power.reshape(shape), (count / count.sum()).reshape(shape))

    def degrees(self, step: int) -> float:
        """Return the motion's angle at ``step`` of the correlation."""
        return step * 180 / self.ANGLES

    def line_scores(self, lengths: Floats, fall: int, noise: float) -> Floats:
        """Scores of shape (lengths, angles): turning the model is a circular correlation over the rays."""
        offset = np.arange(self.ANGLES) * pi / self.ANGLES + 0.5 * pi / self.ANGLES
        along = self.radius[:, None] * np.cos(offset)[None, :]
        scene = _scene(self.radius)[fall][:, None]
        held = np.fft.rfft(self.weight, axis=1)
        heavy = np.fft.rfft(self.weight * self.power, axis=1)
        amplitude = self._amplitude(scene, noise)
        scores = np.empty((len(lengths), self.ANGLES))
        for row, length in enumerate(lengths):
            seen = line_transfer(length, along) ** 2 * scene
            total = np.zeros(self.ANGLES)
            best = np.full(self.ANGLES, np.inf)
            for boost in (1.0, 2.0, 4.0):
                model = amplitude * boost * (length**0.5) * seen + noise
                turned = held * np.conj(np.fft.rfft(np.log(model), axis=1))
                turned += heavy * np.conj(np.fft.rfft(1 / model, axis=1))
                total = np.fft.irfft(turned.sum(axis=0), self.ANGLES)
                best = np.minimum(best, total)
            scores[row] = best
        return scores

    def _amplitude(self, scene: Floats, noise: float) -> float:
        """Return the scene's amplitude if there were no blur, from the lower frequencies."""
        low = (self.radius < 0.15)[:, None] & (self.weight > 0)
        return float(
            np.exp(
                np.mean(
                    np.log(
                        np.maximum(self.power - noise, 1e-3 * self.power) / scene,
                        where=low,
                        out=np.zeros_like(self.power),
                    )[low]
                )
            )
        )


def _refine_line(spectrum: Spectrum, length: float, angle: float, fall: int, noise: float) -> Candidate:
    """Downhill on length and angle with the whole spectrum, halving the steps three times."""
    scene = _scene(spectrum.frequency)[fall]
    weight = np.full(spectrum.power.shape, 1 / spectrum.power.size)
    shares = np.array([[noise]])

    def score(at: tuple[float, float]) -> float:
        seen = PointSpread("line", *at).at(spectrum.fy, spectrum.fx) ** 2 * scene
        return float(_scores(spectrum.power, seen, shares[0], weight))

    best = (length, angle)
    lowest = score(best)
    step = np.array([0.4, 1.5])
    for _ in range(4):
        for move in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            while True:
                tried = (best[0] + move[0] * step[0], best[1] + move[1] * step[1])
                value = score(tried)
                if value >= lowest or tried[0] < 2:
                    break
                best, lowest = tried, value
        step = step / 2
    lowest += FALL_WEIGHT * ((FALLS[fall] - 2) / 0.4) ** 2
    return Candidate(PointSpread("line", best[0], best[1] % 180), lowest, float(FALLS[fall]), noise)
