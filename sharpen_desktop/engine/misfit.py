"""What is left over at edges when a restored picture is blurred again: it tells a blur's size and domain.

A spectrum averages over all there is; edges are the sharpest there is. Too wide a blur, or one undone in
the wrong domain, cannot be made to agree with strong edges, and more is left over there than where the
picture is calm (the discrepancy principle, Morozov 1966, place by place).
"""

from collections.abc import Callable

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.pixels import grey, planes
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restore import Solver, contrast_scale
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.tiles import closed
from sharpen_desktop.engine.transfer import Domain

SIDE = 512
STRONG = 0.2
WEAK = 0.06
FEWEST = 300
# Of white noise the solver leaves this share over; what is less is noise overrated, as a floor for JPEG does.
NOISE_LEFT = 0.72
EXCESS = 0.02
CLOSE = 0.01
TRIES = 3

Pixels = NDArray[np.generic]
Plane = NDArray[np.float32]


class Edges:
    """The strong and weak edges of the most textured 512 px of a picture.

    Strong ones span more than 0.2 of encoded values within 5×5 px, weak ones 0.06 to 0.2.
    """

    def __init__(self, part: Pixels, encoded: Domain, noise: float, check: Check) -> None:
        """``noise``: standard deviation in encoded values. ``check`` is called before each trial; it may raise."""
        self._pixels = part[textured_window(grey(part), SIDE)]
        self._noise = noise
        self._check = check
        luma = planes(self._pixels, encoded).luma
        span = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
        self._strong = np.asarray(span > STRONG)
        self._weak = np.asarray((span > WEAK) & ~self._strong)

    @property
    def are_enough(self) -> bool:
        """Whether there are enough of both to say anything."""
        return min(int(self._strong.sum()), int(self._weak.sum())) >= FEWEST

    def left_over(self, domain: Domain, spread: PointSpread) -> tuple[float, float]:
        """RMS of restored, blurred again and minus given, in encoded values: at strong and at weak edges."""
        self._check()
        given = planes(self._pixels, domain).luma
        room = max(16, 2 * spread.reach)
        rows, columns = (scipy.fft.next_fast_len(length + room, real=True) for length in given.shape)
        whole = closed(given, (rows, columns))
        restored = Solver(whole.shape, spread, self._noise).luma(whole, contrast_scale(whole, domain))
        again = scipy.fft.irfft2(scipy.fft.rfft2(restored) * spread.transfer(whole.shape), whole.shape)
        off = (again - whole)[: given.shape[0], : given.shape[1]] * domain.slope(given)
        strong, weak = (float(np.sqrt(np.mean(off[mask] ** 2))) for mask in (self._strong, self._weak))
        return strong, weak

    def preference(self, linear: Domain, encoded: Domain, spread: PointSpread) -> float:
        """Return by how much (logarithm) less is left over at strong edges in linear light; < 0: more."""
        return float(np.log(self.left_over(encoded, spread)[0] / self.left_over(linear, spread)[0]))

    def sized(self, domain: Domain, made: Callable[[float], PointSpread], low: float, high: float) -> float:
        """Return the size from ``low`` to ``high`` at which strong edges just begin to disagree.

        ``made`` gives the point spread of a size. Regula falsi on the logarithm of strong over weak.
        """
        below, above = self._excess(domain, made(low)), self._excess(domain, made(high))
        if below >= 0 or above <= 0:
            return low if below >= 0 else high
        size = low
        for _ in range(TRIES):
            share = min(max(-below / (above - below), 0.1), 0.9)
            size = low + share * (high - low)
            excess = self._excess(domain, made(size))
            if abs(excess) < CLOSE:
                break
            if excess < 0:
                low, below = size, excess
            else:
                high, above = size, excess
        return size

    def _excess(self, domain: Domain, spread: PointSpread) -> float:
        """How much more than usual is left over at strong edges; 0 at the right size."""
        strong, weak = self.left_over(domain, spread)
        return float(np.log(strong / max(weak, NOISE_LEFT * self._noise))) - EXCESS
