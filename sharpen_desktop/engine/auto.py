"""What Auto takes in a mode: full strength where a finding can be believed, less where it cannot."""

from dataclasses import dataclass

from sharpen_desktop.engine.confidence import Trust
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.modes import MODES, Mode, auto_calm
from sharpen_desktop.engine.places import MOVED, differing
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.unchanged import LEFT, Unchanged

# Right findings have a trust of .44 and more; from here downward strength falls with it, down to the least.
SURE = 0.4
# A round blur believed so far is not asked whether it is shake along a curve, which is no round blur's likeness: those
# came to .5 at most, and the question takes some seconds.
CLEAR = 0.55
# Trust in shake that overrules it; shaken photos have .9 and more, a blur that grows across a picture .4.
OVERRULING = 0.6
LEAST_SHARE = 0.4
UNSURE_BELOW = 0.35
"""A finding that is trusted less is a guess."""
# Share of the picture's parts that must lead to the same motion for it to be undone.
ONE_MOTION = 0.6


@dataclass(frozen=True, slots=True)
class Auto:
    """``strength`` and ``minor_denoise``, 0..1; strength 0: better left as it is.

    ``reason``: why the strength was held back, "" where it was not; ``unchanged``: the same of a strength of 0.
    """

    strength: float
    minor_denoise: float
    reason: str = ""
    unchanged: Unchanged = ""

    @property
    def note(self) -> str:
        """What is to be said of it in a sentence, "" where there is nothing to say."""
        if not self.reason:
            return ""
        held = f"strength held at {round(100 * self.strength)} %" if self.strength else LEFT
        return f"{self.reason}: {held}"


def auto(survey: Survey, mode: Mode, check: Check) -> Auto:
    """Return what Auto takes for a picture in a mode. ``check`` is called between steps and may raise."""
    found = survey.found(mode, check)
    calm = auto_calm(mode, found.noise)
    is_mapped = mode.varying or differing(survey, mode, check) is not None
    if not found.measurable or (found.spread is None and not is_mapped):
        return Auto(mode.auto_strength, calm)
    trust = trusted_so_far(survey, mode, check)
    is_moved = found.spread is not None and found.spread.family in MOVED
    if not is_moved and trust.value < CLEAR and is_shaken(survey, check, least=OVERRULING):
        # What is undone of such a picture as if it were soft costs up to 0.6 dB, and helps nowhere.
        return Auto(0.0, calm, "camera shake, which Motion Blur undoes", "camera shake")
    share = min(1.0, max(LEAST_SHARE, trust.value / SURE))
    if share == 1:
        return Auto(mode.auto_strength, calm)
    if is_moved and trust.agreement < ONE_MOTION:
        # A motion that half of the picture did not make cost up to 5 dB at 70 %, and 1.5 dB at 40 %.
        return Auto(0.0, calm, "several motions", "several motions")
    return Auto(round(mode.auto_strength * share, 2), calm, "not sure")


def is_shaken(survey: Survey, check: Check, *, least: float = UNSURE_BELOW) -> bool:
    """Whether a camera's path explains the picture, and is trusted by ``least``; one quick try where it does not."""
    mode = MODES["Motion Blur"]
    if not survey.seems_shaken(check):
        return False
    spread = survey.found(mode, check).spread
    return bool(spread and spread.family == "shake" and trusted_so_far(survey, mode, check).value >= least)


def trusted_so_far(survey: Survey, mode: Mode, check: Check) -> Trust:
    """Return how far what was found in a mode is to be believed."""
    return survey.trust(mode, is_even=differing(survey, mode, check) is None, check=check)
