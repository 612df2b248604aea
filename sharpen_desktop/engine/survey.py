"""What is measured of one picture: each thing when it is first asked for, and once, however many jobs ask."""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.confidence import Trust, confidence
from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found, diagnosed, seems_shaken
from sharpen_desktop.engine.disk_by_domain import disk_domain
from sharpen_desktop.engine.faces import Face, find_faces
from sharpen_desktop.engine.focus_map import FocusMap, Grain, focus_map
from sharpen_desktop.engine.frame import inside_frame
from sharpen_desktop.engine.miniature import Picture, Shown, miniature
from sharpen_desktop.engine.modes import MODES, Mode
from sharpen_desktop.engine.point_spread import Family
from sharpen_desktop.engine.subject import Subject, find_subject
from sharpen_desktop.engine.transfer import SRGB, Domain, Domains, Transfer

Pixels = NDArray[np.generic]


class Survey:
    """One picture and what is known of it; not for several threads at a time.

    ``pixels``: H×W or H×W×3 (RGB), uint8 or uint16, encoded with ``transfer``; never changed. ``jpeg_quality``:
    estimated quality of a JPEG source, None where it is lossless or not known. ``check``, where a method takes
    one, is called between steps and may raise; what was not finished is measured again at the next call.

    A frame of one colour around the picture does not belong to it: what is given is ``whole``, and ``pixels`` is what
    lies ``inside`` (rows and columns); faces and subject are of the whole.
    """

    def __init__(self, pixels: Pixels, *, transfer: Transfer = SRGB, jpeg_quality: int | None = None) -> None:
        self.whole = pixels
        self.inside = inside_frame(pixels)
        self.pixels = pixels[self.inside]
        self.shown = Shown(transfer, pixels.dtype)
        self.domains = Domains(transfer, pixels.dtype)
        self._quality = jpeg_quality
        self._found: dict[object, Found] = {}
        self._seems_shaken: bool | None = None
        self._trust: dict[object, Trust] = {}
        self._disk_domains: dict[object, Domain | None] = {}
        self._maps: dict[object, FocusMap] = {}
        self._miniature: Picture | None = None
        self._faces: tuple[Face, ...] | None = None
        self._subject: Subject | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns inside the frame."""
        return self.pixels.shape[0], self.pixels.shape[1]

    def found(self, mode: Mode, check: Check) -> Found:
        """Return what blurred the picture, among the blurs the mode looks for."""
        key = (mode.families, mode.line_margin)
        if key not in self._found:
            self._found[key] = diagnosed(self.pixels, self.domains, mode, self._quality, check)
        return self._found[key]

    def found_in(self, part: tuple[slice, slice], mode: Mode, check: Check) -> Found:
        """Return what blurred rows and columns ``part``, looked at alone; its window counts from there."""
        key = (mode.families, mode.line_margin, *((span.start, span.stop) for span in part))
        if key not in self._found:
            self._found[key] = diagnosed(self.pixels[part], self.domains, mode, self._quality, check)
        return self._found[key]

    def disk_domain_in(self, part: tuple[slice, slice], found: Found, check: Check) -> Domain | None:
        """Return where rows and columns ``part`` were blurred by a disk after all; None where they were not."""
        key = (part[0].start, part[0].stop, part[1].start, part[1].stop)
        if key not in self._disk_domains:
            self._disk_domains[key] = disk_domain(self.pixels[part][found.window], self.domains, found, check)
        return self._disk_domains[key]

    def seems_shaken(self, check: Check) -> bool:
        """Whether Standard's finding leaves room for a camera shaken along a curve."""
        if self._seems_shaken is None:
            found = self.found(MODES["Standard"], check)
            self._seems_shaken = seems_shaken(self.pixels, self.domains, found, check)
        return self._seems_shaken

    def trust(self, mode: Mode, *, is_even: bool, check: Check) -> Trust:
        """Return how far what was found in a mode is to be believed; arguments as for ``confidence``."""
        key = (mode.families, mode.line_margin, is_even)
        if key not in self._trust:
            self._trust[key] = confidence(self.pixels, self.found(mode, check), is_even=is_even, check=check)
        return self._trust[key]

    def sizes(self, domain: Domain, family: Family, noise: float, grain: Grain, check: Check) -> FocusMap:
        """Return how strong the blur is place by place; arguments as for ``focus_map``."""
        key = (domain.name, family, noise, grain)
        if key not in self._maps:
            self._maps[key] = focus_map(self.pixels, domain, family, noise, grain, check)
        return self._maps[key]

    def miniature(self) -> Picture:
        """Return a copy of at most 1024 px in 8-bit sRGB, h×w×3."""
        if self._miniature is None:
            self._miniature = miniature(self.whole, self.shown)
        return self._miniature

    def faces(self, check: Check) -> tuple[Face, ...]:
        """Return where the picture has faces, the surest first."""
        if self._faces is None:
            self._faces = find_faces(self.miniature(), check)
        return self._faces

    def subject(self, check: Check) -> Subject:
        """Return what the picture is of, as a mask over the miniature."""
        if self._subject is None:
            self._subject = find_subject(self.miniature(), self.faces(check), check)
        return self._subject
