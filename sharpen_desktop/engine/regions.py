"""Restoring some parts of a picture otherwise than the rest: faces more gently, only the subject or only its ground."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.miniature import Shown
from sharpen_desktop.engine.pixels import grey
from sharpen_desktop.engine.subject_brush import Stroke, painted
from sharpen_desktop.engine.tiles import Tile, Tiles

# How closely a mask follows the picture between its own pixels: 5×5 of them, steps of .02 of the range.
FIT_SIDE, FIT_STEP = 5, 0.02

Pixels = NDArray[np.generic]
Plane = NDArray[np.float32]
Mask = NDArray[np.uint8]
Place = tuple[slice, slice]


class Blocks(Protocol):
    """Something that makes a picture's tiles, from several threads."""

    @property
    def layout(self) -> Tiles:
        """What the tiles are."""
        ...

    def block(self, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the finished core of one tile."""
        ...


def mixed(given: Pixels, other: Pixels, share: Plane) -> Pixels:
    """Return given + share (other - given), h×w or h×w×c of the same depth; exact where the share is 0 or 1."""
    if given.ndim == 3:
        share = share[..., None]
    low = given.astype(np.float32)
    return np.rint(low + share * (other.astype(np.float32) - low)).astype(given.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class MaskMap:
    """A mask of h×w over a picture of any size: slope · luma + base between its pixels, then what was painted.

    That is a guided filter whose coefficients are found small (He & Sun 2015), so that the rim follows the picture's
    own edges. ``planes``: h×w×2 (slope, base) or h×w×4 (kept, added as well), float32.
    """

    planes: Plane
    size: tuple[int, int]
    shown: Shown
    is_inverted: bool

    @classmethod
    def of(
        cls,
        mask: Mask,
        miniature: NDArray[np.uint8],
        strokes: tuple[Stroke, ...],
        size: tuple[int, int],
        shown: Shown,
        *,
        is_inverted: bool,
    ) -> "MaskMap":
        """``mask``: h×w, 0..255, over the ``miniature``, h×w×3; ``size``: rows and columns of the picture."""
        share = mask.astype(np.float32) / np.float32(255)
        luma = grey(miniature).astype(np.float32) / np.float32(255)

        def mean(plane: Plane) -> Plane:
            return np.asarray(
                cv2.blur(plane, (FIT_SIDE, FIT_SIDE), borderType=cv2.BORDER_REFLECT), np.float32
            )

        middle, level = mean(luma), mean(share)
        spread = np.maximum(mean(luma * luma) - middle * middle, 0) + np.float32(FIT_STEP**2)
        slope = np.asarray((mean(luma * share) - middle * level) / spread, np.float32)
        found = [mean(slope), mean(level - slope * middle)]
        if strokes:
            found += painted(strokes, (mask.shape[0], mask.shape[1]))
        return cls(np.stack(found, axis=2), size, shown, is_inverted)

    def share(self, pixels: Pixels, place: Place) -> Plane:
        """Return the mask's share, 0..1, of each pixel of a part of the picture."""
        rows, columns = (
            (np.arange(span.start, span.stop, dtype=np.float32) + 0.5) * (small / length) - 0.5
            for span, small, length in zip(place, self.planes.shape, self.size, strict=False)
        )
        x, y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
        at = cv2.remap(self.planes, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        luma = self.shown.of(grey(pixels[place])).astype(np.float32) / np.float32(255)
        share = at[..., 0] * luma + at[..., 1]
        # The last steps are snapped, so that outside the mask pixels stay the very same.
        share = np.clip((share - 0.01) / 0.98, 0, 1)
        if at.shape[2] == 4:
            share = np.clip(share * at[..., 2] + at[..., 3], 0, 1)
        return np.asarray(1 - share if self.is_inverted else share, np.float32)


class MaskedBlocks:
    """Only what a mask covers; the rest keeps its pixels."""

    def __init__(self, blocks: Blocks, mask: MaskMap) -> None:
        self.layout = blocks.layout
        self._blocks = blocks
        self._mask = mask

    def block(self, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the core of one tile, finished where the mask is."""
        share, given = self._mask.share(pixels, tile.core), pixels[tile.core]
        return mixed(given, self._blocks.block(pixels, tile), share) if share.any() else given
