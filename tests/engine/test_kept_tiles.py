"""Tiles that were finished for a preview are not made again while the job is the same."""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.kept_tiles import KeptTiles
from sharpen_desktop.engine.tiles import Layout, Tile

GIVEN = np.arange(1200 * 900 * 3, dtype=np.uint8).reshape(900, 1200, 3)


class Inverted:
    """Blocks that count how often they are made."""

    def __init__(self) -> None:
        self.layout = Layout.of((900, 1200), 8)
        self.made: list[Tile] = []

    def block(self, pixels: NDArray[np.generic], tile: Tile) -> NDArray[np.generic]:
        self.made.append(tile)
        return 255 - pixels[tile.core]


def test_a_tile_is_made_once_for_a_job_and_anew_for_another() -> None:
    blocks, kept = Inverted(), KeptTiles(1 << 30)
    tiles = list(blocks.layout.tiles())
    assert len(tiles) > 4
    for job in ("a", "a", "b"):
        kept.begin(job)
        for tile in tiles:
            assert np.array_equal(kept.block(blocks, GIVEN, tile), 255 - GIVEN[tile.core])
    assert len(blocks.made) == 2 * len(tiles)


def test_no_more_is_kept_than_allowed_and_the_oldest_go_first() -> None:
    blocks = Inverted()
    tiles = list(blocks.layout.tiles())
    kept = KeptTiles(int(2.5 * GIVEN[tiles[0].core].nbytes))
    kept.begin("a")
    for tile in tiles:
        kept.block(blocks, GIVEN, tile)
    blocks.made.clear()
    kept.block(blocks, GIVEN, tiles[-1])
    assert blocks.made == []
    kept.block(blocks, GIVEN, tiles[0])
    assert blocks.made == [tiles[0]]
