"""Try a recipe on a part of the picture first, and take back what shows as noise or ringing."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.pixels import grey, planes
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.safety import flat_energy, flat_mask
from sharpen_desktop.engine.spectrum import textured_window
from sharpen_desktop.engine.steepness import is_too_steep
from sharpen_desktop.engine.transfer import Domain

SIDE = 448
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
    limit = 1.6 + 0.6 * recipe.strength + (0.4 if recipe.mode.contrast else 0.0)
    limit *= max(1.0, recipe.spread.reach / 4) ** 0.5
    allowed = limit * flat_energy(before, mask) + ALLOWANCE
    for ease in EASES:
        check()
        eased = replace(recipe, ease=ease)
        restoration = Restoration(eased, (tried.shape[0], tried.shape[1]))
        after = np.empty_like(tried)
        for tile in restoration.layout.tiles():
            after[tile.core] = restoration.block(tried, tile)
        if flat_energy(planes(after, encoded).luma, mask) <= allowed:
            return eased
    return None
