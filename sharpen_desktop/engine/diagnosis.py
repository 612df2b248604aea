"""What blurred a picture, in which domain, and whether there is anything to undo at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.blur_fit import Candidate, fit_round, noises_to_try
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.edges import lopsidedness
from sharpen_desktop.engine.line_fit import fit_line, refined_line
from sharpen_desktop.engine.misfit import Edges
from sharpen_desktop.engine.modes import Mode
from sharpen_desktop.engine.noise import blockiness, compression_floor, noise_spread
from sharpen_desktop.engine.pixels import grey, planes
from sharpen_desktop.engine.point_spread import Family, PointSpread, Shake
from sharpen_desktop.engine.shake import SIDES, Shaken, fit_shake
from sharpen_desktop.engine.shake_kernel import joined_share
from sharpen_desktop.engine.spectrum import SMALLEST, textured_window
from sharpen_desktop.engine.transfer import Domain, Domains
from sharpen_desktop.engine.unchanged import Unchanged, left
from sharpen_desktop.engine.view import View

SHARP_BELOW = 0.55
SHORTEST_LINE = 2.5
LONGEST_LINE = 46.0
# Right paths lower the score by .05 to .4; on sharp, soft, defocused and straight ones a path gains .03 at most.
SHORTEST_SHAKE = 4.5
SHAKE_LEAD = 0.045
NOTICING = 17
LEAST_SEEN = 160
# A kernel may have gaps where the camera was fast; a short one of separate points is a pattern's.
LEAST_JOINED, LEAST_JOINED_SHORT, SHORT = 0.5, 0.75, 8.0
# A path that was made in encoded values misses the spectrum by .01 to .15 more in linear light, and the other way
# round; what differs less tells nothing.
SHAKE_UNDECIDED = 0.005
GAUSSIANS = np.arange(0.2, 4.5, 0.1)
DISKS = np.arange(0.8, 12.05, 0.1)
# A linear spectrum fits its model a little worse whatever blurred it: highlights stand out more.
LINEAR_HANDICAP = 0.035
DECIDED = 0.006
# How far a gaussian may be from its fitted size: as a share below, as px added in squares above.
NARROWEST, WIDENED = 0.92, 0.55

Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Found:
    """``spread`` is None where nothing is to be undone; ``finding`` says why or what.

    ``noise``: standard deviation in encoded values, compression included; ``floor``: the part of it that
    compression hides. ``window``: the part looked at.
    ``measurable``: False where the picture is too small or too plain to say anything. ``unchanged``: why ``spread``
    is None, empty where it is not.
    """

    spread: PointSpread | None
    finding: str
    domain: Domain
    noise: float
    floor: float
    window: tuple[slice, slice]
    measurable: bool = True
    unchanged: Unchanged = ""


def diagnosed(pixels: Pixels, trio: Domains, mode: Mode, quality: int | None, check: Check) -> Found:
    """Look at the most textured part of a picture. ``check`` is called between steps and may raise."""
    window = textured_window(grey(pixels))
    part = pixels[window]
    encoded = planes(part, trio.encoded).luma
    check()
    floor = compression_floor(quality, blockiness(encoded))
    noise = max(noise_spread(encoded), floor)
    spread: PointSpread | None = None
    domain = trio.encoded
    measurable = False
    unchanged: Unchanged = ""
    if min(encoded.shape) < SMALLEST:
        unchanged = "too small"
    elif float(encoded.std()) < 2 * noise:
        unchanged = "too plain"
    else:
        measurable = True
        spread, domain, noise = _measured(part, trio, mode, noise, floor, check)
        unchanged = "" if spread else mode.nothing_found
    finding = spread.described() if spread else left(unchanged)
    return Found(spread, finding, domain, noise, floor, window, measurable, unchanged)


def seems_shaken(pixels: Pixels, trio: Domains, found: Found, check: Check) -> bool:
    """Whether a picture may have been shaken along a curve: one quick try at its path."""
    if not found.measurable:
        return False
    view = View.of(pixels[found.window], trio.between, found.noise, found.floor)
    return view is not None and _path(view, found.noise, check, (NOTICING,)) is not None


def _measured(
    part: Pixels, trio: Domains, mode: Mode, noise: float, floor: float, check: Check
) -> tuple[PointSpread | None, Domain, float]:
    """Fit both domains, believe what fits both best, decide where it happened; with the noise to reckon with."""
    shaken = _shaken(part, trio, noise, floor, check) if "shake" in mode.families else None
    if shaken is not None:
        return *shaken, noise
    views = [view for domain in (trio.linear, trio.encoded) if (view := View.of(part, domain, noise, floor))]
    tried = [fitted for view in views if (fitted := _fitted(view, mode, check))]
    # A wrong guess fits one domain by chance, the right one fits both nearly as well.
    best = min(tried, key=lambda one: _agreement(views, one.point_spread), default=None)
    check()
    if best is None or _is_sharp(best):
        return None, trio.encoded, noise
    edges = Edges(part, trio.encoded, noise, check)
    domain = _domain(views, best.point_spread, trio, edges)
    check()
    view = next((view for view in views if view.domain is domain), View.of(part, domain, noise, floor))
    if view is None:
        return None, trio.encoded, noise
    final = _refitted(view, best.point_spread)
    spread = _settled(final.point_spread, domain, edges)
    if domain is trio.linear:
        return spread, domain, noise
    # Texture counts as noise in the measurement, not in the fit; but in linear light noise is not the same
    # everywhere, and the fit takes it for less than it is where it is brightest.
    return spread, domain, min(noise, max(floor, noise * (final.noise / view.variance) ** 0.5))


def _shaken(
    part: Pixels, trio: Domains, noise: float, floor: float, check: Check
) -> tuple[PointSpread, Domain] | None:
    """Return a camera's path and where it was made; None where something simpler explains the spectrum as well.

    First it is looked for between the two domains, which goes half wrong in either, then in both of them.
    """
    view = View.of(part, trio.between, noise, floor)
    if view is None:
        return None
    found = _path(view, noise, check)
    if found is None:
        return None
    ends: list[tuple[float, Shake, Domain]] = []
    for domain in (trio.linear, trio.encoded):
        end = View.of(part, domain, noise, floor)
        if end is not None:
            best = fit_shake(end, noise, check, (found.side,), found)
            ends.append((best.candidate.score - end.perfect, best.path, domain))
    (in_linear, *_), (in_encoded, *_) = ends
    if abs(in_linear - in_encoded) < SHAKE_UNDECIDED:
        return found.path, trio.between
    _, path, domain = min(ends, key=lambda one: one[0])
    return (path, domain) if _is_path(path) else None


def _is_path(path: Shake) -> bool:
    """Whether a kernel is long enough for a camera's path and hangs together as one."""
    joined = LEAST_JOINED_SHORT if path.size < SHORT else LEAST_JOINED
    return path.size >= SHORTEST_SHAKE and joined_share(path.kernel) >= joined


def _path(view: View, noise: float, check: Check, sides: Sequence[int] = SIDES) -> Shaken | None:
    """Return a camera's path; None where something simpler explains the spectrum nearly as well, or little is seen."""
    if min(view.luma.shape) < LEAST_SEEN:
        return None
    line = fit_line(view.spectrum, view.variance, view.floor, LONGEST_LINE)
    check()
    simpler = min(line.score, *(_round(view, family).score for family in ("gaussian", "disk")))
    found = fit_shake(view, noise, check, sides)
    return found if _is_path(found.path) and found.candidate.score < simpler - SHAKE_LEAD else None


def _agreement(views: list[View], spread: PointSpread) -> float:
    """Return the score of a point spread summed over both domains, its size refined in each."""
    return sum(_refitted(view, spread).score - view.perfect for view in views)


def _settled(spread: PointSpread, domain: Domain, edges: Edges) -> PointSpread:
    """Return the blur together with what lens and pixels add; a gaussian's size is what strong edges allow."""
    if spread.family != "gaussian" or not edges.are_enough:
        return spread.with_native_softness()
    low, high = NARROWEST * spread.size, float(np.hypot(spread.size, WIDENED))
    return replace(spread, size=edges.sized(domain, lambda size: replace(spread, size=size), low, high))


def _domain(views: list[View], spread: PointSpread, trio: Domains, edges: Edges) -> Domain:
    """Where the blur happened. A gaussian looks alike in both: then a curve between them harms least."""
    if spread.family == "gaussian":
        return trio.between
    refitted = [_refitted(view, spread) for view in views]
    fit = [candidate.score - view.perfect for candidate, view in zip(refitted, views, strict=True)]
    skew = [lopsidedness(view.luma, spread, view.domain.slope(view.luma)) for view in views]
    evidence = sum(skew) / 2 + 0.1 * (LINEAR_HANDICAP + fit[1] - fit[0])
    if edges.are_enough:
        evidence += 0.1 * edges.preference(trio.linear, trio.encoded, spread.with_native_softness())
    if abs(evidence) < DECIDED:
        return trio.between
    return trio.linear if evidence > 0 else trio.encoded


def _is_for_motion(mode: Mode) -> bool:
    """Whether a mode looks for motion alone."""
    return mode.families[0] == "line"


def _fitted(view: View, mode: Mode, check: Check) -> Candidate | None:
    """Return the best point spread of one view among the mode's families."""
    gaussian, disk = _round(view, "gaussian"), _round(view, "disk")
    check()
    if "line" in mode.families:
        line = fit_line(view.spectrum, view.variance, view.floor, LONGEST_LINE)
        check()
        other = min(gaussian.score, disk.score)
        if line.point_spread.size >= SHORTEST_LINE and line.score < other - mode.line_margin:
            return line
    if _is_for_motion(mode):
        return None
    is_disk = _is_disk(gaussian, disk)
    if _is_sharp(gaussian) and not is_disk:
        return gaussian
    return disk if "disk" in mode.families and (is_disk or "gaussian" not in mode.families) else gaussian


def _refitted(view: View, spread: PointSpread) -> Candidate:
    """Return the same family in another view, near the size found."""
    near = spread.size + np.arange(-0.6, 0.65, 0.1) * max(1.0, spread.size / 4)
    if spread.family != "line":
        return fit_round(view.spectrum, spread.family, near[near >= 0.2], view.variance, view.floor)
    return refined_line(view.spectrum, spread, noises_to_try(view.variance, view.floor))


def _round(view: View, family: Family) -> Candidate:
    """Return the best gaussian or disk of a view."""
    sizes = GAUSSIANS if family == "gaussian" else DISKS
    return fit_round(view.spectrum, family, sizes, view.variance, view.floor)


def _is_sharp(candidate: Candidate) -> bool:
    """Whether there is nothing to undo."""
    spread = candidate.point_spread
    return spread.family == "gaussian" and spread.size <= SHARP_BELOW


def _is_disk(gaussian: Candidate, disk: Candidate) -> bool:
    """Whether a disk explains it better; small disks and gaussians are hard to tell apart."""
    margin = 0.015 if disk.point_spread.size < 2.4 else 0.008
    return disk.ring_score < gaussian.ring_score - margin
