"""Pixels that a blur cannot have left: a date, a caption, a frame put in afterwards, lamps that were clipped.

No picture within its limits, blurred, gives them: blurred again, the restored one misses them by far more than noise
explains. What is missed is taken out of the data, smoothly filled from around, so that nothing rings there.
"""

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.pixels import Plane, Planes

# In encoded values. Photos that were blurred by just what is undone stay below .1; what was put in afterwards is missed by .15 to .45.
SURE, PERHAPS = 0.1, 0.03
# Times the noise, which is more in places than is measured on the whole.
SURE_NOISES, PERHAPS_NOISES = 8.0, 2.5
FEWEST = 3


class Attempt(Protocol):
    """Something that restores a block's planes."""

    def __call__(self, parts: Planes, *, looked: bool) -> tuple[Planes, Planes | None]:
        """Return them restored; where ``looked``, with by how much they, blurred again, miss the given ones.

        What is missed, h×w each, is in encoded values, of either sign; colour differences weighted to tell as much as luma.
        """
        ...


def around_foreign(
    parts: Planes, attempt: Attempt, reach: int, noise: float, *, looked: bool
) -> tuple[Planes, Plane | None]:
    """Return a block's planes restored, and the share that its given pixels keep (None: nothing).

    Where they hold what the blur cannot have left, they are restored once more without it. ``looked``: whether that is
    asked at all. ``reach`` of the blur in px, ``noise``: its standard deviation in encoded values.
    """
    found, missed = attempt(parts, looked=looked)
    where = None if missed is None else foreign(_largest(missed), reach, noise)
    if where is None or not where.any():
        return found, None
    kept = kept_share(where, reach)
    return attempt(without(parts, kept), looked=False)[0], kept


def foreign(missed: Plane, reach: int, noise: float) -> NDArray[np.bool_] | None:
    """Return where a block was not made by the blur; None where it all was.

    ``missed``: h×w, by how much the restored block, blurred again, misses the given one, in encoded values. ``reach`` of
    the blur in px, ``noise``: its standard deviation in encoded values. What is missed clearly is taken, and what is missed by less near it; the block's rim is not looked at,
    since nothing is known of what lies beyond.
    """
    least, some = max(SURE, SURE_NOISES * noise), max(PERHAPS, PERHAPS_NOISES * noise)
    rim = 2 * reach
    inside = np.zeros(missed.shape, np.bool_)
    inside[rim:-rim, rim:-rim] = True
    sure = (missed > least) & inside
    if np.count_nonzero(sure) < FEWEST:
        return None
    near = cv2.dilate(sure.astype(np.uint8), _round(3 * reach)).astype(np.bool_)
    return np.asarray(near & inside & (missed > some))


def kept_share(where: NDArray[np.bool_], reach: int) -> Plane:
    """Return the share, 0..1, that the given pixels keep: all within 1.5 times the blur's reach, none 3 times as far away."""
    away = cv2.distanceTransform((~where).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(np.clip((3 - away / np.float32(reach)) / 1.5, 0, 1), np.float32)


def without(parts: Planes, share: Plane) -> Planes:
    """Return planes smoothly filled where the share is 1."""
    hole = share >= 1
    red, blue = (None if plane is None else filled(plane, hole) for plane in (parts.red, parts.blue))
    return Planes(filled(parts.luma, hole), red, blue)


def filled(plane: Plane, hole: NDArray[np.bool_]) -> Plane:
    """Return the plane with its holes filled from around: means of ever larger surroundings, the nearest known first."""
    known = (~hole).astype(np.float32)
    smooth = _pulled(plane * known, known)
    return np.where(hole, smooth, plane)


def _largest(missed: Planes) -> Plane:
    """Return the largest of what is missed in luma and the colour differences."""
    largest = np.abs(missed.luma)
    for plane in (missed.red, missed.blue):
        if plane is not None:
            largest = np.maximum(largest, np.abs(plane))
    return largest


def _pulled(values: Plane, weight: Plane) -> Plane:
    """Return weighted means where there is weight, and where there is none those of half the size, enlarged."""
    mean = values / np.maximum(weight, np.float32(1e-6))
    if min(weight.shape) < 2 or weight.min() > 0:
        return np.asarray(mean, np.float32)
    half = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
    smaller = _pulled(
        np.asarray(cv2.resize(values, half, interpolation=cv2.INTER_AREA), np.float32),
        np.asarray(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), np.float32),
    )
    larger = cv2.resize(smaller, weight.shape[::-1], interpolation=cv2.INTER_LINEAR)
    share = np.minimum(weight, 1)
    return np.asarray(share * mean + (1 - share) * larger, np.float32)


def _round(radius: int) -> NDArray[np.uint8]:
    """Return a round neighbourhood of ``radius`` px."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2), np.uint8)
