"""Restoring what lies inside a frame of one colour; the frame keeps its pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.frame import Place
from sharpen_desktop.engine.regions import Blocks
from sharpen_desktop.engine.tiles import Tile, Tiles

Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class FramedLayout:
    """The tiles inside a frame, at their places in a picture of ``size`` (rows, columns), and those of the frame."""

    within: Tiles
    inside: Place
    size: tuple[int, int]

    def tiles(self) -> Iterator[Tile]:
        """Return the tiles; their cores cover the picture once."""
        down, across = self.inside
        for tile in self.within.tiles():
            yield replace(tile, given=_moved(tile.given, self.inside), core=_moved(tile.core, self.inside))
        whole = slice(0, self.size[1])
        for rows, columns in (
            (slice(0, down.start), whole),
            (slice(down.stop, self.size[0]), whole),
            (down, slice(0, across.start)),
            (down, slice(across.stop, self.size[1])),
        ):
            if rows.start < rows.stop and columns.start < columns.stop:
                place = (rows, columns)
                yield Tile(place, place, (slice(None), slice(None)))


class Framed:
    """Blocks of the picture inside a frame as blocks of the whole; the frame keeps its pixels."""

    def __init__(self, blocks: Blocks, inside: Place, size: tuple[int, int]) -> None:
        """``size``: rows and columns of the whole."""
        self._blocks = blocks
        self._inside = inside
        self.layout = FramedLayout(blocks.layout, inside, size)

    def block(self, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the finished core of one tile."""
        down, across = self._inside
        rows, columns = tile.core
        if not (down.start <= rows.start < down.stop and across.start <= columns.start < across.stop):
            return pixels[tile.core]
        back = (slice(-down.start, None), slice(-across.start, None))
        moved = replace(tile, given=_moved(tile.given, back), core=_moved(tile.core, back))
        return self._blocks.block(pixels[self._inside], moved)


def _moved(place: Place, by: Place) -> Place:
    """Return a place moved by where another begins."""
    rows, columns = (
        slice(one.start + other.start, one.stop + other.start) for one, other in zip(place, by, strict=True)
    )
    return rows, columns
