"""What keeps a wrong guess from doing harm: limits on halos and on noise in flat areas."""

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
_NEIGHBOURS = np.ones((5, 5), np.uint8)


def limits(given: Plane, slack: float | Plane) -> tuple[Plane, Plane]:
    """Return the least and the largest value each pixel may get: the range of the 5×5 px around it, plus ``slack``."""
    return cv2.erode(given, _NEIGHBOURS) - slack, cv2.dilate(given, _NEIGHBOURS) + slack


def flat_mask(luma: Plane) -> NDArray[np.bool_]:
    """Return the calmest 40 % of a picture: lowest gradients at a scale of 1.5 px."""
    smooth = cv2.GaussianBlur(luma, (0, 0), 1.5)
    down, across = np.gradient(smooth)
    strength = np.hypot(down, across)
    return np.asarray(strength <= np.quantile(strength, 0.4))


def flat_energy(luma: Plane, mask: NDArray[np.bool_]) -> float:
    """RMS of what is finer than 3 px inside the mask: noise, grain and ringing."""
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 3.0)
    return float(np.sqrt(np.mean(fine[mask] ** 2))) if mask.any() else 0.0


def with_local_contrast(luma: Plane, radius: int, gain: float) -> Plane:
    """Detail against an edge-keeping base (self-guided filter, He et al. 2010) raised by ``gain``."""
    size = (2 * radius + 1, 2 * radius + 1)
    mean = cv2.blur(luma, size, borderType=cv2.BORDER_REFLECT)
    spread = cv2.blur(luma * luma, size, borderType=cv2.BORDER_REFLECT) - mean * mean
    slope = spread / (spread + np.float32(0.01))
    base = cv2.blur(slope, size) * luma + cv2.blur(mean - slope * mean, size)
    return np.asarray(luma + np.float32(gain) * (luma - base), np.float32)
