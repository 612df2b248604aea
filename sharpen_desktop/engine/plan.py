"""From what was found to what will be done: one blur for the whole picture, or a map of it."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.focus_map import COARSE, FINE, FocusMap, Grain
from sharpen_desktop.engine.modes import Mode, auto_calm
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.tiles import Layout, Tile
from sharpen_desktop.engine.transfer import Domain
from sharpen_desktop.engine.trust import trusted
from sharpen_desktop.engine.varying import UNTOUCHED_BELOW, VaryingRestoration

BLURRED_SHARE = 0.02
CLEARLY_BLURRED = 0.9
NOTICED_SHARE = 0.15
UNEVEN_RATIO = 1.7
FEWEST_PLACES = 12

Pixels = NDArray[np.generic]


class Work(Protocol):
    """Something that restores a picture tile by tile, from several threads."""

    layout: Layout

    def block(self, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the restored core of one tile."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: ``strength`` and ``calm`` (minor denoise) 0..1; ``calm`` None: what the noise asks for."""

    mode: Mode
    strength: float
    calm: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """``work`` is None where the picture is left as it is; ``strength`` and ``calm`` (minor denoise), 0..1, as used."""

    finding: str
    domain: Domain
    strength: float
    calm: float = 0.0
    work: Work | None = None


def planned(survey: Survey, wish: Wish, check: Check) -> Plan:
    """Measure a picture and say what to do with it. ``check`` is called between steps and may raise."""
    found = survey.found(wish.mode, check)
    mapped = _map(survey, wish, found, check)
    if mapped is not None:
        return _place_by_place(survey, wish, found, mapped)
    if found.spread is None:
        return Plan(found.finding, found.domain, wish.strength)
    spread = found.spread
    if spread.family == "gaussian":
        spread = replace(spread, size=min(spread.size, wish.mode.widest))
    recipe = _recipe(spread, found, wish, survey.size)
    safe = trusted(recipe, survey.pixels[found.window], survey.domains.encoded, check)
    if safe is None:
        return Plan(f"{found.finding}, but undoing it does harm: left as it is", found.domain, wish.strength)
    return Plan(found.finding, found.domain, wish.strength, safe.calm, Restoration(safe, survey.size))


def _map(survey: Survey, wish: Wish, found: Found, check: Check) -> FocusMap | None:
    """Measure place by place where the mode asks for it, or where one blur might not be the whole truth."""
    if not found.measurable or min(survey.size) < COARSE.side:
        return None
    family = found.spread.family if found.spread else wish.mode.families[0]
    if family == "line" or (found.spread is None and not wish.mode.varying):
        return None

    def measured(grain: Grain) -> FocusMap:
        domain = found.domain if found.spread else survey.domains.between
        return survey.sizes(domain, family, found.noise, grain, check)

    coarse = measured(COARSE)
    if not (wish.mode.varying or _is_uneven(coarse)):
        return None
    needs_more = family == "gaussian" and _blurred(coarse, family).mean() >= BLURRED_SHARE
    return measured(FINE) if needs_more else coarse


def _blurred(sizes: FocusMap, family: Family) -> NDArray[np.bool_]:
    """Return where there is something to undo."""
    return sizes.size > UNTOUCHED_BELOW[family]


def uneven_sizes(survey: Survey, found: Found, check: Check) -> NDArray[np.float32] | None:
    """Return sizes in px of the measurable places that are blurred, where they differ; None where they do not.

    A picture that looks sharp as a whole counts where much of it is clearly blurred.
    """
    family = found.spread.family if found.spread else "gaussian"
    if not found.measurable or min(survey.size) < COARSE.side or family == "line":
        return None
    domain = found.domain if found.spread else survey.domains.between
    sizes = survey.sizes(domain, family, found.noise, COARSE, check)
    blurred = sizes.seen & (sizes.size > CLEARLY_BLURRED)
    differ = _is_uneven(sizes) if found.spread else blurred.mean() >= NOTICED_SHARE
    return sizes.size[blurred] if differ and blurred.any() else None


def _is_uneven(sizes: FocusMap) -> bool:
    """Whether one blur is not the whole truth: what is measurable differs by more than chance explains."""
    if sizes.seen.sum() < FEWEST_PLACES:
        return False
    low, high = np.quantile(sizes.size[sizes.seen], (0.1, 0.9))
    return bool(high > UNEVEN_RATIO * low)


def _recipe(spread: PointSpread, found: Found, wish: Wish, size: tuple[int, int]) -> Recipe:
    """Return the recipe before it is tried, for a picture of ``size`` (rows, columns)."""
    radius = min(24, max(4, round(0.003 * size[1])))
    return Recipe(
        spread,
        found.domain,
        wish.mode,
        found.noise,
        wish.strength,
        contrast_radius=radius,
        calm=auto_calm(wish.mode, found.noise) if wish.calm is None else wish.calm,
    )


def _place_by_place(survey: Survey, wish: Wish, found: Found, sizes: FocusMap) -> Plan:
    """Return a plan with a map; a picture that is sharp nearly everywhere is left as it is."""
    family = found.spread.family if found.spread else wish.mode.families[0]
    found = replace(found, domain=found.domain if found.spread else survey.domains.between)
    capped = (
        replace(sizes, size=np.minimum(sizes.size, np.float32(wish.mode.widest)))
        if family == "gaussian"
        else sizes
    )
    blurred = _blurred(capped, family)
    if blurred.mean() < BLURRED_SHARE:
        return Plan("already sharp: left as it is", survey.domains.encoded, wish.strength)
    recipe = _recipe(PointSpread(family, float(np.median(capped.size[blurred]))), found, wish, survey.size)
    work = VaryingRestoration(recipe, survey.size, capped)
    return Plan(_described(capped, blurred, family == "disk"), found.domain, wish.strength, recipe.calm, work)


def _described(sizes: FocusMap, blurred: NDArray[np.bool_], is_disk: bool) -> str:
    """Return the span of sizes where it is blurred, in the user's words."""
    low, high = np.quantile(sizes.size[blurred], (0.1, 0.9))
    what = "defocus, radius" if is_disk else "soft, sigma"
    return f"{what} {low:.1f} to {high:.1f} px, place by place"
