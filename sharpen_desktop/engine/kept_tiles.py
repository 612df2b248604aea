"""Finished tiles of one job, kept, so that another part of the same picture costs only what it has not had yet."""

from threading import Lock

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.regions import Blocks
from sharpen_desktop.engine.tiles import Tile

Pixels = NDArray[np.generic]
Place = tuple[int, int]


class KeptTiles:
    """Tiles of one picture; for several threads. ``most_bytes``: the oldest go while there are more than these."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._job: object = None
        self._tiles: dict[Place, Pixels] = {}
        self._bytes = 0
        self._lock = Lock()

    def begin(self, job: object) -> None:
        """Forget all tiles unless they were made for an equal job."""
        if job != self._job:
            self._job = job
            self._tiles.clear()
            self._bytes = 0

    def block(self, blocks: Blocks, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the finished core of one tile, made now if it is not there; not to be written to."""
        place = (tile.core[0].start, tile.core[1].start)
        found = self._tiles.get(place)
        if found is None:
            found = blocks.block(pixels, tile)
            self._keep(place, found)
        return found

    def _keep(self, place: Place, block: Pixels) -> None:
        with self._lock:
            self._tiles[place] = block
            self._bytes += block.nbytes
            while self._bytes > self._most_bytes and len(self._tiles) > 1:
                self._bytes -= self._tiles.pop(next(iter(self._tiles))).nbytes
