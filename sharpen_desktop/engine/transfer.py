"""Tone curves between encoded pixel values and linear light, and their look-up tables."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


class Transfer(Protocol):
    """A tone curve: monotone, 0 at 0 and 1 at 1, for arrays of any shape."""

    def decode(self, values: Floats) -> Floats:
        """Return linear light 0..1 of encoded values 0..1."""
        ...

    def encode(self, linear: Floats) -> Floats:
        """Return encoded values 0..1 of linear light 0..1."""
        ...


@dataclass(frozen=True, slots=True)
class StandardTransfer:
    """The sRGB curve of IEC 61966-2-1."""

    def decode(self, values: Floats) -> Floats:
        """Return linear light of encoded values 0..1."""
        return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)

    def encode(self, linear: Floats) -> Floats:
        """Return encoded values of linear light; what lies outside 0..1 is clipped."""
        light = np.clip(linear, 0.0, 1.0)
        return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


SRGB = StandardTransfer()


class CurveTransfer:
    """A tone curve given as samples, such as the TRC of an ICC profile."""

    def __init__(self, curve: Floats) -> None:
        """``curve``: 1-D, at least 2 samples of linear light at evenly spaced encoded values 0..1.

        It is made monotone and stretched to 0..1. Raises ValueError for anything else.
        """
        samples = np.asarray(curve, dtype=np.float64)
        if samples.ndim != 1 or samples.size < 2 or not np.isfinite(samples).all():
            raise ValueError("a tone curve is a 1-D array of at least two finite samples")
        rising = np.maximum.accumulate(samples)
        span = rising[-1] - rising[0]
        if span <= 0:
            raise ValueError("a tone curve must rise")
        self._encoded = np.linspace(0.0, 1.0, samples.size)
        self._linear = (rising - rising[0]) / span

    def decode(self, values: Floats) -> Floats:
        """Return linear light of encoded values 0..1, between samples linearly."""
        return np.asarray(np.interp(values, self._encoded, self._linear))

    def encode(self, linear: Floats) -> Floats:
        """Return encoded values of linear light 0..1, the inverse of ``decode``."""
        return np.asarray(np.interp(linear, self._linear, self._encoded))


@dataclass(frozen=True, slots=True)
class IdentityTransfer:
    """No curve: used to work on the encoded values themselves."""

    def decode(self, values: Floats) -> Floats:
        """Return the values as they are."""
        return values

    def encode(self, linear: Floats) -> Floats:
        """Return the values clipped to 0..1."""
        return np.clip(linear, 0.0, 1.0)


class Domain:
    """Where the blur is undone, as look-up tables: "linear" light, the "encoded" values or "between".

    Working values are float32 in 0..1. ``slope`` is the change of encoded value per change of working
    value; it carries noise and contrast limits, which are meant in encoded units, into the domain.
    """

    SLOPE_STEPS = 1024

    def __init__(self, name: str, transfer: Transfer, dtype: np.dtype[np.generic]) -> None:
        self.name = name
        self.dtype = dtype
        self.peak = int(np.iinfo(dtype).max)  # type: ignore[type-var]
        codes = np.arange(self.peak + 1) / self.peak
        self._to_working = transfer.decode(codes).astype(np.float32)
        # 16 times finer than the depth: sRGB is 12.92 times steeper at black than on average.
        self._steps = (1 << 16 if self.peak == 255 else 1 << 20) - 1
        light = np.arange(self._steps + 1) / self._steps
        self._to_pixels = np.rint(transfer.encode(light) * self.peak).astype(dtype)
        self._slopes = self._slope_table(transfer)

    def _slope_table(self, transfer: Transfer) -> NDArray[np.float32]:
        """Slopes at evenly spaced working values, kept between .35 and 8: noise has a floor at black."""
        edges = np.linspace(0.0, 1.0, self.SLOPE_STEPS + 1)
        slopes = np.diff(transfer.encode(edges)) * self.SLOPE_STEPS
        return np.clip(slopes, 0.35, 8.0).astype(np.float32)

    @property
    def is_encoded(self) -> bool:
        """Whether working values are the encoded ones."""
        return self.name == "encoded"

    def working(self, pixels: NDArray[np.generic]) -> NDArray[np.float32]:
        """Pixels of any shape and this dtype to working values."""
        return self._to_working.take(np.asarray(pixels, np.intp))

    def pixels(self, working: NDArray[np.float32]) -> NDArray[np.generic]:
        """Working values of any shape back to pixels, clipped to the range."""
        scaled = working * np.float32(self._steps)
        scaled += np.float32(0.5)
        np.clip(scaled, 0.0, self._steps, out=scaled)
        return self._to_pixels.take(scaled.astype(np.intp))

    def slope(self, working: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the encoded change per working change at these working values."""
        index = working * np.float32(self.SLOPE_STEPS)
        np.clip(index, 0.0, self.SLOPE_STEPS - 1, out=index)
        return self._slopes.take(index.astype(np.intp))


@dataclass(frozen=True, slots=True)
class BetweenTransfer:
    """A curve between linear light and the encoded values: linear light to the power 1/1.5."""

    transfer: Transfer
    power: float = 1.5

    def decode(self, values: Floats) -> Floats:
        """Return working values of encoded values 0..1."""
        return np.asarray(np.clip(self.transfer.decode(values), 0.0, 1.0) ** (1 / self.power))

    def encode(self, linear: Floats) -> Floats:
        """Working values to encoded values 0..1."""
        return self.transfer.encode(np.clip(linear, 0.0, 1.0) ** self.power)


class Domains:
    """The domains a picture can be restored in; ``between`` is for blurs that do not tell."""

    def __init__(self, transfer: Transfer, dtype: np.dtype[np.generic]) -> None:
        self.linear = Domain("linear", transfer, dtype)
        self.encoded = Domain("encoded", IdentityTransfer(), dtype)
        self.between = Domain("between", BetweenTransfer(transfer), dtype)
