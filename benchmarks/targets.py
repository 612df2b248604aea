"""How much the engine has to gain: for each class what it must reach and what it aims at, in dB over what was given."""

from dataclasses import dataclass

from benchmarks.results import ENGINE, KNOWN, MASK, Result

TARGETS: dict[str, tuple[float, float]] = {
    "none": (-0.05, 0.0),
    "none noise .008": (-0.05, 0.0),
    "none jpeg 85": (-0.05, 0.0),
    "none noise .02": (-0.05, 0.0),
    "none noise .008 motion": (-0.05, 0.0),
    "gauss 1": (3.9, 4.3),
    "gauss 2": (2.0, 2.3),
    "gauss 3": (1.5, 1.8),
    "disk 2": (2.3, 3.2),
    "disk 3": (2.8, 3.7),
    "disk 4": (3.0, 3.8),
    "disk 6": (2.5, 3.3),
    "line 5": (4.4, 4.7),
    "line 9": (4.0, 4.8),
    "line 15": (3.2, 4.1),
    "line 25": (2.7, 3.3),
    "curve 7": (3.6, 4.2),
    "curve 11": (2.2, 3.0),
    "curve 19": (1.1, 2.0),
    "gauss 1.5 jpeg 85": (2.0, 2.5),
    "disk 3 jpeg 85": (1.8, 2.4),
    "line 9 jpeg 85": (3.0, 3.6),
    "gauss 1.5 noise .02": (2.2, 2.6),
    "disk 3 noise .02": (2.5, 3.0),
    "line 9 noise .02": (3.2, 3.8),
    "ramp": (2.0, 2.4),
    "subject": (0.7, 1.3),
    "linear gauss 1.5": (2.5, 3.3),
    "linear disk 3": (3.0, 4.0),
    "linear disk 5": (2.2, 3.5),
    "linear line 15": (2.7, 4.0),
}
"""Must and aim by class, on the eight photos the figures of docs/engine.md are from."""
WORST = -0.1
"""No single photo may lose more, whatever was done to it."""
MASK_FACTOR = 2.5
MASK_LEAD = 1.5
SHARE_OF_REST = 0.6
MUST_ONLY = "curve 19"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One class; ``must``, ``aim`` and ``over_mask`` (what the unsharp mask makes it reach) in dB, None: no demand."""

    name: str
    gain: float
    worst: float
    worst_photo: str
    must: float | None
    aim: float | None
    over_mask: float | None

    @property
    def holds(self) -> bool:
        """Whether everything it must reach is reached."""
        return self.is_must_met and self.is_mask_beaten and self.is_harmless

    @property
    def is_must_met(self) -> bool:
        """Whether the mean gain is enough."""
        return self.must is None or self.gain >= self.must

    @property
    def is_aim_met(self) -> bool:
        """Whether the mean gain is all that is hoped for."""
        return self.aim is None or self.gain >= self.aim

    @property
    def is_mask_beaten(self) -> bool:
        """Whether it is far enough ahead of the best unsharp mask."""
        return self.over_mask is None or self.gain >= self.over_mask

    @property
    def is_harmless(self) -> bool:
        """Whether no photo came out worse than it was."""
        return self.worst >= WORST


def judged(result: Result) -> Verdict:
    """Compare one class with its targets."""
    must, aim = TARGETS.get(result.case.name, (None, None))
    worst, photo = result.worst(ENGINE)
    return Verdict(result.case.name, result.gain(ENGINE), worst, photo, must, aim, _over_mask(result))


def _over_mask(result: Result) -> float | None:
    """Return what the best unsharp mask of the class makes it reach.

    On gaussians 2.5 times its gain; on disks, lines and curves its gain and the smaller of 1.5 dB and 60 % of what is left
    from there to the known kernel. Noisy and lossy photos have only their own targets.
    """
    if not result.case.is_plain or result.case.name == MUST_ONLY:
        return None
    mask = result.gain(MASK)
    if result.case.blur.name == "gauss":
        return MASK_FACTOR * mask
    return mask + min(MASK_LEAD, SHARE_OF_REST * (result.gain(KNOWN) - mask))
