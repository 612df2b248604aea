"""Restoration where the blur differs from place to place: a few sizes restored, what lies between mixed."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.focus_map import FocusMap
from sharpen_desktop.engine.pixels import Plane, Planes
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.restoration import Ready, Recipe, Restoration, finished
from sharpen_desktop.engine.tiles import Layout, Tile

# A disk of the wrong radius rings sooner than a gaussian of the wrong sigma: its steps are finer.
LEVELS: dict[str, NDArray[np.float64]] = {
    "gaussian": np.geomspace(0.6, 3.4, 6),
    "disk": np.geomspace(1.0, 9.0, 20),
}
UNTOUCHED_BELOW = {"gaussian": 0.55, "disk": 1.1}


class VaryingRestoration:
    """A recipe whose size comes from a map; the recipe's spread says only the family."""

    def __init__(self, recipe: Recipe, size: tuple[int, int], sizes: FocusMap) -> None:
        self.recipe = recipe
        self._map = sizes
        family: Family = recipe.spread.family
        self._untouched = UNTOUCHED_BELOW[family]
        levels = LEVELS[family]
        low = max(0, int(np.searchsorted(levels, sizes.size.min())) - 1)
        high = int(np.searchsorted(levels, sizes.size.max()))
        self._levels = levels[low : high + 1]
        spreads = [PointSpread(family, float(level)).with_native_softness() for level in self._levels]
        self.layout = Layout.of(size, spreads[-1].reach)
        self._restorations = [
            Restoration(recipe.with_spread(spread), size, self.layout) for spread in spreads
        ]

    def eased(self, share: float) -> "VaryingRestoration":
        """Return the same with ``share`` of its trust in the data, on the same tiles."""
        recipe = replace(self.recipe, ease=share * self.recipe.ease)
        return VaryingRestoration(recipe, self.layout.size, self._map)

    def touched(self, place: tuple[slice, slice]) -> NDArray[np.bool_]:
        """Return where in a part of the picture something is undone."""
        return np.asarray(self._map.at(place) > self._untouched)

    def span(self, place: tuple[slice, slice]) -> tuple[float, float]:
        """Return the smallest and the largest size in a part of the picture, px."""
        sizes = self._map.at(place)
        return float(sizes.min()), float(sizes.max())

    def block(
        self, pixels: NDArray[np.generic], tile: Tile, *, is_trial: bool = False
    ) -> NDArray[np.generic]:
        """Return the restored core of one tile, as ``Restoration.block`` does."""
        shares = _shares(self._map.at(tile.given), np.array([self._untouched, *self._levels]))
        used = [
            (restoration, share)
            for restoration, share in zip(self._restorations, shares[1:], strict=True)
            if share.any()
        ]
        reach = max((restoration.recipe.spread.reach for restoration, _ in used), default=1)

        def attempt(parts: Planes, *, looked: bool) -> tuple[Planes, Planes | None]:
            """Mix the levels around each pixel's size, and what they miss: one is too wide there, the other too narrow."""
            total, total_missed = parts.scaled(shares[0]), parts.scaled(np.float32(0)) if looked else None
            block = Ready.of(parts, self.layout.shape, self.recipe)
            for restoration, share in used:
                found, missed = restoration.undone(block, looked=looked)
                total.add(found, share)
                if missed is not None and total_missed is not None:
                    total_missed.add(missed, share)
            return total, total_missed

        return finished(pixels, tile, self.recipe, attempt, reach, is_trial=is_trial)


def _shares(size: Plane, levels: NDArray[np.float64]) -> list[Plane]:
    """How much of each level a pixel gets: two neighbours on a scale of logarithms, summing to 1."""
    places = np.interp(np.log(size), np.log(levels), np.arange(len(levels))).astype(np.float32)
    return [np.maximum(0, 1 - np.abs(places - np.float32(level))) for level in range(len(levels))]
