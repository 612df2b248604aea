"""What lies over the pixels of a surface and is painted into it, so that it costs nothing while the picture is moved."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from sharpen_desktop.core.view_transform import Box


class Over(Protocol):
    """Something over the picture, in the place of the picture's box."""

    @property
    def generation(self) -> object:
        """Another one whenever all of it has become another."""
        ...

    def stale(self, box: Box) -> QRect:
        """Return where it has to be painted again while the picture lies in ``box``; device pixels."""
        ...

    def paint(self, painter: QPainter, part: QRect, box: Box, *, is_quick: bool) -> None:
        """Paint what lies in ``part`` while the picture lies in ``box``; device pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Both:
    """Two things over each other."""

    lower: Over
    upper: Over

    @property
    def generation(self) -> object:
        """Another one whenever all of either has become another."""
        return self.lower.generation, self.upper.generation

    def stale(self, box: Box) -> QRect:
        """Return where either has to be painted again."""
        return self.lower.stale(box).united(self.upper.stale(box))

    def paint(self, painter: QPainter, part: QRect, box: Box, *, is_quick: bool) -> None:
        """Paint both."""
        self.lower.paint(painter, part, box, is_quick=is_quick)
        self.upper.paint(painter, part, box, is_quick=is_quick)


def together(lower: Over | None, upper: Over | None) -> Over | None:
    """Return both as one; ``None`` where there is neither."""
    if lower is None or upper is None:
        return lower or upper
    return Both(lower, upper)
