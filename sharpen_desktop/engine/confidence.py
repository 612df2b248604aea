"""How far a finding is to be believed: does the spectrum speak clearly, and do other parts of the picture agree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.blur_fit import Candidate, fit_round, noises_to_try, whole_candidate
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import DISKS, GAUSSIANS, LONGEST_LINE, SHARP_BELOW, Found
from sharpen_desktop.engine.line_fit import fit_line, refined_line
from sharpen_desktop.engine.pixels import grey
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.view import View

SIDE = 384
UNBLURRED = np.array([0.3])
# Measured: right findings lower the score by more than .16 (lines .23), wrong ones by less than .05 (.26).
CLEAR = 0.2
CLEAR_LINE, DOUBTFUL_LINE = 0.35, 0.1
CLEAR_SHAKE, DOUBTFUL_SHAKE = 0.1, 0.04
# What a path leads by in the parts of a picture on average: there it is up against each part's own line, which fits
# better by .1 to .4 where the parts moved differently.
SPLIT, JOINT = -0.08, -0.03
# How far the best gaussian may lie from the spectrum; shake along a curve and several motions lie farther.
FITS, MISSES = 0.4, 0.7
# What it is worth that a map of many places shows differences.
MAPPED = 0.5
# Noise, in encoded values, behind which the spectrum of a round blur is always looked at. Without it the clearest photos would be believed least:
# no model follows a spectrum into the depths between its rings, which noise fills.
VEIL = {"gaussian": 0.003, "disk": 0.005}
SLACK_SHARP = 0.15
SHARP_WIDTH = 0.25

Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Trust:
    """``value``: 0 (a guess) to 1 (sure). ``agreement``: share 0..1 of the picture's parts that say the same."""

    value: float
    agreement: float = 1.0


def confidence(pixels: Pixels, found: Found, *, is_even: bool, check: Check) -> Trust:
    """Return how far a finding is to be believed. ``check`` is called between steps and may raise.

    ``is_even``: False where a map has shown that the blur differs from place to place, which counts by itself.
    """
    whole = _view(pixels[found.window], found)
    if not found.measurable or whole is None:
        return Trust(0.0)
    clarity = _clarity(whole, found.spread)
    if not is_even:
        return Trust(min(max(clarity, MAPPED), _likeness(whole, _fitted(whole, "gaussian"))))
    parts = list(_quarters(pixels, found))
    agreement = _agreement(parts, found.spread, check)
    return Trust(agreement * clarity, agreement)


def _quarters(pixels: Pixels, found: Found) -> Iterator[View]:
    """Return the most textured part of each quarter of a picture that holds more than noise."""
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    for top in (0, rows):
        for left in (0, columns):
            quarter = pixels[top : top + rows, left : left + columns]
            part = quarter[textured_window(grey(quarter), SIDE)]
            view = _view(part, found)
            if view is not None and float(view.luma.std()) > 4 * view.variance**0.5:
                yield view


def _view(part: Pixels, found: Found) -> View | None:
    """Return a part as the finding is judged on it; a round blur as if its noise were at least that of the veil."""
    view = View.of(part, found.domain, found.noise, found.floor)
    veil = VEIL.get(found.spread.family if found.spread else "gaussian", 0.0)
    if view is None or found.noise >= veil:
        return view
    variance = view.variance * (veil / found.noise) ** 2
    veiled = replace(view.spectrum, power=view.spectrum.power + (variance - view.variance))
    return replace(view, spectrum=veiled, variance=variance)


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
    if spread.family == "shake":
        return _share(_lead(view, spread), DOUBTFUL_SHAKE, CLEAR_SHAKE)
    nothing = fit_round(view.spectrum, "gaussian", UNBLURRED, view.variance, view.floor)
    lead = nothing.score - _fitted(view, spread.family).score
    return float(np.clip(min(lead / CLEAR, likeness), 0, 1))


def _likeness(view: View, gaussian: Candidate) -> float:
    """Return 1 where a round blur describes the spectrum well, 0 where the picture was blurred otherwise."""
    return float(np.clip((MISSES - (gaussian.score - view.perfect)) / (MISSES - FITS), 0, 1))


def _agreement(parts: list[View], spread: PointSpread | None, check: Check) -> float:
    """Return the share of the parts that lead to the same finding; of a path, how well it does in them on average."""
    if spread is not None and spread.family == "shake":
        leads = []
        for part in parts:
            check()
            leads.append(_lead(part, spread))
        return _share(sum(leads) / max(len(leads), 1), SPLIT, JOINT)
    agreeing = 0
    for part in parts:
        check()
        agreeing += _agrees(part, spread)
    return (agreeing + 0.5) / (len(parts) + 0.5)


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


def _lead(view: View, spread: PointSpread) -> float:
    """Return by how much a path explains the view better than the best gaussian and the best line of its own."""
    line = fit_line(view.spectrum, view.variance, view.floor, LONGEST_LINE)
    path = whole_candidate(view.spectrum, spread, noises_to_try(view.variance, view.floor))
    return min(_fitted(view, "gaussian").score, line.score) - path.score


def _share(value: float, none: float, full: float) -> float:
    """Return 0 at ``none``, 1 at ``full``, and what lies between."""
    return float(np.clip((value - none) / (full - none), 0, 1))
