"""Look-up tables between encoded values and linear light that give back every value they were given."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.transfer import Transfer

STEPS = 1 << 18
"""Of the table back, over the square root of light: there, any curve is so even that one step is less than a value."""

Light = NDArray[np.float32]


class Lights:
    """Pixels of one depth to linear light 0..1 and back, by a tone curve.

    ``dtype``: uint8 or uint16.
    """

    def __init__(self, curve: Transfer, dtype: "np.dtype[Any]") -> None:
        self.peak = int(np.iinfo(dtype).max)
        self._light = np.asarray(curve.decode(np.arange(self.peak + 1) / self.peak), np.float32)
        roots = np.arange(STEPS + 1) / STEPS
        encoded = np.clip(np.asarray(curve.encode(roots**2)), 0, 1)
        self._encoded = np.rint(encoded * self.peak).astype(dtype)

    def of(self, pixels: NDArray[Any]) -> Light:
        """Return the linear light of pixels of any shape."""
        return self._light.take(pixels)

    def pixels(self, light: Light) -> NDArray[Any]:
        """Return linear light, 0..1, as the nearest pixel values; ``light`` is used up."""
        np.clip(light, 0, 1, out=light)
        np.sqrt(light, out=light)
        light *= STEPS
        light += 0.5
        return self._encoded.take(light.astype(np.int32))
