"""How near a picture comes to its original: PSNR, SSIM and GMSD."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SAME_DB = 99.0
"""PSNR of a picture that is its original, pixel for pixel."""
FARTHEST_PX = 3
GMSD_STEADY = 170.0
"""The constant c of GMSD for values 0..255."""


@dataclass(frozen=True, slots=True)
class Score:
    """``psnr`` in dB (the more the better), ``ssim`` 0..1 (the more), ``gmsd`` 0.. (the less)."""

    psnr: float
    ssim: float
    gmsd: float


def scored(result: Picture, sharp: Picture, *, shifting: bool = False, by_luma: bool = False) -> Score:
    """Compare a result with its original, both H×W×3. Arguments as for ``psnr``."""
    if shifting:
        result, sharp = shifted_alike(result, sharp)
    one, other = luma(result), luma(sharp)
    return Score(
        psnr(one, other) if by_luma else psnr(result, sharp),
        ssim(one, other),
        gmsd(one, other),
    )


def psnr(result: Picture, sharp: Picture, *, shifting: bool = False, by_luma: bool = False) -> float:
    """Peak signal to noise ratio in dB, of luma or of all channels.

    ``shifting``: after the shift by whole pixels, up to 3 either way, that suits best: where a picture lies that was
    shaken along a curve is a matter of taste.
    """
    if shifting:
        result, sharp = shifted_alike(result, sharp)
    if by_luma:
        result, sharp = luma(result), luma(sharp)
    error = cv2.norm(result, sharp, cv2.NORM_L2SQR) / sharp.size
    return 10 * float(np.log10(255**2 / error)) if error else SAME_DB


def shifted_alike(result: Picture, sharp: Picture) -> tuple[Picture, Picture]:
    """Return both without 3 px at each border, the result moved to where it is nearest to the original."""
    edge = FARTHEST_PX
    inside = np.ascontiguousarray(sharp[edge:-edge, edge:-edge])
    errors = cv2.matchTemplate(np.ascontiguousarray(result), inside, cv2.TM_SQDIFF)
    down, across = np.unravel_index(int(errors.argmin()), errors.shape)
    moved = result[down : down + inside.shape[0], across : across + inside.shape[1]]
    return np.ascontiguousarray(moved), inside


def luma(picture: Picture) -> Picture:
    """Return encoded luma, H×W."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def ssim(result: Picture, sharp: Picture) -> float:
    """Structural similarity of two lumas (Wang et al. 2004), gaussian window of 1.5 px."""
    a, b = (picture.astype(np.float32) / 255 for picture in (result, sharp))

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5))

    ma, mb = mean(a), mean(b)
    covariance = mean(a * b) - ma * mb
    spread = mean(a * a) - ma * ma + mean(b * b) - mb * mb
    share = (2 * ma * mb + 1e-4) * (2 * covariance + 9e-4) / ((ma * ma + mb * mb + 1e-4) * (spread + 9e-4))
    return float(share.mean())


def gmsd(result: Picture, sharp: Picture) -> float:
    """Gradient magnitude similarity deviation of two lumas (Xue, Zhang, Mou & Bovik 2014); 0: the same.

    As there: means of 2×2 px, every second kept; gradients by Prewitt's operator; the spread of their likeness.
    """
    a, b = (_gradient(_halved(picture)) for picture in (result, sharp))
    likeness = (2 * a * b + GMSD_STEADY) / (a * a + b * b + GMSD_STEADY)
    return float(likeness.std())


def _halved(picture: Picture) -> NDArray[np.float32]:
    """Return means of 2×2 px, every second one across and down."""
    mean = cv2.blur(picture.astype(np.float32), (2, 2), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(mean[::2, ::2])


def _gradient(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how steep each pixel is, by Prewitt's operator."""
    across = np.repeat(np.array([[1.0, 0.0, -1.0]], np.float32), 3, axis=0) / 3
    by_x, by_y = (
        cv2.filter2D(plane, -1, each, borderType=cv2.BORDER_REPLICATE) for each in (across, across.T)
    )
    return np.asarray(np.hypot(by_x, by_y), np.float32)
