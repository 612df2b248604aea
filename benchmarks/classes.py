"""What the quality benchmark measures: kinds of degradation, and the photos they are done to."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.degrade import Blur, degraded
from benchmarks.measures import Picture

SHIPPED = ("astronaut", "chelsea", "coffee", "rocket", "motorcycle_left")
SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
QUICK = {
    "none",
    "gauss 1.5",
    "disk 3",
    "line 15",
    "curve 11",
    "disk 3 jpeg 85",
    "linear gauss 1.5",
    "linear disk 3",
}
NOISE = 0.008
MOTION_TOO = {"none noise .008", "disk 3", "line 15", "halves 11", "passing 11"}
"""Classes that are also given to Motion Blur, whether or not it is the right mode for them."""
LINES = {5: 20, 9: 30, 15: 70, 25: 130}
"""Angle in degrees by length in px."""


@dataclass(frozen=True, slots=True)
class Case:
    """One class of degradation; ``jpeg``: quality or None; ``linear``: blurred in linear light.

    ``mode``: the engine's mode where it is not the one asked for. ``by_luma``: PSNR is that of luma. ``shifting``: it is
    taken after the shift that suits best.
    """

    name: str
    blur: Blur
    noise: float = NOISE
    jpeg: int | None = None
    linear: bool = False
    mode: str | None = None
    by_luma: bool = False
    shifting: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is one blur that the mode looks for, with little noise and without JPEG."""
        looked_for = {"line", "curve"} if self.mode == "Motion Blur" else {"gauss", "disk", "line"}
        return self.blur.name in looked_for and not self.jpeg and self.noise <= NOISE

    def pair(self, photo: Picture, seed: int) -> tuple[Picture, Picture]:
        """Return the sharp picture and its degraded twin."""
        return degraded(photo, self.blur, noise=self.noise, linear=self.linear, jpeg=self.jpeg, seed=seed)


def cases() -> list[Case]:
    """Everything that is measured: blurred in encoded values, then in linear light; then what Motion Blur makes of some."""
    found = [*_encoded(), *_harder(), *_uneven(), *_linear()]
    again = [
        replace(case, name=f"{case.name} motion", mode="Motion Blur")
        for case in found
        if case.name in MOTION_TOO
    ]
    return [*found, *again]


def _encoded() -> list[Case]:
    """Nothing, each kind of blur, and shake along a curve, which looks otherwise in each photo."""
    found = [Case("none", Blur("none"), 0.0), Case("none noise .008", Blur("none"))]
    found += [Case(f"gauss {sigma:g}", Blur("gauss", sigma)) for sigma in (1.0, 1.5, 2.0, 3.0)]
    found += [Case(f"disk {radius:g}", Blur("disk", radius)) for radius in (2.0, 3.0, 4.0, 6.0)]
    found += [Case(f"line {length}", Blur("line", length, angle)) for length, angle in LINES.items()]
    return found + [
        Case(f"curve {extent}", Blur("curve", extent), mode="Motion Blur", shifting=True)
        for extent in (7, 11, 19)
    ]


def _harder() -> list[Case]:
    """After JPEG, and with much noise."""
    blurs = {
        "none": Blur("none"),
        "gauss 1.5": Blur("gauss", 1.5),
        "disk 3": Blur("disk", 3),
        "line 9": Blur("line", 9, LINES[9]),
    }
    lossy = [Case(f"{name} jpeg 85", blur, 0.005, jpeg=85) for name, blur in blurs.items()]
    return lossy + [Case(f"{name} noise .02", blur, 0.02) for name, blur in blurs.items()]


def _uneven() -> list[Case]:
    """Blur that differs from place to place, and several motions in one picture, which no mode can undo."""
    places = [
        Case(name, Blur(name, size), mode="Refocus", by_luma=True)
        for name, size in (("ramp", 3.0), ("subject", 2.2))
    ]
    apart = [Case(f"{name} 11", Blur(name, 11, 20), shifting=True) for name in ("halves", "passing")]
    return [*places, *apart]


def _linear() -> list[Case]:
    """Blurred in linear light."""
    blurs = (Blur("gauss", 1.5), Blur("disk", 3), Blur("disk", 5), Blur("line", 15, LINES[15]))
    return [Case(f"linear {blur.name} {blur.size:g}", blur, 0.006, linear=True) for blur in blurs]


def photos_in(folder: Path | None) -> dict[str, Picture]:
    """Photos of a folder by name; without one, those that come inside scikit-image."""
    if folder is None:
        import skimage.data

        home = Path(skimage.data.__file__).parent
        files = [path for name in SHIPPED for path in home.glob(f"{name}.*")]
    else:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return {path.stem: np.asarray(Image.open(path).convert("RGB")) for path in files}
