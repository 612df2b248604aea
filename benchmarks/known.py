"""What the engine reaches where someone tells it the blur: the room that is left to finding it blind.

The point spread function, its domain and the place of each blur are the true ones; noise and everything else are as the
engine measures and chooses them, without its caution about a wrong guess.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from benchmarks.classes import Case
from benchmarks.degrade import MARGIN, ellipse, kernel
from benchmarks.measures import Picture
from sharpen_desktop.engine.modes import MODES, auto_calm
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.varying import VaryingRestoration

SHARP_SIGMA = 0.3
"""Sigma in px of what is called sharp in a picture that is blurred in places."""


@dataclass(frozen=True, slots=True)
class TruePointSpread:
    """A point spread function as an odd, square grid of weights, in place of the engine's own."""

    weights: NDArray[np.float64]
    family: Family = "disk"
    size: float = 0.0

    @property
    def reach(self) -> int:
        """Pixels from its centre to its farthest weight."""
        return self.weights.shape[0] // 2

    def transfer(self, shape: tuple[int, int]) -> NDArray[np.complex64]:
        """Transfer function, of shape (rows, columns//2 + 1), laid out as ``scipy.fft.rfft2`` does."""
        whole = np.zeros(shape)
        side = self.weights.shape[0]
        whole[:side, :side] = self.weights
        return np.asarray(scipy.fft.rfft2(np.roll(whole, (-self.reach, -self.reach), (0, 1))), np.complex64)


@dataclass(frozen=True, slots=True)
class TrueMap:
    """Sigma in px for each pixel, in place of the engine's map."""

    size: NDArray[np.float32]

    def at(self, place: tuple[slice, slice]) -> NDArray[np.float32]:
        """Return the part of the map that belongs to a part of the picture."""
        return np.ascontiguousarray(self.size[place])


def knows(case: Case) -> bool:
    """Whether there is one truth that the engine could be told."""
    return case.blur.name in {"gauss", "disk", "line", "curve", "ramp", "subject"}


def restored_knowing(case: Case, given: Picture, seed: int) -> Picture:
    """Return what the engine makes of a degraded H×W×3 picture of this class, when told all about its blur."""
    survey = Survey(given, jpeg_quality=case.jpeg)
    mode = MODES["Standard"]
    found = survey.found(mode, lambda: None)
    recipe = Recipe(
        PointSpread("gaussian", case.blur.size),
        survey.domains.linear if case.linear else survey.domains.encoded,
        mode,
        found.noise,
        strength=1.0,
        calm=auto_calm(mode, found.noise),
    )
    work: Restoration | VaryingRestoration
    if case.blur.name in {"ramp", "subject"}:
        work = VaryingRestoration(recipe, survey.size, TrueMap(_sizes(case, survey.size)))
    else:
        blur = replace(case.blur, shape=case.blur.shape + seed)
        work = Restoration(recipe.with_spread(TruePointSpread(kernel(blur))), survey.size)
    result = np.empty_like(given)
    for tile in work.layout.tiles():
        result[tile.core] = work.block(given, tile)
    return result


def _sizes(case: Case, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the sigma at each pixel of a picture that was blurred in places, then cropped to ``size``."""
    height, width = (length + 2 * MARGIN for length in size)
    if case.blur.name == "ramp":
        whole = np.broadcast_to(np.linspace(SHARP_SIGMA, case.blur.size, width), (height, width))
    else:
        whole = np.where(ellipse(height, width)[..., 0] > 0.5, SHARP_SIGMA, case.blur.size)
    return np.ascontiguousarray(whole[MARGIN:-MARGIN, MARGIN:-MARGIN], np.float32)
