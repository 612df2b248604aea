"""Point spread functions: how one point of the scene was spread over pixels."""

from dataclasses import dataclass, field, replace
from math import ceil, cos, pi, radians, sin
from typing import Literal

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.spatial.distance import pdist
from scipy.special import j1
from typing_extensions import override

# The softness in px that lens and pixels add to any blur; a gaussian's fitted size holds part of it already.
NATIVE = 0.45
GAUSSIAN_LACKS = 0.32

Family = Literal["gaussian", "disk", "line", "shake"]
Floats = NDArray[np.floating]
Kernel = NDArray[np.float32]


def gaussian_transfer(sigma: float | Floats, frequency: Floats) -> Floats:
    """exp(-2 pi² sigma² f²): transfer of a gaussian of ``sigma`` px at ``frequency`` cycles/px."""
    return np.exp(-2 * (pi * sigma * frequency) ** 2)


def disk_transfer(radius: float | Floats, frequency: Floats) -> Floats:
    """2 J1(z)/z with z = 2 pi r f: transfer of a uniform disk, the defocused ideal lens."""
    z = np.maximum(2 * pi * radius * frequency, 1e-6)
    return 2 * j1(z) / z


def line_transfer(length: float | Floats, along: Floats) -> Floats:
    """sin(pi L f)/(pi L f): transfer of uniform motion; ``along``: frequency along the motion."""
    return np.sinc(length * along)


@dataclass(frozen=True, slots=True)
class PointSpread:
    """One point spread function of a family of symmetric ones, so that their transfer is real.

    ``size``: standard deviation of the gaussian, radius of the disk, or length of the line, in px.
    ``angle``: direction of a line in degrees 0..180, counted against the clock from the right. ``soft``:
    standard deviation in px of a gaussian on top of it, such as lens and pixel add.
    """

    family: Family
    size: float
    angle: float = 0.0
    soft: float = 0.0

    def transfer(self, shape: tuple[int, int]) -> NDArray[np.float32] | NDArray[np.complex64]:
        """Transfer function of shape (rows, columns//2 + 1), laid out as ``scipy.fft.rfft2`` does."""
        fy = np.fft.fftfreq(shape[0])[:, None]
        fx = np.fft.rfftfreq(shape[1])[None, :]
        return self.at(fy, fx).astype(np.float32)

    def at(self, fy: Floats, fx: Floats) -> Floats:
        """Transfer at frequencies in cycles/px, rows counted downward."""
        shape = self._shape_at(fy, fx)
        return shape * gaussian_transfer(self.soft, np.hypot(fy, fx)) if self.soft else shape

    def _shape_at(self, fy: Floats, fx: Floats) -> Floats:
        """Transfer without the gaussian on top."""
        if self.family == "line":
            turn = radians(self.angle)
            return line_transfer(self.size, fx * cos(turn) - fy * sin(turn))
        frequency = np.hypot(fy, fx)
        if self.family == "disk":
            return disk_transfer(self.size, frequency)
        return gaussian_transfer(self.size, frequency)

    @property
    def reach(self) -> int:
        """Pixels from its centre within which nearly all of its light falls."""
        spread = {"gaussian": 3.0 * self.size, "disk": self.size, "line": self.size / 2}
        return ceil(spread[self.family] + 2 * self.soft) + 1

    def with_native_softness(self) -> "PointSpread":
        """Return the blur together with what lens and pixels add, which a fit takes for the scene's."""
        if self.family == "gaussian":
            return replace(self, size=float(np.hypot(self.size, GAUSSIAN_LACKS)))
        return replace(self, soft=NATIVE)

    def described(self) -> str:
        """In the user's words: what it is and how large."""
        if self.family == "line":
            return f"motion, {self.size:.0f} px at {self.angle % 180:.0f}°"
        if self.family == "disk":
            return f"defocus, radius {self.size:.1f} px"
        return f"soft, about {self.size:.1f} px"


# Light below this share of the brightest pixel does not count for how far a shake goes.
FAINT = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Shake(PointSpread):
    """A shaken camera's path as a kernel of pixels: of any shape, so that its transfer is complex.

    ``kernel``: odd and square, float32, none negative, sum 1; what lens and pixels add is part of it. ``size``:
    px between the two farthest pixels that are not faint, of which ``of`` makes it.
    """

    kernel: Kernel = field(kw_only=True)

    @classmethod
    def of(cls, kernel: Kernel) -> "Shake":
        """Return the point spread function that a kernel is."""
        places = np.argwhere(kernel > FAINT * kernel.max())
        size = float(pdist(places).max()) + 1 if len(places) > 1 else 1.0
        return cls("shake", size, kernel=kernel)

    @override
    def transfer(self, shape: tuple[int, int]) -> NDArray[np.complex64]:
        half = len(self.kernel) // 2
        placed = np.zeros(shape, np.float32)
        at = np.arange(-half, half + 1)
        np.add.at(placed, (at[:, None] % shape[0], at[None, :] % shape[1]), self.kernel)
        return np.asarray(scipy.fft.rfft2(placed), np.complex64)

    @override
    def at(self, fy: Floats, fx: Floats) -> Floats:
        """Return the transfer's magnitude at frequencies in cycles/px: 1-D, rows counted downward."""
        half = len(self.kernel) // 2
        turns = -2j * pi * np.arange(-half, half + 1)[:, None]
        down = np.exp(turns * fy[None, :]).astype(np.complex64)
        across = np.exp(turns * fx[None, :]).astype(np.complex64)
        both = (down * (self.kernel @ across)).sum(axis=0)
        return np.asarray(np.abs(both), np.float64)

    @property
    @override
    def reach(self) -> int:
        return len(self.kernel) // 2 + 1

    @override
    def with_native_softness(self) -> "Shake":
        return self

    @override
    def described(self) -> str:
        return f"camera shake along a curve, about {self.size:.0f} px"
