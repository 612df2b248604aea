"""What Auto takes in a mode: full strength where a finding can be believed, less where it cannot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.confidence import Trust
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.focus_map import COARSE, FocusMap
from sharpen_desktop.engine.modes import Mode, auto_calm
from sharpen_desktop.engine.survey import Survey

CLEARLY_BLURRED = 0.9
# Of the places that are certain, and of all of them.
NOTICED_SHARE, SMALLEST_SHARE = 0.15, 0.05
UNEVEN_RATIO = 1.7
FEWEST_PLACES = 12
MOVED = {"line", "shake"}
# Right findings have a trust of .44 and more; from here downward strength falls with it, down to the least.
SURE = 0.4
LEAST_SHARE = 0.4
# Share of the picture's parts that must lead to the same motion for it to be undone.
ONE_MOTION = 0.6


@dataclass(frozen=True, slots=True)
class Auto:
    """``strength`` and ``minor_denoise``, 0..1; strength 0: better left as it is.

    ``reason``: why the strength was held back, "" where it was not.
    """

    strength: float
    minor_denoise: float
    reason: str = ""

    @property
    def note(self) -> str:
        """What is to be said of it in a sentence, "" where there is nothing to say."""
        if not self.reason:
            return ""
        held = f"strength held at {round(100 * self.strength)} %" if self.strength else "left as it is"
        return f"{self.reason}: {held}"


def auto(survey: Survey, mode: Mode, check: Check) -> Auto:
    """Return what Auto takes for a picture in a mode. ``check`` is called between steps and may raise."""
    found = survey.found(mode, check)
    calm = auto_calm(mode, found.noise)
    if found.spread is None or not found.measurable:
        return Auto(mode.auto_strength, calm)
    trust = trusted_so_far(survey, mode, check)
    share = min(1.0, max(LEAST_SHARE, trust.value / SURE))
    if share == 1:
        return Auto(mode.auto_strength, calm)
    if found.spread.family in MOVED and trust.agreement < ONE_MOTION:
        # A motion that half of the picture did not make cost up to 5 dB at 70 %, and 1.5 dB at 40 %.
        return Auto(0.0, calm, "several motions")
    return Auto(round(mode.auto_strength * share, 2), calm, "not sure")


def trusted_so_far(survey: Survey, mode: Mode, check: Check) -> Trust:
    """Return how far what was found in a mode is to be believed."""
    found = survey.found(mode, check)
    return survey.trust(mode, is_even=uneven_sizes(survey, found, check) is None, check=check)


def uneven_sizes(survey: Survey, found: Found, check: Check) -> NDArray[np.float32] | None:
    """Return sizes in px of the measurable places that are blurred, where they differ; None where they do not.

    A picture that looks sharp as a whole counts where much of it is clearly blurred.
    """
    family = found.spread.family if found.spread else "gaussian"
    if not found.measurable or min(survey.size) < COARSE.side or family in MOVED:
        return None
    domain = found.domain if found.spread else survey.domains.between
    sizes = survey.sizes(domain, family, found.noise, COARSE, check)
    blurred = sizes.certain & (sizes.size > CLEARLY_BLURRED)
    differ = is_uneven(sizes) if found.spread else _is_noticed(sizes, blurred)
    return sizes.size[blurred] if differ and blurred.any() else None


def _is_noticed(sizes: FocusMap, blurred: NDArray[np.bool_]) -> bool:
    """Whether so much of a picture that looks sharp as a whole is blurred that it is worth saying."""
    is_much = blurred.sum() >= NOTICED_SHARE * sizes.certain.sum()
    return bool(is_much and blurred.mean() >= SMALLEST_SHARE)


def is_uneven(sizes: FocusMap) -> bool:
    """Whether one blur is not the whole truth: what is measurable differs by more than chance explains."""
    if sizes.certain.sum() < FEWEST_PLACES:
        return False
    low, high = np.quantile(sizes.size[sizes.certain], (0.1, 0.9))
    return bool(high > UNEVEN_RATIO * low)
