"""What is measured of one picture: each thing when it is first asked for, and once, however many jobs ask."""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.diagnosis import Found, diagnosed
from sharpen_desktop.engine.focus_map import FocusMap, Grain, focus_map
from sharpen_desktop.engine.modes import Mode
from sharpen_desktop.engine.point_spread import Family
from sharpen_desktop.engine.transfer import SRGB, Domain, Domains, Transfer

Pixels = NDArray[np.generic]


class Survey:
    """One picture and what is known of it; not for several threads at a time.

    ``pixels``: H×W or H×W×3 (RGB), uint8 or uint16, encoded with ``transfer``; never changed. ``jpeg_quality``:
    estimated quality of a JPEG source, None where it is lossless or not known. ``check``, where a method takes
    one, is called between steps and may raise; what was not finished is measured again at the next call.
    """

    def __init__(self, pixels: Pixels, *, transfer: Transfer = SRGB, jpeg_quality: int | None = None) -> None:
        self.pixels = pixels
        self.domains = Domains(transfer, pixels.dtype)
        self._quality = jpeg_quality
        self._found: dict[object, Found] = {}
        self._maps: dict[object, FocusMap] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pixels.shape[0], self.pixels.shape[1]

    def found(self, mode: Mode, check: Check) -> Found:
        """Return what blurred the picture, among the blurs the mode looks for."""
        key = (mode.families, mode.line_margin)
        if key not in self._found:
            self._found[key] = diagnosed(self.pixels, self.domains, mode, self._quality, check)
        return self._found[key]

    def sizes(self, domain: Domain, family: Family, noise: float, grain: Grain, check: Check) -> FocusMap:
        """Return how strong the blur is place by place; arguments as for ``focus_map``."""
        key = (domain.name, family, noise, grain)
        if key not in self._maps:
            self._maps[key] = focus_map(self.pixels, domain, family, noise, grain, check)
        return self._maps[key]
