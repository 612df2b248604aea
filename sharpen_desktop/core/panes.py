"""Which part of the canvas shows what. Pure arithmetic; all lengths are logical canvas pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Side = Literal["a", "b", "c", "d"]
SIDES: tuple[Side, ...] = ("a", "b", "c", "d")
"""Places for variants: before and after, and two more where three or four are seen at once."""
Shows = Side | Literal["difference"]
KEPT = 64
"""Layouts that are known; a frame asks for its own several times."""
GAP = 2
"""Between two pictures beside each other."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of whole pixels."""

    left: int
    top: int
    width: int
    height: int

    def contains(self, x: float, y: float) -> bool:
        """Return whether a place lies in it."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


@dataclass(frozen=True, slots=True)
class Pane:
    """``frame`` is the viewport the picture is fitted into, ``clip`` the part of it that is seen.

    Frames of one layout are of one size, so that all panes share one transform.
    """

    shows: Shows
    clip: Rect
    frame: Rect

    @property
    def source(self) -> Side:
        """The side whose picture it stands on; the difference lies where side B does."""
        return "b" if self.shows == "difference" else self.shows


@lru_cache(maxsize=KEPT)
def single(shows: Shows, width: int, height: int) -> tuple[Pane, ...]:
    """Return the layout of one picture."""
    whole = Rect(0, 0, width, height)
    return (Pane(shows, whole, whole),)


@lru_cache(maxsize=KEPT)
def split(width: int, height: int, at: int, *, is_turned: bool) -> tuple[Pane, ...]:
    """Return the layout of two pictures in one place, parted at ``at`` from the left (or the top)."""
    whole = Rect(0, 0, width, height)
    if is_turned:
        return (
            Pane("a", Rect(0, 0, width, at), whole),
            Pane("b", Rect(0, at, width, height - at), whole),
        )
    return (
        Pane("a", Rect(0, 0, at, height), whole),
        Pane("b", Rect(at, 0, width - at, height), whole),
    )


@lru_cache(maxsize=KEPT)
def grid(count: int, width: int, height: int, *, is_turned: bool) -> tuple[Pane, ...]:
    """Return the layout of two to four pictures at once, all of one size.

    Two and three stand in a row, four in two rows. Turned, rows become columns: in a square of four the second
    picture then stands under the first.
    """
    columns, rows = (2, 2) if count == 4 else (1, count) if is_turned else (count, 1)
    lefts, across = _strips(width, columns)
    tops, down = _strips(height, rows)
    places = [(left, top) for top in tops for left in lefts]
    if is_turned:
        places.sort()
    frames = [Rect(left, top, across, down) for left, top in places]
    return tuple(Pane(side, frame, frame) for side, frame in zip(SIDES, frames, strict=False))


def _strips(length: int, count: int) -> tuple[list[int], int]:
    """Return where ``count`` strips of one width begin, at least a gap apart and the last at the end; and the width."""
    width = max(1, (length - GAP * (count - 1)) // count)
    return [place * (length - width) // max(1, count - 1) for place in range(count)], width


def pane_at(panes: tuple[Pane, ...], x: float, y: float) -> Pane:
    """Return the pane under a place, the last one when it lies between two."""
    return next((pane for pane in panes if pane.clip.contains(x, y)), panes[-1])
