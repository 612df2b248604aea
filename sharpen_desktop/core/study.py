"""What the program finds out about a photo before it is sharpened: what is the matter, who is on it, a preview."""

import math
from dataclasses import dataclass

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.unchanged import Unchanged

GRID = 16


@dataclass(frozen=True, slots=True)
class Auto:
    """What Auto takes in one mode on this computer, 0–1. ``reason``: why strength is held back, empty where it is not.

    ``unchanged``: why nothing would be done then. ``likeness``: two modes with the same one give the same result;
    empty where that is not known.
    """

    strength: float
    minor_denoise: float
    reason: str = ""
    unchanged: Unchanged = ""
    likeness: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is the matter with a photo.

    ``kind``: none, soft, defocus, motion, shake, varying or unknown. ``size`` in px; ``direction`` of motion in
    degrees 0–180, else ``None``. ``domain``: linear, encoded or between. ``noise``: standard deviation of 1.
    ``compression``: none, light or strong traces of JPEG. ``trust``: 0 (a guess) to 1 (sure). ``mode``: advised.
    ``sentence``: all that in one. ``is_guess``: nothing could be told with any certainty. ``autos``: what Auto takes,
    by mode, as far as it is known.
    """

    kind: str
    sentence: str
    trust: float
    mode: str
    size: float = 0.0
    direction: float | None = None
    domain: str = ""
    noise: float = 0.0
    compression: str = ""
    autos: tuple[tuple[str, Auto], ...] = ()
    is_guess: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether the advised mode is more than the usual place to start."""
        return self.kind != "none" and not self.is_guess

    def auto(self, mode: str) -> Auto | None:
        """Return what Auto takes in a mode, ``None`` while that is not known."""
        return dict(self.autos).get(mode)

    def is_as_advised(self, mode: str) -> bool:
        """Whether a mode is known to do on this computer just what the advised one does."""
        own, advised = self.auto(mode), self.auto(self.mode)
        return own is not None and advised is not None and own.likeness == advised.likeness != ""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Where a face was found, as fractions 0–1 of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SubjectMask:
    """The foreground of a photo as found, with ``strokes`` painted on it.

    ``pixels``: one byte a pixel, 255 for foreground, stretched over the whole picture. ``share``: how much of the
    picture it covers, 0–1. ``is_found``: something stands out by itself.
    """

    pixels: Level
    strokes: Strokes
    share: float
    is_found: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """Whole picture pixels: columns ``left`` and rows ``top`` onwards."""

    left: int
    top: int
    width: int
    height: int

    @property
    def megapixels(self) -> float:
        """Millions of pixels."""
        return self.width * self.height / 1e6

    def holds(self, other: "Area") -> bool:
        """Whether another area lies within this one."""
        is_across = self.left <= other.left and other.left + other.width <= self.left + self.width
        is_down = self.top <= other.top and other.top + other.height <= self.top + self.height
        return is_across and is_down


def seen_area(width: int, height: int, seen: tuple[float, float, float, float]) -> Area | None:
    """Return the area of a picture of this size that holds what is seen of it; ``None`` when nothing is.

    ``seen``: left, top, width and height as fractions of the picture, 0–1. The area's edges lie on multiples of
    ``GRID``, or on the picture's, so that halves of it lie on the picture's halves, and a small pan changes nothing.
    """
    left, right = _on_grid(seen[0] * width, (seen[0] + seen[2]) * width, width)
    top, bottom = _on_grid(seen[1] * height, (seen[1] + seen[3]) * height, height)
    return Area(left, top, right - left, bottom - top) if left < right and top < bottom else None


def _on_grid(first: float, last: float, most: int) -> tuple[int, int]:
    return max(0, math.floor(first / GRID) * GRID), min(most, math.ceil(last / GRID) * GRID)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would make of ``area`` of a photo with these settings; ``display`` has the area's size.

    ``strokes`` are those in force: none while the subject is the whole picture. ``unchanged``: why nothing was changed.
    """

    photo_id: str
    settings: Settings
    strokes: Strokes
    area: Area
    display: Display
    finding: str = ""
    unchanged: Unchanged = ""
