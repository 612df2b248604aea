"""What the user paints on a mask: adding to it and taking away, with a round brush, in the order painted."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of the brush.

    ``points``: at least one, as fractions of the picture's width and height. ``radius``: as a fraction of its long
    side. ``feather``: 0 for a hard rim, 1 for one that is soft from the middle on. ``adds``: False takes away.
    """

    points: tuple[tuple[float, float], ...]
    radius: float
    feather: float
    adds: bool


def with_strokes(mask: Mask, strokes: tuple[Stroke, ...]) -> Mask:
    """Return a mask, h×w, 0..255, with all strokes painted on it, one after the other."""
    kept, added = painted(strokes, (mask.shape[0], mask.shape[1]))
    return np.asarray(np.rint(mask * kept + 255 * added), np.uint8)


def painted(strokes: tuple[Stroke, ...], size: tuple[int, int]) -> tuple[Plane, Plane]:
    """Return all strokes as what is left of any mask of 0..1 and what comes to it: mask · kept + added.

    ``size``: rows and columns of both.
    """
    kept, added = np.ones(size, np.float32), np.zeros(size, np.float32)
    for stroke in strokes:
        place, cover = _cover(stroke, size)
        kept[place] *= 1 - cover
        added[place] *= 1 - cover
        if stroke.adds:
            added[place] += cover
    return kept, added


def _cover(stroke: Stroke, size: tuple[int, int]) -> tuple[tuple[slice, slice], Plane]:
    """Return where a stroke covers what, 0..1: full in its core, falling evenly over the feather."""
    height, width = size
    places = np.asarray(stroke.points, np.float64).reshape(-1, 2) * (width, height) - 0.5
    radius = stroke.radius * max(size)
    soft = max(min(max(stroke.feather, 0.0), 1.0) * radius, 1.0)  # a hard rim, too, is one pixel wide
    first = np.floor(places.min(axis=0) - radius - 2).astype(int).clip(0, (width, height))
    last = np.ceil(places.max(axis=0) + radius + 3).astype(int).clip(first, (width, height))
    place = (slice(first[1], last[1]), slice(first[0], last[0]))
    if (last <= first).any():
        return place, np.zeros((last[1] - first[1], last[0] - first[0]), np.float32)
    # Room for the whole line, so that the distance to what lies outside the picture counts as well.
    low = np.minimum(np.floor(places.min(axis=0)).astype(int), first)
    high = np.maximum(np.ceil(places.max(axis=0)).astype(int) + 1, last)
    away = np.ones(tuple((high - low)[::-1]), np.uint8)
    line = np.rint(places - low).astype(np.int32)
    cv2.polylines(away, [np.concatenate([line, line[-1:]])], isClosed=False, color=0)
    distance = cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    near = distance[first[1] - low[1] : last[1] - low[1], first[0] - low[0] : last[0] - low[0]]
    return place, np.clip((radius + 0.5 - near) / soft, 0, 1).astype(np.float32)
