"""Try a recipe on a part of the picture first, and take back what shows as noise or ringing."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check, on_two
from sharpen_desktop.engine.pixels import grey, planes
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.safety import flat_energy, flat_mask
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.steepness import is_too_steep
from sharpen_desktop.engine.tiles import Tile
from sharpen_desktop.engine.transfer import Domain
from sharpen_desktop.engine.varying import VaryingRestoration

SIDE = 448
MOST_TRIALS = 4
FEWEST = 500
EASES = (1.0, 0.6, 0.3, 0.1, 0.03)
ALLOWANCE = 0.0035


def trusted(recipe: Recipe, part: NDArray[np.generic], encoded: Domain, check: Check) -> Recipe | None:
    """Return the recipe with the largest ease whose flat areas stay calm; None where none does.

    Flat areas may hold at most 1.6 + 0.6 strength times the fine structure they held before (0.4 more in
    Strong), plus .0035; wide blurs hide more of it, so beyond a reach of 4 px the limit grows with its root.
    Right point spreads stay below, wrong ones ring far beyond. ``part``: the window that was measured; where it is
    steeper than the blur could have left it, there is no trust either.
    """
    if is_too_steep(planes(part, recipe.domain).luma, recipe.spread):
        return None
    tried = part[textured_window(grey(part), SIDE)]
    before = planes(tried, encoded).luma
    mask = flat_mask(before)
    allowed = _allowed(recipe, flat_energy(before, mask))
    for ease in EASES:
        check()
        eased = replace(recipe, ease=ease)
        restoration = Restoration(eased, (tried.shape[0], tried.shape[1]))
        after = np.empty_like(tried)
        for tile in restoration.layout.tiles():
            after[tile.core] = restoration.block(tried, tile, is_trial=True)
        if flat_energy(planes(after, encoded).luma, mask) <= allowed:
            return eased
    return None


def _allowed(recipe: Recipe, energy: float) -> float:
    """Return how much fine structure flat areas that held ``energy`` may hold."""
    limit = 1.6 + 0.6 * recipe.strength + (0.4 if recipe.mode.contrast else 0.0)
    return float(limit * max(1.0, recipe.spread.reach / 4) ** 0.5 * energy + ALLOWANCE)


def trusted_map(
    work: VaryingRestoration, pixels: NDArray[np.generic], encoded: Domain, check: Check
) -> VaryingRestoration | None:
    """Return what restores place by place with the largest ease whose flat areas stay calm; None where none does.

    As ``trusted``, but for each of the blocks that differ most in texture and in blur, and only where something is undone.
    """
    trials = [
        trial for tile in _trial_tiles(work, pixels) if (trial := _Trial.of(work, tile, pixels, encoded))
    ]
    for ease in EASES:
        eased = work if ease == 1 else work.eased(ease)
        passed = on_two(lambda trial: trial.is_passed(eased, pixels, encoded, check), trials)  # noqa: B023 - now
        if all(passed):
            return eased
    return None


@dataclass(frozen=True, slots=True)
class _Trial:
    """One block: where it is flat and something is undone, and how much fine structure may be there."""

    tile: Tile
    mask: NDArray[np.bool_]
    allowed: float

    @classmethod
    def of(
        cls, work: VaryingRestoration, tile: Tile, pixels: NDArray[np.generic], encoded: Domain
    ) -> "_Trial | None":
        """None where nothing is flat, or nothing undone."""
        before = planes(pixels[tile.core], encoded).luma
        touched = work.touched(tile.core)
        if touched.sum() < FEWEST:
            return None
        mask = flat_mask(before) & touched
        if mask.sum() < FEWEST:
            return None
        return cls(tile, mask, _allowed(work.recipe, flat_energy(before, mask)))

    def is_passed(
        self, work: VaryingRestoration, pixels: NDArray[np.generic], encoded: Domain, check: Check
    ) -> bool:
        """Whether the block stays calm. ``check`` is called first and may raise."""
        check()
        after = planes(work.block(pixels, self.tile, is_trial=True), encoded).luma
        return flat_energy(after, self.mask) <= self.allowed


def _trial_tiles(work: VaryingRestoration, pixels: NDArray[np.generic]) -> list[Tile]:
    """Return the blocks with the most and the least texture, and those with the widest and the most uneven blur."""
    tiles = list(work.layout.tiles())
    if len(tiles) <= MOST_TRIALS:
        return tiles
    steps = [
        float(np.abs(np.diff(grey(pixels[tile.core][::4, ::4]).astype(np.float32), axis=1)).mean())
        for tile in tiles
    ]
    spans = [work.span(tile.core) for tile in tiles]
    telling = {
        int(np.argmax(steps)),
        int(np.argmin(steps)),
        int(np.argmax([high for _, high in spans])),
        int(np.argmax([high / low for low, high in spans])),
    }
    return [tiles[index] for index in sorted(telling)]
