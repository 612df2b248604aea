"""A disk where the spectrum is too plain to show its rings: what strong edges leave over tells it from a gaussian.

Light mixes in the lens or in the file. A disk has a sharp rim, so that it can be undone in the domain where it was made and
leaves far more over in the other one; a gaussian leaves about as much in both. What each scene leaves over anyway, the best
gaussian of the same domain shows.
"""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.blur_fit import fit_round
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import DISKS, GAUSSIANS, Found
from sharpen_desktop.engine.misfit import Edges
from sharpen_desktop.engine.transfer import Domain, Domains
from sharpen_desktop.engine.view import View

APART = 0.4
"""Logarithm. Gaussians of sigma 1.4 to 3 px that were made in either domain reach 0.25, disks of 3 px 0.45 to 0.95
where the spectrum does not show them."""
SMALLEST_DISK = 2.4

Pixels = NDArray[np.generic]


def disk_domain(part: Pixels, trio: Domains, found: Found, check: Check) -> Domain | None:
    """Return where ``part`` was blurred by a disk; None where it was not, or where it cannot be told.

    ``found``: what it was taken for. ``check`` is called between steps and may raise.
    """
    edges = Edges(part, trio.encoded, found.noise, check)
    if not edges.are_enough:
        return None
    ends = [
        (*_lead(view, edges), domain)
        for domain in (trio.linear, trio.encoded)
        if (view := View.of(part, domain, found.noise, found.floor))
    ]
    if len(ends) < 2 or abs(ends[0][0] - ends[1][0]) < APART:
        return None
    _, radius, domain = min(ends, key=lambda one: one[0])
    return domain if radius >= SMALLEST_DISK else None


def _lead(view: View, edges: Edges) -> tuple[float, float]:
    """Return how much the best disk leaves over at strong edges against the best gaussian (logarithm), and its radius."""
    left, disk = [], 0.0
    for family, sizes in (("disk", DISKS), ("gaussian", GAUSSIANS)):
        spread = fit_round(view.spectrum, family, sizes, view.variance, view.floor).point_spread
        if family == "disk":
            disk = spread.size
            spread = spread.with_native_softness()
        left.append(edges.left_over(view.domain, spread)[0])
    return float(np.log(left[0] / left[1])), disk
