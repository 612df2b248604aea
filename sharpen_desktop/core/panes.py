"""Which part of the canvas shows what. Pure arithmetic; all lengths are logical canvas pixels."""

from dataclasses import dataclass
from typing import Literal

Shows = Literal["a", "b", "difference"]
GAP = 2
"""Between two pictures side by side."""


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


def single(shows: Shows, width: int, height: int) -> tuple[Pane, ...]:
    """Return the layout of one picture."""
    whole = Rect(0, 0, width, height)
    return (Pane(shows, whole, whole),)


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


def side_by_side(width: int, height: int, *, is_turned: bool) -> tuple[Pane, ...]:
    """Return the layout of two pictures beside (or above) each other."""
    if is_turned:
        half = max(1, (height - GAP) // 2)
        before, after = Rect(0, 0, width, half), Rect(0, height - half, width, half)
    else:
        half = max(1, (width - GAP) // 2)
        before, after = Rect(0, 0, half, height), Rect(width - half, 0, half, height)
    return Pane("a", before, before), Pane("b", after, after)


def pane_at(panes: tuple[Pane, ...], x: float, y: float) -> Pane:
    """Return the pane under a place, the last one when it lies between two."""
    return next((pane for pane in panes if pane.clip.contains(x, y)), panes[-1])
