"""How far a finding is to be believed: does the spectrum speak clearly, and do other parts of the picture agree."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.blur_fit import Candidate, fit_round, noises_to_try
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import DISKS, GAUSSIANS, SHARP_BELOW, Found
from sharpen_desktop.engine.line_fit import refined_line
from sharpen_desktop.engine.pixels import grey
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.view import View

SIDE = 384
UNBLURRED = np.array([0.3])
# Measured: right findings lower the score by more than .16 (lines .23), wrong ones by less than .05 (.26).
CLEAR = 0.2
CLEAR_LINE, DOUBTFUL_LINE = 0.35, 0.1
# How far the best gaussian may lie from the spectrum; shake along a curve and several motions lie farther.
FITS, MISSES = 0.4, 0.7
# What it is worth that a map of many places shows differences.
MAPPED = 0.5
SLACK_SHARP = 0.15
SHARP_WIDTH = 0.25

Pixels = NDArray[np.generic]


def confidence(pixels: Pixels, found: Found, *, is_even: bool, check: Check) -> float:
    """Return 0 (a guess) to 1 (sure). ``check`` is called between steps and may raise.

    ``is_even``: False where a map has shown that the blur differs from place to place, which counts by itself.
    """
    whole = View.of(pixels[found.window], found.domain, found.noise, found.floor)
    if not found.measurable or whole is None:
        return 0.0
    clarity = _clarity(whole, found.spread)
    if not is_even:
        return min(max(clarity, MAPPED), _likeness(whole, _fitted(whole, "gaussian")))
    votes = []
    for part in _quarters(pixels, found):
        check()
        votes.append(_agrees(part, found.spread))
    agreement = (sum(votes) + 0.5) / (len(votes) + 0.5)
    return float(agreement * clarity)


def _quarters(pixels: Pixels, found: Found) -> Iterator[View]:
    """Return the most textured part of each quarter of a picture that holds more than noise."""
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    for top in (0, rows):
        for left in (0, columns):
            quarter = pixels[top : top + rows, left : left + columns]
            part = quarter[textured_window(grey(quarter), SIDE)]
            view = View.of(part, found.domain, found.noise, found.floor)
            if view is not None and float(view.luma.std()) > 4 * view.variance**0.5:
                yield view


def _clarity(view: View, spread: PointSpread | None) -> float:
    """Return 0..1: by how much the finding explains the spectrum better than the next simpler one."""
    gaussian = _fitted(view, "gaussian")
    likeness = _likeness(view, gaussian)
    if spread is None:
        room = SHARP_BELOW + SLACK_SHARP - gaussian.point_spread.size
        return float(np.clip(min(room / SHARP_WIDTH, likeness), 0, 1))
    if spread.family == "line":
        lead = gaussian.score - _line(view, spread).score
        return float(np.clip((lead - DOUBTFUL_LINE) / (CLEAR_LINE - DOUBTFUL_LINE), 0, 1))
    nothing = fit_round(view.spectrum, "gaussian", UNBLURRED, view.variance, view.floor)
    lead = nothing.score - _fitted(view, spread.family).score
    return float(np.clip(min(lead / CLEAR, likeness), 0, 1))


def _likeness(view: View, gaussian: Candidate) -> float:
    """Return 1 where a round blur describes the spectrum well, 0 where the picture was blurred otherwise."""
    return float(np.clip((MISSES - (gaussian.score - view.perfect)) / (MISSES - FITS), 0, 1))


def _agrees(view: View, spread: PointSpread | None) -> bool:
    """Whether one part alone leads to the same finding."""
    if spread is None:
        return _fitted(view, "gaussian").point_spread.size <= SHARP_BELOW + SLACK_SHARP
    if spread.family == "line":
        line = _line(view, spread)
        near = abs(line.point_spread.size - spread.size) < 0.2 * spread.size + 0.5
        return near and line.score < _fitted(view, "gaussian").score - 0.05
    size = _fitted(view, spread.family).point_spread.size
    return abs(size - spread.size) <= max(0.35, 0.25 * spread.size)


def _fitted(view: View, family: Family) -> Candidate:
    """Return the best gaussian or disk."""
    sizes = GAUSSIANS if family == "gaussian" else DISKS
    return fit_round(view.spectrum, family, sizes, view.variance, view.floor)


def _line(view: View, near: PointSpread) -> Candidate:
    """Return the best line near one that was found."""
    return refined_line(view.spectrum, near, noises_to_try(view.variance, view.floor))
