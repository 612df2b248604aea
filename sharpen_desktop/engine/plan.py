"""From what was found to what will be done: one blur for the whole picture, or a map of it."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.auto import MOVED, Auto, auto, is_uneven
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.focus_map import COARSE, FINE, FocusMap, Grain
from sharpen_desktop.engine.modes import Mode, auto_calm
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.regions import Blocks
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import Domain
from sharpen_desktop.engine.trust import trusted
from sharpen_desktop.engine.varying import UNTOUCHED_BELOW, VaryingRestoration

BLURRED_SHARE = 0.02

Pixels = NDArray[np.generic]


class Work(Blocks, Protocol):
    """Something that restores a picture tile by tile, from several threads."""

    def eased(self, share: float) -> Blocks:
        """Return the same with ``share`` of its trust in the data, on the same tiles."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: ``strength`` and ``calm`` (minor denoise) 0..1; None: what the picture asks for."""

    mode: Mode
    strength: float | None
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
    chosen = _chosen(survey, wish, check)
    mapped = _map(survey, wish, found, check)
    if mapped is not None:
        return _place_by_place(survey, wish.mode, found, mapped, chosen)
    if found.spread is None or not chosen.strength:
        return Plan(_noted(found.finding, chosen), found.domain, chosen.strength)
    spread = found.spread
    if spread.family == "gaussian":
        spread = replace(spread, size=min(spread.size, wish.mode.widest))
    recipe = _recipe(spread, found, wish.mode, chosen, survey.size)
    safe = trusted(recipe, survey.pixels[found.window], survey.domains.encoded, check)
    if safe is None:
        harm = f"{found.finding}, but undoing it does harm: left as it is"
        return Plan(harm, found.domain, chosen.strength)
    work = Restoration(safe, survey.size)
    return Plan(_noted(found.finding, chosen), found.domain, chosen.strength, safe.calm, work)


def _chosen(survey: Survey, wish: Wish, check: Check) -> Auto:
    """Return what is wished for, and what Auto takes where nothing is."""
    if wish.strength is None:
        chosen = auto(survey, wish.mode, check)
    else:
        chosen = Auto(wish.strength, auto_calm(wish.mode, survey.found(wish.mode, check).noise))
    return chosen if wish.calm is None else replace(chosen, minor_denoise=wish.calm)


def _noted(finding: str, chosen: Auto) -> str:
    """Return the finding with why the strength was held back."""
    return f"{finding}; {chosen.note}" if chosen.note else finding


def _map(survey: Survey, wish: Wish, found: Found, check: Check) -> FocusMap | None:
    """Measure place by place where the mode asks for it, or where one blur might not be the whole truth."""
    if not found.measurable or min(survey.size) < COARSE.side:
        return None
    family = found.spread.family if found.spread else wish.mode.families[0]
    if family in MOVED or (found.spread is None and not wish.mode.varying):
        return None

    def measured(grain: Grain) -> FocusMap:
        domain = found.domain if found.spread else survey.domains.between
        return survey.sizes(domain, family, found.noise, grain, check)

    coarse = measured(COARSE)
    if not (wish.mode.varying or is_uneven(coarse)):
        return None
    needs_more = family == "gaussian" and _blurred(coarse, family).mean() >= BLURRED_SHARE
    return measured(FINE) if needs_more else coarse


def _blurred(sizes: FocusMap, family: Family) -> NDArray[np.bool_]:
    """Return where there is something to undo."""
    return sizes.size > UNTOUCHED_BELOW[family]


def _recipe(spread: PointSpread, found: Found, mode: Mode, chosen: Auto, size: tuple[int, int]) -> Recipe:
    """Return the recipe before it is tried, for a picture of ``size`` (rows, columns)."""
    radius = min(24, max(4, round(0.003 * size[1])))
    return Recipe(
        spread,
        found.domain,
        mode,
        found.noise,
        chosen.strength,
        contrast_radius=radius,
        calm=chosen.minor_denoise,
    )


def _place_by_place(survey: Survey, mode: Mode, found: Found, sizes: FocusMap, chosen: Auto) -> Plan:
    """Return a plan with a map; a picture that is sharp nearly everywhere is left as it is."""
    family = found.spread.family if found.spread else mode.families[0]
    found = replace(found, domain=found.domain if found.spread else survey.domains.between)
    capped = (
        replace(sizes, size=np.minimum(sizes.size, np.float32(mode.widest)))
        if family == "gaussian"
        else sizes
    )
    blurred = _blurred(capped, family)
    if blurred.mean() < BLURRED_SHARE:
        return Plan(f"{mode.nothing_found}: left as it is", survey.domains.encoded, chosen.strength)
    recipe = _recipe(
        PointSpread(family, float(np.median(capped.size[blurred]))), found, mode, chosen, survey.size
    )
    work = VaryingRestoration(recipe, survey.size, capped)
    finding = _noted(_described(capped, blurred, family == "disk"), chosen)
    return Plan(finding, found.domain, chosen.strength, recipe.calm, work)


def _described(sizes: FocusMap, blurred: NDArray[np.bool_], is_disk: bool) -> str:
    """Return the span of sizes where it is blurred, in the user's words."""
    low, high = np.quantile(sizes.size[blurred], (0.1, 0.9))
    what = "defocus, radius" if is_disk else "soft,"
    first, last = f"{low:.1f}", f"{high:.1f}"
    return f"{what} {first if first == last else f'{first} to {last}'} px, place by place"
