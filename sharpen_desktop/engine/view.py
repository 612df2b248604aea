"""A part of a picture in one domain: its luma, its spectrum and the noise there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.pixels import Plane, planes
from sharpen_desktop.engine.spectrum import Spectrum, spectrum
from sharpen_desktop.engine.transfer import Domain

Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class View:
    """The part in one domain; ``variance`` and ``floor`` of the noise in its working units."""

    domain: Domain
    luma: Plane
    spectrum: Spectrum
    variance: float
    floor: float

    @classmethod
    def of(cls, part: Pixels, domain: Domain, noise: float, floor: float) -> "View | None":
        """None where the part is too small for a spectrum."""
        luma = planes(part, domain).luma
        measured = spectrum(luma)
        if measured is None:
            return None
        carried = float(np.mean(domain.slope(luma) ** -2.0))
        return cls(domain, luma, measured, noise**2 * carried, floor**2 * carried / 2)

    @property
    def perfect(self) -> float:
        """The score of a model that equals the spectrum."""
        return float(np.mean(np.log(self.spectrum.power) + 1))
