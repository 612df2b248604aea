"""What is the matter with a picture, how far that is to be believed, and which mode and settings suit it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.confidence import confidence
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found
from sharpen_desktop.engine.modes import MODES, auto_calm
from sharpen_desktop.engine.noise import Compression, compression
from sharpen_desktop.engine.plan import uneven_sizes
from sharpen_desktop.engine.survey import Survey

Kind = Literal["unknown", "none", "soft", "defocus", "motion", "varying"]
KINDS: dict[str, Kind] = {"gaussian": "soft", "disk": "defocus", "line": "motion"}
ADVISED: dict[Kind, str] = {"defocus": "Lens Blur", "motion": "Motion Blur", "varying": "Refocus"}
UNSURE_BELOW = 0.35

Pixels = NDArray[np.generic]
Sizes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    ``size``: px, standard deviation (soft), radius (defocus), length (motion) or the median of what differs; 0
    for none. ``direction``: of motion in degrees 0..180 against the clock from the right, else None.
    ``domain``: "linear", "encoded" or "between". ``noise``: standard deviation in encoded values 0..1.
    ``compression``: traces of JPEG. ``trust``: 0 (a guess) to 1 (sure). ``mode``: advised, with the
    ``strength`` and ``minor_denoise`` (0..1) that Auto takes in it. ``sentence``: all that for the screen.
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


def diagnose(survey: Survey, check: Check = lambda: None) -> Diagnosis:
    """Diagnose a picture; 0.2 to 2 s. ``check`` is called between steps and may raise."""
    found = survey.found(MODES["Standard"], check)
    sizes = uneven_sizes(survey, found, check)
    trust = confidence(survey.pixels, found, is_even=sizes is None, check=check)
    kind: Kind = "varying" if sizes is not None else _kind(found)
    return _told(kind, found, sizes, trust)


def _told(kind: Kind, found: Found, sizes: Sizes | None, trust: float) -> Diagnosis:
    """Return it with the advice that follows from it."""
    mode = MODES[ADVISED.get(kind, "Standard") if trust >= UNSURE_BELOW else "Standard"]
    spread = found.spread
    return Diagnosis(
        kind=kind,
        size=float(np.median(sizes)) if sizes is not None else spread.size if spread else 0.0,
        direction=spread.angle % 180 if spread and kind == "motion" else None,
        domain=found.domain.name,
        noise=found.noise,
        compression=compression(found.floor),
        trust=trust,
        mode=mode.name,
        strength=mode.auto_strength,
        minor_denoise=auto_calm(mode, found.noise),
        sentence=_sentence(kind, found, sizes, trust),
    )


def _kind(found: Found) -> Kind:
    """Return the kind of a blur that is the same everywhere."""
    if not found.measurable:
        return "unknown"
    return KINDS[found.spread.family] if found.spread else "none"


def _sentence(kind: Kind, found: Found, sizes: Sizes | None, trust: float) -> str:
    """Return the finding in the user's words."""
    if kind == "unknown":
        return "Too small or too plain to tell"
    if sizes is not None:
        low, high = np.quantile(sizes, (0.1, 0.9))
        what = f"blurred in places, {low:.1f} to {high:.1f} px"
    else:
        what = found.spread.described() if found.spread else "already sharp"
    if trust < UNSURE_BELOW:
        return f"Not sure; start with Standard (perhaps {what})"
    return what[0].upper() + what[1:]
