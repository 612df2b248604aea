"""Painting on a photo: strokes as values, so that they can be undone, kept with a run and drawn at any size."""

from dataclasses import dataclass
from typing import Literal

Tool = Literal["", "add", "take"]
"""What dragging on the picture does: move it (empty), or paint."""

SMALLEST, WIDEST = 0.003, 0.25


@dataclass(frozen=True, slots=True)
class Stroke:
    """One movement of a round brush.

    ``points``: places as fractions 0–1 of the picture's width and height, at least one. ``radius``: a fraction
    of the picture's long side. ``feather``: 0 (hard rim) to 1 (soft from the middle on). ``adds``: whether it
    adds to the mask or takes away.
    """

    points: tuple[tuple[float, float], ...]
    radius: float
    feather: float
    adds: bool


Strokes = tuple[Stroke, ...]
"""In the order they were painted; later ones win."""


@dataclass(frozen=True, slots=True)
class Brush:
    """The brush in hand: ``radius`` as a fraction of the picture's long side, ``feather`` 0–1."""

    tool: Tool = ""
    radius: float = 0.03
    feather: float = 0.5

    def stroke(self, points: tuple[tuple[float, float], ...]) -> Stroke:
        """Return what these places come to with this brush."""
        return Stroke(points, self.radius, self.feather, self.tool != "take")
