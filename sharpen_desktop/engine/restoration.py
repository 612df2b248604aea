"""One picture, block by block: planes out, blur undone, limits kept, pixels back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.modes import Mode
from sharpen_desktop.engine.pixels import Plane, Planes, planes, together
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restore import Solver
from sharpen_desktop.engine.safety import limited, with_local_contrast
from sharpen_desktop.engine.tiles import Layout, Tile, closed
from sharpen_desktop.engine.transfer import Domain

DARK_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture is restored. ``noise`` in encoded values; ``ease`` scales the trust in the data."""

    spread: PointSpread
    domain: Domain
    mode: Mode
    noise: float
    strength: float
    ease: float = 1.0
    contrast_radius: int = 8


class Restoration:
    """A recipe made ready for one picture's layout; ``block`` may be called from several threads."""

    def __init__(self, recipe: Recipe, size: tuple[int, int]) -> None:
        reach = max(recipe.spread.reach, recipe.contrast_radius if recipe.mode.contrast else 0)
        self.recipe = recipe
        self.layout = Layout.of(size, reach)
        self._solver = Solver(
            self.layout.shape, recipe.spread, recipe.noise, ease=recipe.ease, softness=recipe.mode.softness
        )

    def block(self, pixels: NDArray[np.generic], tile: Tile) -> NDArray[np.generic]:
        """The restored core of one tile; h×w×1 where a picture of three channels is grey."""
        recipe = self.recipe
        given = pixels[tile.given]
        if given.ndim == 3 and _is_grey(given):
            return self.block(pixels[..., 0], tile)[..., None]
        parts = planes(given, recipe.domain)
        mixed = Planes(_mixed(parts.luma, self.luma(parts.luma), recipe.strength))
        if parts.red is not None and parts.blue is not None:
            mixed.red = _mixed(parts.red, self._colour(parts.red), recipe.strength)
            mixed.blue = _mixed(parts.blue, self._colour(parts.blue), recipe.strength)
        return together(mixed, recipe.domain)[tile.inner]

    def luma(self, given: Plane) -> Plane:
        """Luma restored at full strength and kept within its limits."""
        recipe = self.recipe
        whole = closed(given, self.layout.shape)
        scale = None
        if not recipe.domain.is_encoded:
            smooth = np.asarray(cv2.GaussianBlur(whole, (0, 0), 1.0), np.float32)
            scale = recipe.domain.slope(smooth) ** np.float32(DARK_WEIGHT)
        restored = self._solver.luma(whole, scale)[: given.shape[0], : given.shape[1]]
        if recipe.mode.contrast:
            restored = with_local_contrast(restored, recipe.contrast_radius, recipe.mode.contrast)
        slope = recipe.domain.slope(given)
        return limited(np.ascontiguousarray(restored), given, np.float32(recipe.mode.overshoot) / slope)

    def _colour(self, given: Plane) -> Plane:
        """A colour difference restored."""
        return self._solver.colour(closed(given, self.layout.shape))[: given.shape[0], : given.shape[1]]


def _is_grey(pixels: NDArray[np.generic]) -> bool:
    """Whether the three channels are equal: rounding must not bring colour into a grey picture."""
    return bool(
        np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])
    )


def _mixed(given: Plane, restored: Plane, strength: float) -> Plane:
    """Given + strength (restored - given)."""
    if strength >= 1:
        return restored
    return given + np.float32(strength) * (restored - given)
