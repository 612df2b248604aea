"""Straight, even motion: its length and angle by Whittle likelihood on a polar grid, then on the whole spectrum."""

from dataclasses import dataclass
from math import pi

import numpy as np

from sharpen_desktop.engine.blur_fit import FALLS, Candidate, Floats, noises_to_try, scene, whole_score
from sharpen_desktop.engine.point_spread import PointSpread, line_transfer
from sharpen_desktop.engine.spectrum import HIGHEST, LOWEST, Spectrum

PLAIN_FALL = 1
TRIED = 8
REFINED = 4


def fit_line(spectrum: Spectrum, variance: float, floor: float, longest: float) -> Candidate:
    """Best line: every length of a dense scan at every angle on a polar grid, the best few refined.

    The zeros of a sinc repeat at L/2 and L/3, so a coarse scan of lengths lands on the wrong one, and
    multiples of what was found are tried too. Lengths in px up to ``longest``; ``variance`` of the noise as
    measured, ``floor`` the least it is taken for.
    """
    noises = noises_to_try(variance, floor)
    noise = float(noises[-1])
    lengths = np.arange(3.0, longest, 0.6)
    rays = _Rays.of(spectrum)
    places = _lowest(rays.line_scores(lengths, PLAIN_FALL, noise), TRIED)
    starts = [
        PointSpread("line", float(lengths[i]) * times, rays.degrees(j))
        for i, j in places
        for times in (0.5, 1, 2, 3)
        if lengths[0] <= lengths[i] * times < longest
    ]
    starts.sort(key=lambda start: whole_score(spectrum, start, PLAIN_FALL, noise))
    return min(
        (refined_line(spectrum, start, noises) for start in starts[:REFINED]), key=lambda found: found.score
    )


def refined_line(spectrum: Spectrum, start: PointSpread, noises: Floats) -> Candidate:
    """Downhill on length and angle from ``start``, halving the steps three times; then the best fall and noise."""
    noise = float(noises[-1])
    best, lowest = start, whole_score(spectrum, start, PLAIN_FALL, noise)
    step = 1.0
    for _ in range(4):
        for longer, turn in ((0.4, 0.0), (-0.4, 0.0), (0.0, 1.5), (0.0, -1.5)):
            while best.size + longer * step >= 2:
                tried = PointSpread("line", best.size + longer * step, best.angle + turn * step)
                score = whole_score(spectrum, tried, PLAIN_FALL, noise)
                if score >= lowest:
                    break
                best, lowest = tried, score
        step /= 2
    pairs = [(fall, float(variance)) for fall in range(len(FALLS)) for variance in noises]
    score, noise = min((whole_score(spectrum, best, fall, variance), variance) for fall, variance in pairs)
    return Candidate(PointSpread("line", best.size, best.angle % 180), score, noise)


def _lowest(scores: Floats, count: int) -> list[tuple[int, int]]:
    """Return the places of the lowest scores, no two of them neighbours."""
    left = scores.copy()
    found = []
    for _ in range(count):
        i, j = (int(n) for n in np.unravel_index(int(left.argmin()), left.shape))
        found.append((i, j))
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
        plain = scene(self.radius)[fall][:, None]
        held = np.fft.rfft(self.weight, axis=1)
        heavy = np.fft.rfft(self.weight * self.power, axis=1)
        amplitude = self._amplitude(plain, noise)
        scores = np.empty((len(lengths), self.ANGLES))
        for row, length in enumerate(lengths):
            seen = line_transfer(length, along) ** 2 * plain
            best = np.full(self.ANGLES, np.inf)
            for boost in (1.0, 2.0, 4.0):
                model = amplitude * boost * (length**0.5) * seen + noise
                turned = held * np.conj(np.fft.rfft(np.log(model), axis=1))
                turned += heavy * np.conj(np.fft.rfft(1 / model, axis=1))
                total = np.fft.irfft(turned.sum(axis=0), self.ANGLES)
                best = np.minimum(best, total)
            scores[row] = best
        return scores

    def _amplitude(self, plain: Floats, noise: float) -> float:
        """Return the scene's amplitude if there were no blur, from the lower frequencies."""
        low = (self.radius < 0.15)[:, None] & (self.weight > 0)
        excess = np.maximum(self.power - noise, 1e-3 * self.power) / plain
        return float(np.exp(np.mean(np.log(excess[low]))))
