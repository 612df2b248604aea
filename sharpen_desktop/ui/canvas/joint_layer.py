"""All panes of a layout in one surface, so that a frame is one copy of the screen and not one for each pane."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter

from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.layer import Content
from sharpen_desktop.ui.canvas.surface import Asked, Surface, without


@dataclass(frozen=True, slots=True)
class Part:
    """What is seen in ``where``: a side's content, whose viewport begins at ``origin``. Device pixels of the surface.

    ``stale``: what of it has changed since the last frame, counted from the origin.
    """

    where: QRect
    origin: QPoint
    content: Content
    stale: QRect

    @property
    def corner(self) -> tuple[int, int]:
        """Where the picture begins."""
        box = self.content.box
        return round(box.left) + self.origin.x(), round(box.top) + self.origin.y()


class JointLayer:
    """Panes whose pictures move together; what a pan or a divider brings into another pane is painted again."""

    def __init__(self) -> None:
        self.surface = Surface()
        self._parts: tuple[Part, ...] = ()
        self._arrangement = 0
        self._laid_out: tuple[QSize, list[QRect]] = QSize(), []
        self._gaps: list[QRect] = []

    def asked(self, parts: Sequence[Part], viewport: QSize, ground: str) -> Asked:
        """Return what is to be asked of the surface next: the parts, which do not overlap, on a ``ground`` of one colour."""
        was, now = self._parts, tuple(parts)
        self._parts = now
        moves = {_difference(old.corner, new.corner) for old, new in zip(was, now, strict=False)}
        whole, gaps = QRect(QPoint(0, 0), viewport), self._between(viewport, [part.where for part in now])
        stale = [part.stale.translated(part.origin).intersected(part.where) for part in now]
        if len(was) != len(now) or len(moves) != 1:
            self._arrangement += 1
        else:
            move = QPoint(*moves.pop())
            for old, new in zip(was, now, strict=True):
                stale += without(new.where, old.where.translated(move))
            stale += gaps if move else []

        def fill(painter: QPainter, area: QRect, is_quick: bool) -> None:
            for part in now:
                own = area.intersected(part.where)
                if not own.isEmpty():
                    painter.save()
                    painter.translate(part.origin)
                    own.translate(-part.origin)
                    painter.setClipRect(own)
                    part.content.fill(painter, own, is_quick)
                    painter.restore()
            for gap in gaps:
                if gap.intersects(area):
                    painter.setClipRect(gap.intersected(area))
                    painter.fillRect(gap, QColor(ground))

        first = now[0].content.box
        box = Box(*now[0].corner, first.width, first.height)
        key = (tuple((part.content.key, part.content.box.width) for part in now), ground, self._arrangement)
        return key, box, viewport, whole, fill, stale

    def _between(self, viewport: QSize, places: list[QRect]) -> list[QRect]:
        """Return what lies in none of the places; the same places are asked for at every move of a pan."""
        if self._laid_out != (viewport, places):
            self._laid_out = (viewport, places)
            self._gaps = _outside(QRect(QPoint(0, 0), viewport), places)
        return self._gaps


def _difference(old: tuple[int, int], new: tuple[int, int]) -> tuple[int, int]:
    return new[0] - old[0], new[1] - old[1]


def _outside(whole: QRect, places: Sequence[QRect]) -> list[QRect]:
    """Return what of a rectangle lies in none of some others."""
    left = [whole]
    for place in places:
        left = [rest for each in left for rest in without(each, place)]
    return [each for each in left if not each.isEmpty()]
