"""From what was found to what will be done: one blur for the whole picture, or a map of it."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.auto import Auto, auto
from sharpen_desktop.engine.calming import Calming
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.focus_map import FINE, FocusMap
from sharpen_desktop.engine.modes import Mode, auto_calm
from sharpen_desktop.engine.places import Places, places, spanned
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.regions import Blocks
from sharpen_desktop.engine.restoration import Recipe, Restoration
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import Domain
from sharpen_desktop.engine.trust import trusted, trusted_map
from sharpen_desktop.engine.unchanged import CALMED, LEFT, Unchanged, left
from sharpen_desktop.engine.varying import UNTOUCHED_BELOW, VaryingRestoration

BLURRED_SHARE = 0.02
HARM = f"but undoing it does harm: {LEFT}"

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
    """``work`` is None where the picture is left as it is, and ``unchanged`` says why.

    ``strength`` and ``calm`` (minor denoise), 0..1, as used.
    """

    finding: str
    domain: Domain
    strength: float
    calm: float = 0.0
    work: Work | None = None
    unchanged: Unchanged = ""


def planned(survey: Survey, wish: Wish, check: Check) -> Plan:
    """Measure a picture and say what to do with it. ``check`` is called between steps and may raise.

    What is left as it is gets its grain calmed all the same where that is wished for and not left to Auto.
    """
    plan = _planned(survey, wish, check)
    noise = survey.found(wish.mode, check).noise
    if plan.work is not None or not wish.calm or not noise:
        return plan
    work = Calming(survey.domains.encoded, noise, wish.calm, survey.size)
    return replace(
        plan, finding=plan.finding.removesuffix(LEFT) + CALMED, calm=wish.calm, work=work, unchanged=""
    )


def _planned(survey: Survey, wish: Wish, check: Check) -> Plan:
    """Return what to do about the blur."""
    found = survey.found(wish.mode, check)
    chosen = _chosen(survey, wish, check)
    if not chosen.strength:
        what = f"{found.spread.described()}; " if found.spread else ""
        return Plan(f"{what}{chosen.note}", found.domain, chosen.strength, unchanged=chosen.unchanged)
    mapped = _map(survey, wish, found, check)
    if mapped is not None:
        return _tried(_place_by_place(survey, wish.mode, found, mapped, chosen), survey, check)
    if found.spread is None:
        return Plan(found.finding, found.domain, chosen.strength, unchanged=found.unchanged)
    spread = found.spread
    if spread.family == "gaussian":
        spread = replace(spread, size=min(spread.size, wish.mode.widest))
    recipe = _recipe(spread, found, wish.mode, chosen, survey.size)
    safe = trusted(recipe, survey.pixels[found.window], survey.domains.encoded, check)
    if safe is None:
        return Plan(f"{found.finding}, {HARM}", found.domain, chosen.strength, unchanged="harm")
    work = Restoration(safe, survey.size)
    return Plan(_noted(found.finding, chosen), found.domain, chosen.strength, safe.calm, work)


def _tried(plan: Plan, survey: Survey, check: Check) -> Plan:
    """Return a plan whose map is eased until it does no harm; one without work where it always does."""
    if not isinstance(plan.work, VaryingRestoration):
        return plan
    safe = trusted_map(plan.work, survey.pixels, survey.domains.encoded, check)
    if safe is None:
        return replace(plan, finding=f"{plan.finding}, {HARM}", calm=0.0, work=None, unchanged="harm")
    return replace(plan, work=safe)


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


def _map(survey: Survey, wish: Wish, found: Found, check: Check) -> Places | None:
    """Measure place by place where the mode asks for it, or where one blur might not be the whole truth."""
    where = places(survey, wish.mode, check)
    if where is None or not (wish.mode.varying or where.differ):
        return None
    if where.family != "gaussian" or _blurred(where.sizes, where.family).mean() < BLURRED_SHARE:
        return where
    fine = survey.sizes(where.domain, where.family, found.noise, FINE, check)
    return replace(where, sizes=fine)


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


def _place_by_place(survey: Survey, mode: Mode, found: Found, where: Places, chosen: Auto) -> Plan:
    """Return a plan with a map; a picture that is sharp nearly everywhere is left as it is."""
    family, found, capped = where.family, replace(found, domain=where.domain), where.sizes
    if family == "gaussian":
        capped = replace(capped, size=np.minimum(capped.size, np.float32(mode.widest)))
    blurred = _blurred(capped, family)
    if blurred.mean() < BLURRED_SHARE:
        nothing = mode.nothing_found
        return Plan(left(nothing), survey.domains.encoded, chosen.strength, unchanged=nothing)
    recipe = _recipe(
        PointSpread(family, float(np.median(capped.size[blurred]))), found, mode, chosen, survey.size
    )
    work = VaryingRestoration(recipe, survey.size, capped)
    finding = _noted(_described(capped, blurred, family == "disk"), chosen)
    return Plan(finding, found.domain, chosen.strength, recipe.calm, work)


def _described(sizes: FocusMap, blurred: NDArray[np.bool_], is_disk: bool) -> str:
    """Return the span of sizes where it is blurred, in the user's words."""
    what = "defocus, radius" if is_disk else "soft,"
    return f"{what} {spanned(sizes.size[blurred])}, place by place"
