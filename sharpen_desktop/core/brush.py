"""Painting on a photo: strokes as values, so that they can be undone, kept with a run and drawn at any size."""

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

Tool = Literal["", "add", "take"]
"""What dragging on the picture does: move it (empty), or paint."""
Target = Literal["subject", "mix"]
"""What a brush paints on: the photo's subject, or where the mix of the shown result applies."""

SMALLEST, WIDEST = 0.003, 0.25
SIZE_STEP, FEATHER_STEP = 1.2, 0.1
"""One key makes the brush so many times larger, its rim softer by so much."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One movement of a round brush.

    ``points``: places as fractions of the picture's width and height, at least one, 0–1 where they lie in the
    picture and a little outside where only the brush's rim does; the brush moves straight from one to the next.
    ``radius``: a fraction of the picture's long side. ``feather``: 0 (hard rim) to 1 (falling evenly from the middle
    on). ``adds``: whether it adds to the mask or takes away.
    """

    points: tuple[tuple[float, float], ...]
    radius: float
    feather: float
    adds: bool

    def grows_into(self, other: "Stroke") -> bool:
        """Whether another stroke is this one moved on, or this one itself."""
        is_alike = (self.radius, self.feather, self.adds) == (other.radius, other.feather, other.adds)
        return is_alike and other.points[: len(self.points)] == self.points


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

    def turned(self) -> "Brush":
        """Return the brush that does the opposite."""
        opposite: dict[Tool, Tool] = {"add": "take", "take": "add"}
        return replace(self, tool=opposite.get(self.tool, ""))

    def sized(self, steps: int) -> "Brush":
        """Return a brush larger by so many steps, within the limits; smaller for a negative number."""
        return replace(self, radius=min(max(self.radius * SIZE_STEP**steps, SMALLEST), WIDEST))

    def softened(self, steps: int) -> "Brush":
        """Return a brush with a softer rim, within the limits; harder for a negative number of steps."""
        return replace(self, feather=min(max(round(self.feather + FEATHER_STEP * steps, 6), 0.0), 1.0))


def painted_since(strokes: Strokes, known: Strokes) -> Strokes:
    """Return the strokes after the first ones that are known already."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(strokes, known, strict=False)))
    return strokes[same:]
