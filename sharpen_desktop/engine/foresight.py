"""What a mode will come to for a picture before it is run: what Auto takes, and whether it does anything at all."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from sharpen_desktop.engine.auto import Auto, auto
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.modes import mode_named
from sharpen_desktop.engine.plan import Wish, Work, planned
from sharpen_desktop.engine.point_spread import Shake
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.unchanged import Unchanged
from sharpen_desktop.engine.varying import VaryingRestoration


@dataclass(frozen=True, slots=True)
class Foresight:
    """``auto``: what Auto takes. ``unchanged``: why the picture will be left as it is, empty where it will not.

    ``likeness``: two modes of one picture with the same one give the same result; empty where that is not known.
    """

    auto: Auto
    unchanged: Unchanged
    likeness: str


def foreseen(survey: Survey, mode_name: str, check: Check = lambda: None) -> Foresight:
    """Return what ``sharpen`` will do in a mode with Auto; any other name is taken as Standard.

    It is measured and tried on a part as for a run, and not restored. ``check`` is called between steps and may raise.
    """
    mode = mode_named(mode_name)
    taken = auto(survey, mode, check)
    plan = planned(survey, Wish(mode, None, None), check)
    return Foresight(taken, plan.unchanged, _likeness(plan.work))


def _likeness(work: Work | None) -> str:
    """Return a digest of what will be undone: the recipe, and where there is a map its spans tile by tile.

    Empty for any other kind of work.
    """
    if work is not None and not isinstance(work, Restoration | VaryingRestoration):
        return ""
    told = _told(work.recipe) if work else []
    if isinstance(work, VaryingRestoration):
        told += (np.round(work.span(tile.core), 3).tolist() for tile in work.layout.tiles())
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def _told(recipe: Recipe) -> list[object]:
    """Return what a recipe does, whatever its mode is called."""
    spread, mode = recipe.spread, recipe.mode
    shape = (spread.family, round(spread.size, 3), round(spread.angle, 2), round(spread.soft, 3))
    path = spread.kernel.tobytes() if isinstance(spread, Shake) else b""
    limits = (mode.overshoot, mode.softness, mode.contrast)
    amounts = (round(recipe.noise, 6), recipe.strength, recipe.ease, recipe.calm)
    return [shape, path, recipe.domain.name, limits, amounts]
