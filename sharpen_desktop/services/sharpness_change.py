"""What sharpening has changed: edges that became steeper, halos beside them, noise. Arrays in, numbers and masks out.

- Edge contrast: mean over the edges of either picture of the slope, without its noise: root of slope² - 2 noise², as
  Tenengrad does (Krotkov 1987; Pertuz, Puig and Garcia 2013). The change is the ratio of the two, less one.
- Halos: by how much the second picture leaves the local range of the first beside an edge, as a part of that range: the
  overshoot of a step response, looked for beside edges, where ringing is seen (Marziliano and others 2004). Detail that
  blur had hidden leaves the range too when it comes back, and is no halo: what counts follows the edge for ``STRIP`` px,
  lies on the plateau beside it, and not on anything thin in the first picture.
- Raised noise: where both pictures are flat, away from edges, and the noise has grown by more than its own scatter.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np

from sharpen_desktop.engine.gradients import Plane
from sharpen_desktop.services.sharpness import (
    REACH,
    ROUNDING,
    Mask,
    Side,
    calm_noise,
    grown,
    has_edges,
    median,
    plane,
    square,
)

GAINED, GAIN_SLOPES = 1.1, 3.0
"""An edge is marked as sharper from this factor on, where that is so many times the noise of the difference."""
OVERSHOOT, OVER_SIGMAS = 0.05, 4.0
"""What leaves the local range counts from this part of it on, and from so many standard deviations of the noise."""
THIN, PLATEAU, STRIP = 0.15, 0.6, 8
RAISED, LEAST_RISE = 1.25, 0.25


@dataclass(frozen=True, slots=True)
class Change:
    """What a second picture has over a first; masks H×W.

    ``edges``: of either. ``old`` and ``new``: their slopes on edges without noise. ``gained``: edges that became
    steeper; ``halo``: where the overshoot is, ``overshoot``: how large, 0 where there is none, as a part of the
    local range. ``flat``: in both pictures; ``raised``: where in it noise has grown.
    """

    edges: Mask
    old: Plane
    new: Plane
    gained: Mask
    halo: Mask
    overshoot: Plane
    flat: Mask
    raised: Mask

    def within(self, part: tuple[slice, slice]) -> "Change":
        """Return the same of these rows and columns alone."""
        return Change(
            self.edges[part], self.old[part], self.new[part], self.gained[part],
            self.halo[part], self.overshoot[part], self.flat[part], self.raised[part],
        )  # fmt: skip


def change(old: Side, new: Side) -> Change:
    """Return what ``new`` has over ``old``, pictures of the same size."""
    edges = old.edges | new.edges
    beside = grown(edges, REACH)
    with ThreadPoolExecutor(1) as crew:
        over = crew.submit(_overshoot, old, new, beside)
        was, became = _clean_slope(old, edges), _clean_slope(new, edges)
        least = GAIN_SLOPES * sqrt(old.slope_noise**2 + new.slope_noise**2)
        gained = edges & (became > GAINED * was) & (became - was > least)
        flat = old.flat & new.flat & ~beside
        raised = flat & (new.noise > RAISED * np.maximum(old.noise, ROUNDING) + LEAST_RISE)
        overshoot = over.result()
    return Change(edges, was, became, gained, overshoot > 0, overshoot, flat, raised)


def contrast_change(found: Change) -> float | None:
    """Return by what part the edges became steeper, 0.38 for 38 %; ``None`` where there are too few edges."""
    if not has_edges(found.edges):
        return None
    return float(found.new[found.edges].mean() / max(found.old[found.edges].mean(), 1e-3)) - 1


def halo_share(found: Change) -> tuple[float, float] | None:
    """Return which part of the edges has a halo, and how large these are (median part of the local range)."""
    if not has_edges(found.edges):
        return None
    nearest = plane(cv2.dilate(found.overshoot, square(REACH)))[found.edges]
    struck = nearest[nearest > 0]
    return len(struck) / len(nearest), median(struck) if len(struck) else 0.0


def _clean_slope(side: Side, edges: Mask) -> Plane:
    """Return the slope without noise on the edges, 0 elsewhere; an edge may have moved by two px."""
    steepest = cv2.dilate(side.slope, square(2))
    power = np.maximum(steepest * steepest - np.float32(2 * side.slope_noise**2), 0)
    return np.asarray(np.where(edges, np.sqrt(power), 0), np.float32)


def _overshoot(old: Side, new: Side, beside: Mask) -> Plane:
    """Return by which part of the old local range the new values leave it, 0 where that is no halo."""
    window = square(REACH)
    high, low = plane(cv2.dilate(old.luma, window)), plane(cv2.erode(old.luma, window))
    over = np.maximum(new.luma - high, low - new.luma)
    least = np.float32(OVER_SIGMAS * calm_noise(new.noise, new.flat))
    there = np.nonzero(beside & (over > least))
    span = np.maximum(high[there] - low[there], 1)
    is_bright = new.luma[there] > high[there]
    place = (plane(cv2.blur(old.luma, window.shape))[there] - low[there]) / span
    bright_thing = _widest(old.luma - plane(cv2.dilate(low, window)))[there]
    dark_thing = _widest(plane(cv2.erode(high, window)) - old.luma)[there]
    is_plateau = np.where(is_bright, place, 1 - place) > PLATEAU
    is_thin = np.where(is_bright, bright_thing, dark_thing) >= THIN * span + OVER_SIGMAS * old.noise[there]
    part = over[there] / span
    overshoot = np.zeros_like(over)
    overshoot[there] = np.where(is_plateau & ~is_thin & (part > OVERSHOOT), part, 0)
    return np.where(_strips(overshoot > 0), overshoot, np.float32(0))


def _strips(mask: Mask) -> Mask:
    """Return what of a mask hangs together over at least ``STRIP`` px."""
    if not mask.any():
        return mask
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8))
    is_long = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]) >= STRIP
    is_long[0] = False  # all that is not in the mask
    return np.asarray(is_long[labels])


def _widest(values: Plane) -> Plane:
    """Return the largest value within 2 px."""
    return plane(cv2.dilate(values, square(2)))
