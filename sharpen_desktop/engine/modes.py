"""The seven modes: which blurs each looks for and how far its result may go."""

from dataclasses import dataclass

from sharpen_desktop.engine.point_spread import Family
from sharpen_desktop.engine.unchanged import Unchanged


@dataclass(frozen=True, slots=True)
class Mode:
    """``families``: looked for. ``line_margin``: by how much a line's score must be lower.

    ``overshoot``: how far, in encoded values, a pixel may leave its neighbourhood's range.
    ``widest``: cap on a gaussian's sigma. ``softness``: px the result keeps. ``contrast``: gain of local
    contrast. ``varying``: whether blur is measured place by place, for the family found (the first where it looks sharp).
    """

    name: str
    families: tuple[Family, ...] = ("gaussian", "disk", "line")
    line_margin: float = 0.12
    overshoot: float = 0.25
    widest: float = 4.4
    softness: float = 0.0
    contrast: float = 0.0
    varying: bool = False
    auto_strength: float = 1.0

    @property
    def nothing_found(self) -> Unchanged:
        """What holds where none of its blurs is found: a mode that does not look for all cannot call a photo sharp."""
        if "gaussian" not in self.families and "disk" not in self.families:
            return "no motion"
        if "line" in self.families:
            return "sharp"
        return "no missed focus" if "disk" in self.families else "no softness"


MODES = {
    mode.name: mode
    for mode in (
        Mode("Standard"),
        Mode("Strong", overshoot=0.35, contrast=0.3),
        Mode("Lens Blur", families=("gaussian", "disk")),
        Mode("Lens Blur V2", families=("disk",), varying=True),
        Mode("Motion Blur", families=("line", "shake"), line_margin=0.03),
        Mode("Natural", families=("gaussian",), overshoot=0.05, widest=1.2, softness=0.5, auto_strength=0.8),
        Mode("Refocus", families=("gaussian", "disk"), varying=True),
    )
}


def auto_calm(mode: Mode, noise: float) -> float:
    """Return the minor denoise 0..1 that Auto takes: what costs no detail. ``noise`` in encoded values."""
    return 0.0 if mode.name == "Strong" else min(0.3, 15 * noise)


def mode_named(name: str) -> Mode:
    """Return the mode of that name; Standard where there is none."""
    return MODES.get(name, MODES["Standard"])
