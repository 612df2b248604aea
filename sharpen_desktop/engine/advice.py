"""What is the matter with a picture, how far that is to be believed, and which mode and settings suit it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.auto import UNSURE_BELOW, Auto, auto, is_shaken, trusted_so_far
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.modes import MODES, mode_named
from sharpen_desktop.engine.noise import Compression, compression
from sharpen_desktop.engine.places import Places, differing, spanned
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.survey import Survey

Kind = Literal["unknown", "none", "soft", "defocus", "motion", "shake", "varying"]
KINDS: dict[str, Kind] = {"gaussian": "soft", "disk": "defocus", "line": "motion", "shake": "shake"}
ADVISED: dict[Kind, str] = {
    "defocus": "Lens Blur",
    "motion": "Motion Blur",
    "shake": "Motion Blur",
    "varying": "Refocus",
}
# A line believed this far and this long, px, is one; any other may be all that was seen of a curve.
STRAIGHT, STRAIGHT_FROM = 0.6, 6.0

Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    ``size``: px, standard deviation (soft), radius (defocus), length (motion), extent (shake) or the median of what
    differs; 0 for none. ``direction``: of motion in degrees 0..180 against the clock from the right, else None.
    ``domain``: "linear", "encoded" or "between". ``noise``: standard deviation in encoded values 0..1.
    ``compression``: traces of JPEG. ``trust``: 0 (a guess) to 1 (sure). ``mode``: advised, with the
    ``strength`` and ``minor_denoise`` (0..1) that Auto takes in it. ``sentence``: all that for the screen.
    ``is_guess``: nothing could be told with any certainty.
    """

    kind: Kind
    size: float
    direction: float | None
    domain: str
    noise: float
    compression: Compression
    trust: float
    mode: str
    strength: float
    minor_denoise: float
    sentence: str
    is_guess: bool


def diagnose(survey: Survey, check: Check = lambda: None) -> Diagnosis:
    """Diagnose a picture: 0.2 to 3 s, up to 7 s where a camera was shaken or may have been.

    ``check`` is called between steps and may raise.
    """
    mode = MODES["Motion Blur" if _is_shaken(survey, check) else "Standard"]
    found = survey.found(mode, check)
    where = differing(survey, mode, check)
    trust = trusted_so_far(survey, mode, check).value
    kind: Kind = "varying" if where else _kind(found)
    mode_name = _suited(kind, where) if trust >= UNSURE_BELOW else "Standard"
    spread = found.spread
    chosen = advised(survey, mode_name, check)
    return Diagnosis(
        kind=kind,
        size=float(np.median(where.blurred)) if where else spread.size if spread else 0.0,
        direction=spread.angle % 180 if spread and kind == "motion" else None,
        domain=(where or found).domain.name,
        noise=found.noise,
        compression=compression(found.floor),
        trust=trust,
        mode=mode_name,
        strength=chosen.strength,
        minor_denoise=chosen.minor_denoise,
        sentence=_sentence(kind, found, where, trust),
        is_guess=kind == "unknown" or trust < UNSURE_BELOW,
    )


def advised(survey: Survey, mode_name: str, check: Check = lambda: None) -> Auto:
    """Return what Auto takes in a mode, as ``sharpen`` will; any other name is taken as Standard.

    Nothing is restored for it; Motion Blur takes some seconds where nothing was measured yet, the others less.
    """
    return auto(survey, mode_named(mode_name), check)


def _is_shaken(survey: Survey, check: Check) -> bool:
    """Whether a camera's path is what there is to say; that the blur differs in places cannot be told then."""
    standard = MODES["Standard"]
    if _is_clearly_straight(survey.found(standard, check).spread) and (
        trusted_so_far(survey, standard, check).value >= STRAIGHT
    ):
        return False
    return is_shaken(survey, check)


def _is_clearly_straight(spread: PointSpread | None) -> bool:
    """Whether it is a line too long to be a part of a curve."""
    return spread is not None and spread.family == "line" and spread.size >= STRAIGHT_FROM


def _kind(found: Found) -> Kind:
    """Return the kind of a blur that is the same everywhere."""
    if not found.measurable:
        return "unknown"
    return KINDS[found.spread.family] if found.spread else "none"


def _suited(kind: Kind, where: Places | None) -> str:
    """Return the mode for a kind of blur; of what differs, the one made for its family."""
    return "Lens Blur V2" if where and where.family == "disk" else ADVISED.get(kind, "Standard")


def _sentence(kind: Kind, found: Found, where: Places | None, trust: float) -> str:
    """Return the finding in the user's words."""
    if kind == "unknown":
        return "Too small or too plain to tell"
    if where:
        what = f"blurred in places, {spanned(where.blurred)}"
    elif found.spread:
        what = found.spread.described()
    elif trust < UNSURE_BELOW:
        return "Not sure; perhaps already sharp, and Standard leaves it as it is"
    else:
        what = "already sharp"
    if trust < UNSURE_BELOW:
        return f"Not sure; start with Standard (perhaps {what})"
    return what[0].upper() + what[1:]
