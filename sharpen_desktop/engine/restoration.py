"""One picture, block by block: planes out, blur undone, limits kept, pixels back."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.calm import calmed
from sharpen_desktop.engine.foreign import Attempt, around_foreign
from sharpen_desktop.engine.modes import Mode
from sharpen_desktop.engine.pixels import Plane, Planes, planes, together
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.regions import mixed
from sharpen_desktop.engine.restore import Coefficients, Solver, coefficients, contrast_scale
from sharpen_desktop.engine.safety import limits, with_local_contrast
from sharpen_desktop.engine.tiles import Layout, Tile, closed
from sharpen_desktop.engine.transfer import Domain

COLOUR_COUNTS = np.float32(2)
"""Colour differences are smoother than luma: what misses them by half as much tells the same."""


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

    def block(
        self, pixels: NDArray[np.generic], tile: Tile, *, is_trial: bool = False
    ) -> NDArray[np.generic]:
        """Return the restored core of one tile; h×w×1 where a picture of three channels is grey.

        ``is_trial``: as if the blur had made all of it, to see whether the blur is right.
        """
        return finished(pixels, tile, self.recipe, self.restored, self.recipe.spread.reach, is_trial=is_trial)

    def restored(self, parts: Planes, *, looked: bool) -> tuple[Planes, Planes | None]:
        """Return a block's planes at full strength, as an ``Attempt`` does."""
        return self.undone(Ready.of(parts, self.layout.shape, self.recipe), looked=looked)

    def undone(self, block: "Ready", *, looked: bool) -> tuple[Planes, Planes | None]:
        """Return as ``restored`` a block that was made ready for any point spread function of this recipe."""
        luma, missed = self._luma(block, looked=looked)
        if block.red is None or block.blue is None:
            return Planes(luma), None if missed is None else Planes(missed)
        red, red_missed = self._colour(block.red, luma.shape, looked=looked)
        blue, blue_missed = self._colour(block.blue, luma.shape, looked=looked)
        found = Planes(luma, red, blue)
        return found, None if missed is None else Planes(missed, red_missed, blue_missed)

    def _luma(self, block: "Ready", *, looked: bool) -> tuple[Plane, Plane | None]:
        """Luma restored and kept within its limits; where ``looked``, with by how much it misses the given one."""
        recipe, given = self.recipe, block.given
        rows, columns = given.shape
        restored = self._solver.solved(block.luma, block.scale)
        inside = restored[:rows, :columns]
        shown = (
            with_local_contrast(inside, recipe.contrast_radius, recipe.mode.contrast)
            if recipe.mode.contrast
            else inside
        )
        result = np.clip(shown, block.low, block.high)
        if not looked:
            return result, None
        within = result if shown is inside else np.clip(inside, block.low, block.high)
        restored[:rows, :columns] = np.clip(within, 0, 1)
        again = self._solver.again(restored)[:rows, :columns]
        # At the brighter of both values: dark ones are so steep in linear light that little looks like much.
        return result, (again - given) * recipe.domain.slope(np.maximum(again, given))

    def _colour(
        self, given: Coefficients, shape: tuple[int, ...], *, looked: bool
    ) -> tuple[Plane, Plane | None]:
        """Return a colour difference restored; where ``looked``, with by how much it misses the given one, weighted."""
        rows, columns = shape
        restored, missed = self._solver.colour(given, looked=looked)
        if missed is not None:
            height, width = self.layout.shape
            missed = COLOUR_COUNTS * np.asarray(cv2.resize(missed, (width, height)), np.float32)
            missed = missed[:rows, :columns]
        return restored[:rows, :columns], missed


@dataclass(frozen=True, slots=True)
class Ready:
    """What does not depend on the size of a blur: a block's luma, its limits, and the coefficients of its planes.

    ``given``: h×w; ``low``, ``high``: how far each pixel may go; ``scale``: as ``Solver.luma`` takes it.
    """

    given: Plane
    low: Plane
    high: Plane
    scale: Plane | None
    luma: Coefficients
    red: Coefficients | None
    blue: Coefficients | None

    @classmethod
    def of(cls, parts: Planes, shape: tuple[int, int], recipe: Recipe) -> "Ready":
        """Make a block ready, closed to a periodic one of ``shape``."""
        low, high = limits(parts.luma, np.float32(recipe.mode.overshoot) / recipe.domain.slope(parts.luma))
        whole = closed(parts.luma, shape)
        red, blue = (
            None if plane is None else coefficients(closed(plane, shape)) for plane in (parts.red, parts.blue)
        )
        scale = contrast_scale(whole, recipe.domain)
        return cls(parts.luma, low, high, scale, coefficients(whole), red, blue)


def finished(
    pixels: NDArray[np.generic], tile: Tile, recipe: Recipe, attempt: Attempt, reach: int, *, is_trial: bool
) -> NDArray[np.generic]:
    """Return the restored core of one tile, as ``Restoration.block`` does. ``reach`` of the widest blur in px."""
    given = one_channel_if_grey(pixels[tile.given])
    single = given.ndim == 3 and given.shape[2] == 1
    parts = planes(given[..., 0] if single else given, recipe.domain)
    parts = calmed(parts, recipe.domain, recipe.noise, recipe.calm)
    restored, kept = around_foreign(parts, attempt, reach, recipe.noise, looked=not is_trial)
    found = _mixed_pixels(parts, restored, recipe)[tile.inner]
    found = found[..., None] if single else found
    return found if kept is None else mixed(found, given[tile.inner], kept[tile.inner])


def one_channel_if_grey(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return h×w×1 of three equal channels, so that rounding brings no colour in; else the pixels given."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = (pixels[..., channel] for channel in range(3))
    return pixels[..., :1] if np.array_equal(red, green) and np.array_equal(green, blue) else pixels


def _mixed_pixels(given: Planes, restored: Planes, recipe: Recipe) -> NDArray[np.generic]:
    """Return the pixels of given + strength (restored - given)."""
    if recipe.strength < 1:
        strength = np.float32(recipe.strength)
        mixed = given.scaled(1 - strength)
        mixed.add(restored, strength)
        restored = mixed
    return together(restored, recipe.domain)
