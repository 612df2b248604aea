"""Where a mix applies: what is painted on it, for any part of a picture."""

from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.mix import begins_full
from sharpen_desktop.engine import subject_brush

LONGEST_EDGE_PX = 6000
"""Strokes are drawn with no more pixels along the long side, and stretched from there."""
REACH_PX = 3
"""So far a pixel of the drawn mask is seen beyond itself when it is stretched."""

Plane = NDArray[np.float32]
Part = tuple[int, int, float | Plane]
"""Columns from, columns to, and how much of the result may show there, 0..1: all alike, or for each pixel."""


@dataclass(frozen=True, slots=True)
class MixMask:
    """``plane``, 0..1, is stretched over ``size`` (rows, columns) of the picture; ``ground``: where nothing was painted."""

    plane: Plane
    size: tuple[int, int]
    ground: float

    def parts(self, top: int, bottom: int) -> list[Part]:
        """Return some rows of the picture as one, two or three parts beside each other."""
        width = self.size[1]
        left, right = self._painted(top, bottom)
        if left >= right:
            return [(0, width, self.ground)]
        parts: list[Part] = [(0, left, self.ground)] if left else []
        parts.append((left, right, self._cut(top, bottom, left, right)))
        return [*parts, (right, width, self.ground)] if right < width else parts

    def _painted(self, top: int, bottom: int) -> tuple[int, int]:
        """Return between which columns something of these rows is painted."""
        across, down = self._scale
        first, last = max(0, floor(top * down) - REACH_PX), ceil(bottom * down) + REACH_PX
        columns = np.flatnonzero((self.plane[first:last] != self.ground).any(axis=0))
        if not columns.size:
            return 0, 0
        left, right = (columns[0] - REACH_PX) / across, (columns[-1] + 1 + REACH_PX) / across
        return max(0, floor(left)), min(self.size[1], ceil(right))

    def _cut(self, top: int, bottom: int, left: int, right: int) -> Plane:
        if self.plane.shape == self.size:
            return self.plane[top:bottom, left:right]
        # Pixel centres on pixel centres, as a resize of the whole would put them.
        across, down = self._scale
        matrix = np.array(
            [[across, 0, (left + 0.5) * across - 0.5], [0, down, (top + 0.5) * down - 0.5]], np.float64
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        shape = (right - left, bottom - top)
        cut = cv2.warpAffine(self.plane, matrix, shape, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cut, np.float32)

    @property
    def _scale(self) -> tuple[float, float]:
        """Pixels of the plane for one of the picture, across and down."""
        return self.plane.shape[1] / self.size[1], self.plane.shape[0] / self.size[0]


def mask_of(strokes: Strokes, size: tuple[int, int]) -> MixMask | None:
    """Return where the result may show on a picture of ``size`` (rows, columns); ``None`` for everywhere."""
    if not strokes:
        return None
    scale = min(1.0, LONGEST_EDGE_PX / max(size))
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    drawn = tuple(subject_brush.Stroke(each.points, each.radius, each.feather, each.adds) for each in strokes)
    kept, added = subject_brush.painted(drawn, small)
    is_full = begins_full(strokes)
    return MixMask(kept + added if is_full else added, size, 1.0 if is_full else 0.0)
