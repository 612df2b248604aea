"""What the program finds out about a photo before it is sharpened: what is the matter, who is on it, a preview."""

from dataclasses import dataclass

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Auto:
    """What Auto takes in one mode on this computer, 0–1."""

    strength: float
    minor_denoise: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is the matter with a photo.

    ``kind``: none, soft, defocus, motion, shake, varying or unknown. ``size`` in px; ``direction`` of motion in
    degrees 0–180, else ``None``. ``domain``: linear, encoded or between. ``noise``: standard deviation of 1.
    ``compression``: none, light or strong traces of JPEG. ``trust``: 0 (a guess) to 1 (sure). ``mode``: advised.
    ``sentence``: all that in one. ``autos``: what Auto takes, by mode.
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

    @property
    def is_sure(self) -> bool:
        """Whether the advised mode is more than the usual place to start."""
        return self.kind not in ("none", "unknown") and not self.sentence.startswith("Not sure")

    def auto(self, mode: str) -> Auto | None:
        """Return what Auto takes in a mode."""
        return dict(self.autos).get(mode)


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
    picture it covers, 0–1.
    """

    pixels: Level
    strokes: Strokes
    share: float


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


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would make of ``area`` of a photo with these settings; ``display`` has the area's size."""

    photo_id: str
    settings: Settings
    strokes: Strokes
    area: Area
    display: Display
    finding: str = ""
