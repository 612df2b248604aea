"""Where a blur is not the same everywhere: of which family it is there, in which domain, and how strong at each place.

A picture that is sharp here and blurred there hides its blur: its spectrum is that of what is sharp. So the map of a
gaussian only tells where the blur is; the largest rectangle of blurred places is then looked at as a picture of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.focus_map import COARSE, FocusMap
from sharpen_desktop.engine.modes import MODES, Mode
from sharpen_desktop.engine.point_spread import Family
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import Domain

MOVED = {"line", "shake"}
CLEARLY_BLURRED, PERHAPS_BLURRED = 0.9, 0.8
"""Sigma in px of a gaussian."""
# Of the places that are certain, and of all of them.
NOTICED_SHARE, SMALLEST_SHARE = 0.15, 0.05
UNEVEN_RATIO, SAME_RATIO = 1.7, 1.25
FEWEST_PLACES = 12
# Blurred places of an otherwise sharp photo that a motion explains as well as a round blur are left as something that moved.
SUSPECTED = replace(MODES["Standard"], line_margin=0.0)
INSIDE = 48
"""Px around a tile's middle that are taken for as blurred as the tile."""


@dataclass(frozen=True, slots=True)
class Places:
    """``sizes``: of the blur ``family`` undone in ``domain``. ``blurred``: the sizes in px of certain, blurred places.

    ``differ``: whether one blur for the whole picture would not be the whole truth.
    """

    family: Family
    domain: Domain
    sizes: FocusMap
    blurred: NDArray[np.float32]
    differ: bool


def places(survey: Survey, mode: Mode, check: Check) -> Places | None:
    """Return how the blur differs from place to place; None where that cannot be told. ``check`` may raise.

    Of a picture that looks sharp as a whole it differs where much of it is clearly blurred, and not by a motion.
    """
    found = survey.found(mode, check)
    family = found.spread.family if found.spread else mode.families[0]
    if family in MOVED or not found.measurable or min(survey.size) < COARSE.side:
        return None
    scout: Family = family if found.spread else "gaussian"
    domain = found.domain if found.spread else survey.domains.between
    sizes = survey.sizes(domain, scout, found.noise, COARSE, check)
    blurred = sizes.certain & (sizes.size > CLEARLY_BLURRED)
    differ = is_uneven(sizes) if found.spread else _is_noticed(sizes, blurred, mode)
    is_open = scout == "gaussian" or "gaussian" not in mode.families
    if blurred.any() and is_open and (differ or (mode.varying and found.spread is None)):
        seen = _seen_alone(survey, found, check)
        if seen is not None and seen.family == "disk" and "disk" in mode.families:
            family, domain = "disk", seen.domain
        differ = differ and (found.spread is not None or (seen is not None and seen.family not in MOVED))
    sizes = survey.sizes(domain, family, found.noise, COARSE, check)
    return Places(family, domain, sizes, sizes.size[blurred], differ and bool(blurred.any()))


def spanned(sizes: NDArray[np.float32]) -> str:
    """Return sizes in the user's words, "1.0 to 2.5 px", or "about 2.9 px" where they are all much the same."""
    low, middle, high = np.quantile(sizes, (0.1, 0.5, 0.9))
    return f"{low:.1f} to {high:.1f} px" if high > SAME_RATIO * low else f"about {middle:.1f} px"


def differing(survey: Survey, mode: Mode, check: Check) -> Places | None:
    """Return the places of a picture whose blur differs from place to place, None where one blur is the truth."""
    found = places(survey, mode, check)
    return found if found is not None and found.differ else None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a part of the picture says when it is looked at alone."""

    family: Family
    domain: Domain


def _seen_alone(survey: Survey, whole: Found, check: Check) -> _Seen | None:
    """Return what the largest rectangle of blurred places was blurred by; None where that cannot be told either."""
    part = _largest(survey.sizes(survey.domains.between, "gaussian", whole.noise, COARSE, check))
    asked = MODES["Standard"] if whole.spread else SUSPECTED
    found = survey.found_in(part, asked, check) if part else None
    if part is None or found is None or found.spread is None:
        return None
    if found.spread.family == "gaussian":
        domain = survey.disk_domain_in(part, found, check)
        if domain is not None:
            return _Seen("disk", domain)
    return _Seen(found.spread.family, found.domain)


def _largest(sizes: FocusMap) -> tuple[slice, slice] | None:
    """Return rows and columns, px, of the largest rectangle of tiles that are all blurred; None where none is."""
    rectangles = _rectangles(sizes.seen & (sizes.size > PERHAPS_BLURRED))
    best = max(rectangles, key=lambda one: (one[1] - one[0]) * (one[3] - one[2]), default=None)
    if best is None:
        return None
    top, bottom, left, right = best
    return (
        slice(int(sizes.down[top]) - INSIDE, int(sizes.down[bottom - 1]) + INSIDE),
        slice(int(sizes.across[left]) - INSIDE, int(sizes.across[right - 1]) + INSIDE),
    )


def _rectangles(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int, int, int]]:
    """Return rectangles of ``mask`` that cannot be made wider, as top, bottom, left, right; ends are not inside."""
    for top in range(mask.shape[0]):
        whole = np.ones(mask.shape[1], np.bool_)
        for bottom in range(top, mask.shape[0]):
            whole &= mask[bottom]
            turns = np.flatnonzero(np.diff(np.concatenate([[False], whole, [False]]).astype(np.int8)))
            for left, right in zip(turns[::2], turns[1::2], strict=True):
                yield top, bottom + 1, int(left), int(right)


def _is_noticed(sizes: FocusMap, blurred: NDArray[np.bool_], mode: Mode) -> bool:
    """Whether so much of a picture that looks sharp as a whole is blurred that it is worth saying, and undoing."""
    is_much = blurred.sum() >= NOTICED_SHARE * sizes.certain.sum()
    return bool("disk" in mode.families and is_much and blurred.mean() >= SMALLEST_SHARE)


def is_uneven(sizes: FocusMap) -> bool:
    """Whether one blur is not the whole truth: what is measurable differs by more than chance explains."""
    if sizes.certain.sum() < FEWEST_PLACES:
        return False
    low, high = np.quantile(sizes.size[sizes.certain], (0.1, 0.9))
    return bool(high > UNEVEN_RATIO * low)
