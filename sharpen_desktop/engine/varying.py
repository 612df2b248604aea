"""Restoration where the blur differs from place to place: a few sizes restored, the rest in between."""

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.focus_map import FocusMap
from sharpen_desktop.engine.pixels import planes
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restoration import Recipe, Restoration, colours_or_grey
from sharpen_desktop.engine.tiles import Layout, Tile

LEVELS = (0.6, 0.9, 1.3, 1.8, 2.5, 3.4)
UNTOUCHED_BELOW = 0.5
DISK_PER_SIGMA = 2.0


class VaryingRestoration:
    """A recipe whose spread is only the family: its size comes from a map. As ``Restoration`` otherwise."""
