"""Curved camera shake: its path found blind, from a picture's edges and its spectrum.

From coarse to fine a picture with few edges and the kernel that blurs it into the given one are solved for in turn
(after Xu, Zheng & Jia 2013). How large the kernel may be decides how well that ends, so several sizes are tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.blur_fit import Candidate, noises_to_try, whole_candidate
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.gradients import differences
from sharpen_desktop.engine.point_spread import Kernel, Shake
from sharpen_desktop.engine.restore import Solver
from sharpen_desktop.engine.shake_kernel import scaled, solved_kernel, tidied, trimmed
from sharpen_desktop.engine.shake_picture import Blurred
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.tiles import closed
from sharpen_desktop.engine.view import View

SIDE = 400
SIDES = (11, 17, 25, 35)
FINER = 2**0.5
SMALLEST = 3
ROUNDS = 5
# Weight of an edge at first, and what it is divided by each round. Heavy edges keep the first rounds from
# following texture: a quarter of this goes astray on every tenth photo.
EDGE, LIGHTER, LIGHTEST = 0.02, 1.1, 1e-4
# The spectrum sees only how much each frequency was weakened. A kernel right in that and wrong in its turns leaves
# ringing, which is rougher than any scene: that decides between paths whose scores are this close.
CLOSE = 0.025
ROUGH_WEIGHT = 0.5
RIM = 8

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shaken:
    """A path, how well it explains the spectrum, how rough the picture is without it; ``side``: room it was given, px."""

    path: Shake
    candidate: Candidate
    rough: float
    side: int

    @property
    def cost(self) -> float:
        """What speaks against it, beside others whose scores are close."""
        return self.candidate.score + ROUGH_WEIGHT * float(np.log(self.rough))


def fit_shake(
    view: View, noise: float, check: Check, sides: Sequence[int] = SIDES, also: Shaken | None = None
) -> Shaken:
    """Return the best path found in the most textured 400 px of a view; under a second for each of ``sides``.

    The view must be four times as large as any of ``sides``. ``noise``: standard deviation in encoded values. ``also``: a path found elsewhere that is compared with them.
    ``check`` is called every 0.1 s or so and may raise.
    """
    luma = view.luma[textured_window(view.luma, SIDE)]
    tried = []
    for side in sides:
        path = Shake.of(_solved(luma, side, check))
        check()
        tried.append(_judged(view, luma, path, noise, side))
    if also is not None:
        tried.append(_judged(view, luma, also.path, noise, also.side))
    lowest = min(shaken.candidate.score for shaken in tried)
    return min(
        (shaken for shaken in tried if shaken.candidate.score <= lowest + CLOSE), key=lambda one: one.cost
    )


def _judged(view: View, luma: Plane, path: Shake, noise: float, side: int) -> Shaken:
    """Return a path with what speaks against it in a view."""
    candidate = whole_candidate(view.spectrum, path, noises_to_try(view.variance, view.floor))
    return Shaken(path, candidate, left_rough(luma, path, noise), side)


def _solved(luma: Plane, side: int, check: Check) -> Kernel:
    """Return the kernel of at most ``side``×``side``, from a coarse picture to the given one."""
    kernel = np.full((SMALLEST, SMALLEST), 1 / SMALLEST**2, np.float32)
    edge = EDGE
    for now in _sides(side):
        share = now / side
        small = (
            luma if now == side else cv2.resize(luma, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        )
        blurred = Blurred(np.asarray(small, np.float32), now)
        kernel = scaled(kernel, now)
        for _ in range(ROUNDS):
            check()
            sharp = blurred.flattened(Shake.of(kernel).transfer(blurred.shape), edge)
            kernel = tidied(solved_kernel(differences(sharp), blurred.differences, now))
            edge = max(edge / LIGHTER, LIGHTEST)
    return trimmed(kernel)


def _sides(largest: int) -> Iterator[int]:
    """Return the kernel's sides from 3 to ``largest``, all odd, each about √2 times the one before."""
    sides = [largest]
    while sides[-1] > SMALLEST:
        sides.append(max(SMALLEST, min(int(sides[-1] / FINER) // 2 * 2 + 1, sides[-1] - 2)))
    return reversed(sides)


def left_rough(luma: Plane, spread: Shake, noise: float) -> float:
    """Return the mean of |difference|^.8 between neighbours once the blur is undone, the border left out."""
    room = max(16, 2 * spread.reach)
    rows, columns = (scipy.fft.next_fast_len(length + room, real=True) for length in luma.shape)
    restored = Solver((rows, columns), spread, noise).luma(closed(luma, (rows, columns)), None)
    inside = restored[RIM : luma.shape[0] - RIM, RIM : luma.shape[1] - RIM]
    across, down = np.diff(inside, axis=1), np.diff(inside, axis=0)
    return float(np.mean(np.abs(across) ** 0.8) + np.mean(np.abs(down) ** 0.8))
