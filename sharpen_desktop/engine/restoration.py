"""One picture, block by block: planes out, blur undone, limits kept, pixels back."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.calm import calmed
from sharpen_desktop.engine.modes import Mode
from sharpen_desktop.engine.pixels import Plane, Planes, planes, together
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restore import Solver, contrast_scale
from sharpen_desktop.engine.safety import limited, with_local_contrast
from sharpen_desktop.engine.tiles import Layout, Tile, closed
from sharpen_desktop.engine.transfer import Domain


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture is restored. ``noise`` in encoded values; ``ease`` scales the trust in the data.

    ``calm``: minor denoise, 0..1.
    """

    spread: PointSpread
    domain: Domain
    mode: Mode
    noise: float
    strength: float
    ease: float = 1.0
    contrast_radius: int = 8
    calm: float = 0.0

    def with_spread(self, spread: PointSpread) -> "Recipe":
        """Return the same for another point spread function."""
        return replace(self, spread=spread)


class Restoration:
    """A recipe made ready for one picture's layout; ``block`` may be called from several threads."""

    def __init__(self, recipe: Recipe, size: tuple[int, int], layout: Layout | None = None) -> None:
        reach = max(recipe.spread.reach, recipe.contrast_radius if recipe.mode.contrast else 0)
        self.recipe = recipe
        self.layout = layout or Layout.of(size, reach)
        self._solver = Solver(
            self.layout.shape, recipe.spread, recipe.noise, ease=recipe.ease, softness=recipe.mode.softness
        )

    def eased(self, share: float) -> "Restoration":
        """Return the same with ``share`` of its trust in the data, on the same tiles."""
        recipe = replace(self.recipe, ease=share * self.recipe.ease)
        return Restoration(recipe, self.layout.size, self.layout)

    def block(self, pixels: NDArray[np.generic], tile: Tile) -> NDArray[np.generic]:
        """Return the restored core of one tile; h×w×1 where a picture of three channels is grey."""
        given = one_channel_if_grey(pixels[tile.given])
        single = given.ndim == 3 and given.shape[2] == 1
        parts = calm_planes(given[..., 0] if single else given, self.recipe)
        found = mixed_pixels(parts, self.restored(parts), self.recipe)[tile.inner]
        return found[..., None] if single else found

    def restored(self, parts: Planes) -> Planes:
        """Return a block's planes at full strength."""
        colours = (None if plane is None else self._colour(plane) for plane in (parts.red, parts.blue))
        return Planes(self._luma(parts.luma), *colours)

    def _luma(self, given: Plane) -> Plane:
        """Luma restored and kept within its limits."""
        recipe = self.recipe
        whole = closed(given, self.layout.shape)
        restored = self._solver.luma(whole, contrast_scale(whole, recipe.domain))
        restored = restored[: given.shape[0], : given.shape[1]]
        if recipe.mode.contrast:
            restored = with_local_contrast(restored, recipe.contrast_radius, recipe.mode.contrast)
        slope = recipe.domain.slope(given)
        return limited(np.ascontiguousarray(restored), given, np.float32(recipe.mode.overshoot) / slope)

    def _colour(self, given: Plane) -> Plane:
        """Return a colour difference restored."""
        return self._solver.colour(closed(given, self.layout.shape))[: given.shape[0], : given.shape[1]]


def calm_planes(pixels: NDArray[np.generic], recipe: Recipe) -> Planes:
    """Return the planes that are restored, and that are mixed with the restored ones."""
    return calmed(planes(pixels, recipe.domain), recipe.domain, recipe.noise, recipe.calm)


def one_channel_if_grey(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return h×w×1 of three equal channels, so that rounding brings no colour in; else the pixels given."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = (pixels[..., channel] for channel in range(3))
    return pixels[..., :1] if np.array_equal(red, green) and np.array_equal(green, blue) else pixels


def mixed_pixels(given: Planes, restored: Planes, recipe: Recipe) -> NDArray[np.generic]:
    """Return the pixels of given + strength (restored - given)."""
    if recipe.strength < 1:
        strength = np.float32(recipe.strength)
        mixed = given.scaled(1 - strength)
        mixed.add(restored, strength)
        restored = mixed
    return together(restored, recipe.domain)
