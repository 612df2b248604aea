"""A picture without its blur and with flat areas between few edges: what a kernel is solved from.

min over x of |k*x - y|² + weight (number of pixels where x is not flat), by half-quadratic splitting (Xu, Lu, Xu &
Jia 2011; Xu, Zheng & Jia 2013). Restored so, a picture has neither grain nor ringing to be taken for the camera's path.
"""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.gradients import differences, divergence, roughness
from sharpen_desktop.engine.tiles import closed

LAST_COUPLING = 100.0

Plane = NDArray[np.float32]
Coefficients = NDArray[np.complex64]


class Blurred:
    """One scale of a blurred picture, closed to a periodic one with room for a kernel of ``side`` px."""

    def __init__(self, luma: Plane, side: int) -> None:
        rows, columns = (scipy.fft.next_fast_len(length + max(16, side), real=True) for length in luma.shape)
        self.shape = (rows, columns)
        self.plane = closed(np.ascontiguousarray(luma), self.shape)
        self.differences = differences(self.plane)
        self._spectrum: Coefficients = scipy.fft.rfft2(self.plane)

    def flattened(self, transfer: Coefficients, weight: float) -> Plane:
        """Return x for a kernel's transfer function. ``weight``: of an edge, in squared values 0..1."""
        data = np.conj(transfer) * self._spectrum
        power = transfer.real**2 + transfer.imag**2
        rough = roughness(self.shape)
        x = self.plane
        coupling = 2 * weight
        while coupling < LAST_COUPLING:
            across, down = differences(x)
            edges = across * across + down * down >= np.float32(weight / coupling)
            across *= edges
            down *= edges
            total = scipy.fft.rfft2(divergence(across, down))
            total *= np.float32(coupling)
            total += data
            total /= power + np.float32(coupling) * rough
            x = np.asarray(scipy.fft.irfft2(total, self.shape, overwrite_x=True), np.float32)
            coupling *= 2
        return x
