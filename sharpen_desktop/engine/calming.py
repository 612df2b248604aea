"""A picture whose blur is left alone, with its grain calmed because that was asked for."""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.calm import calmed
from sharpen_desktop.engine.pixels import planes, together
from sharpen_desktop.engine.restoration import one_channel_if_grey
from sharpen_desktop.engine.tiles import Layout, Tile
from sharpen_desktop.engine.transfer import Domain

REACH = 8
"""How far in px a pixel can have a say in another's: two means of the widest radius."""


class Calming:
    """Minor denoise alone; ``block`` may be called from several threads."""

    def __init__(self, domain: Domain, noise: float, amount: float, size: tuple[int, int]) -> None:
        """``noise``: its standard deviation in encoded values; ``amount`` 0..1; ``size``: rows and columns."""
        self.layout = Layout.of(size, REACH)
        self._domain = domain
        self._noise = noise
        self._amount = amount

    def eased(self, _share: float) -> "Calming":
        """Return the same: no data is trusted that could be trusted less."""
        return self

    def block(self, pixels: NDArray[np.generic], tile: Tile) -> NDArray[np.generic]:
        """Return the calmed core of one tile; h×w×1 where a picture of three channels is grey."""
        given = one_channel_if_grey(pixels[tile.given])
        single = given.ndim == 3
        parts = planes(given[..., 0] if single and given.shape[2] == 1 else given, self._domain)
        found = together(calmed(parts, self._domain, self._noise, self._amount), self._domain)[tile.inner]
        return found[..., None] if single and found.ndim == 2 else found
