"""Undoing a known blur: hyper-Laplacian deconvolution of one block of luma, Wiener for its colour.

min over x of  lambda/2 |k*x - y|² + sum t² |grad x / t|^.8  by half-quadratic splitting (Krishnan & Fergus
2009). t carries encoded contrast into the working domain: it makes the prior one on encoded contrast and
weighs the data by the noise there, at no cost, since only the pixelwise step knows of it.
"""

from functools import lru_cache

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.gradients import differences, divergence, roughness
from sharpen_desktop.engine.point_spread import PointSpread, gaussian_transfer
from sharpen_desktop.engine.transfer import Domain

EXPONENT = 0.8
COUPLINGS = (4.0, 16.0, 64.0, 256.0)
TABLE_STEPS = 4096
TABLE_TOP = 1.0
WORTH_OF_NOISE = 0.12
COLOUR_REGULARITY = 2000.0
DARK_WEIGHT = 0.3

Block = NDArray[np.float32]
Coefficients = NDArray[np.complex64]


@lru_cache(maxsize=32)
def shrink_table(coupling: float) -> Block:
    """How much of a gradient v is kept: w/v of min |w|^.8 + coupling/2 (w-v)², for |v| in 0..1 evenly."""
    v = (np.arange(TABLE_STEPS) + 0.5) * TABLE_TOP / TABLE_STEPS
    w = v.copy()
    for _ in range(30):
        pull = EXPONENT * np.maximum(w, 1e-9) ** (EXPONENT - 1)
        bend = coupling + EXPONENT * (EXPONENT - 1) * np.maximum(w, 1e-9) ** (EXPONENT - 2)
        step = (pull + coupling * (w - v)) / np.where(bend > 0, bend, coupling)
        w = np.clip(w - step, 0.0, v)
    kept = w**EXPONENT + coupling / 2 * (w - v) ** 2 < coupling / 2 * v**2
    return np.where(kept, w / v, 0.0).astype(np.float32)


class Solver:
    """Deconvolution of periodic blocks of one shape by one point spread function; threads may share it."""

    def __init__(
        self,
        shape: tuple[int, int],
        spread: PointSpread,
        noise: float,
        *,
        ease: float = 1.0,
        softness: float = 0.0,
    ) -> None:
        """``noise``: standard deviation in encoded values. ``ease`` scales lambda = .12 .. .19 / noise².

        ``softness``: px of gaussian the result keeps, instead of aiming at a point.
        """
        self.shape = shape
        seen = spread.transfer(shape)
        self._transfer = seen
        # What is measured as little noise is partly misfit of the model; plenty of noise is really noise.
        worth = WORTH_OF_NOISE * min(max((noise / 0.005) ** 0.5, 1.0), 1.6)
        self._data_weight = ease * worth / max(noise, 1e-4) ** 2
        # A blur that is the same both ways has a real transfer, which is half the work.
        self._seen = np.conj(seen) * np.float32(self._data_weight)
        power = (seen * np.conj(seen)).real
        rough = roughness(shape)
        self._inverse = [
            (1 / (np.float32(self._data_weight) * power + np.float32(c) * rough + np.float32(1e-9))).astype(
                np.float32
            )
            for c in COUPLINGS
        ]
        kept = gaussian_transfer(softness, _distance(shape)).astype(np.float32) if softness else np.float32(1)
        self._inverse[-1] = self._inverse[-1] * kept
        # Wiener's H / (H² + noise² / S) with S falling as f^-2: colour has little detail to lose.
        regular = np.float32(COLOUR_REGULARITY * noise**2 / ease) * rough
        self._wiener = kept * np.conj(seen) / (power + regular + np.float32(1e-9))
        self._colour_missed = _low((seen * self._wiener).astype(np.complex64), shape) - np.float32(1)

    def luma(self, blurred: Block, scale: Block | None) -> Block:
        """Return the block without its blur. ``scale``: encoded change per working change at each pixel, or None."""
        return self.solved(coefficients(blurred), scale)

    def solved(self, blurred: Coefficients, scale: Block | None) -> Block:
        """As ``luma``, from the block's coefficients."""
        data = blurred * self._seen
        x = self._solved(data, None, 0)
        for step in range(1, len(COUPLINGS)):
            pull = divergence(*_shrunk(x, scale, COUPLINGS[step]))
            x = self._solved(data, pull, step)
        return x

    def _solved(self, data: Coefficients, pull: Block | None, step: int) -> Block:
        """Return the picture that agrees with the data and with the wanted gradients."""
        total = data
        if pull is not None:
            total = scipy.fft.rfft2(pull)
            total *= np.float32(COUPLINGS[step])
            total += data
        total = total * self._inverse[step]
        return np.asarray(scipy.fft.irfft2(total, self.shape, overwrite_x=True), np.float32)

    def again(self, restored: Block) -> Block:
        """Return a restored block blurred again."""
        spectrum = scipy.fft.rfft2(restored)
        spectrum *= self._transfer
        return np.asarray(scipy.fft.irfft2(spectrum, self.shape, overwrite_x=True), np.float32)

    def colour(self, blurred: Coefficients, *, looked: bool) -> tuple[Block, Block | None]:
        """Return a colour difference without its blur; where ``looked``, with by how much that misses the given one.

        ``blurred``: its coefficients. What is missed holds the lower half of the frequencies, on a grid of half the size.
        """
        missed: Block | None = None
        if looked:
            rows, columns = _half(self.shape)
            scale = np.float32(rows * columns / (self.shape[0] * self.shape[1]))
            low = scale * self._colour_missed * _low(blurred, self.shape)
            missed = np.asarray(scipy.fft.irfft2(low, (rows, columns), overwrite_x=True), np.float32)
        found = scipy.fft.irfft2(blurred * self._wiener, self.shape, overwrite_x=True)
        return np.asarray(found, np.float32), missed


def coefficients(block: Block) -> Coefficients:
    """Return what ``rfft2`` makes of a periodic block."""
    return np.asarray(scipy.fft.rfft2(block), np.complex64)


def _half(shape: tuple[int, int]) -> tuple[int, int]:
    return max(2, shape[0] // 2), max(2, shape[1] // 2)


def _low(spectrum: Coefficients, shape: tuple[int, int]) -> Coefficients:
    """Return the coefficients that a grid of half the size has, laid out as ``rfft2`` does."""
    rows, columns = _half(shape)
    rising, falling = (rows + 1) // 2, rows // 2
    return np.concatenate([spectrum[:rising], spectrum[shape[0] - falling :]])[:, : columns // 2 + 1]


def contrast_scale(block: Block, domain: Domain) -> Block | None:
    """Return 1/t of a block of working values: the tone curve's slope to the power .3; None where t is 1."""
    if domain.is_encoded:
        return None
    smooth = np.asarray(cv2.GaussianBlur(block, (0, 0), 1.0), np.float32)
    return np.asarray(domain.slope(smooth) ** np.float32(DARK_WEIGHT), np.float32)


def _distance(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Distance from zero frequency, cycles/px, laid out as ``rfft2`` does."""
    return np.asarray(np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :]))


def _shrunk(x: Block, scale: Block | None, coupling: float) -> tuple[Block, Block]:
    """Periodic forward differences of x, shrunk by the prior."""
    table = shrink_table(coupling)
    across, down = differences(x)
    for difference in (across, down):
        size = np.abs(difference)
        if scale is not None:
            size *= scale
        size *= np.float32(TABLE_STEPS / TABLE_TOP)
        np.multiply(difference, table.take(size.astype(np.intp), mode="clip"), out=difference)
    return across, down
