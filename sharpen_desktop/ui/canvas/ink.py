"""One stroke as it grows: how much of it lies on each pixel of a mask."""

from itertools import pairwise
from math import ceil, hypot

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGradient, QImage, QLinearGradient, QPainter, QRadialGradient, QTransform

from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.ui.qt_image import BlankImage

FULL, NOTHING = QColor(255, 255, 255), QColor(0, 0, 0)


class Ink:
    """What a stroke paints, 0–255; where it passes twice it paints no more than once.

    The rim falls evenly from full to nothing, over one pixel where the brush is hard, as the engine paints it.
    """

    def __init__(self, size: QSize, stroke: Stroke) -> None:
        self._size = size
        radius = stroke.radius * max(size.width(), size.height())
        self._reach = radius + 0.5
        self._core = max(0.0, self._reach - max(stroke.feather * radius, 1.0)) / self._reach
        self._last: QPointF | None = None
        self._painted = BlankImage(size, QImage.Format.Format_Grayscale8, 1)

    def extend(self, points: tuple[tuple[float, float], ...]) -> QRect:
        """Move on to these places, fractions of the picture; return what that has touched."""
        places = [QPointF(x * self._size.width(), y * self._size.height()) for x, y in points]
        places.insert(0, places[0] if self._last is None else self._last)  # the first place is a dab
        self._last = places[-1]
        touched = QRect()
        painter = QPainter(self._painted)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        for start, end in pairwise(places):
            self._draw_line(painter, start, end)
            self._draw_dab(painter, end)
            touched = touched.united(self._room(start)).united(self._room(end))
        painter.end()
        return touched.intersected(self._painted.rect())

    def coloured(self, part: QRect, color: QColor) -> QImage:
        """Return what lies on ``part`` of the mask, as an opaque colour where it is painted fully."""
        image = QImage(part.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(color)
        image.setAlphaChannel(self._painted.copy(part))
        return image

    def _draw_dab(self, painter: QPainter, place: QPointF) -> None:
        rim = QRadialGradient(place, self._reach)
        _set_stops(rim, ((0.0, FULL), (self._core, FULL), (1.0, NOTHING)))
        painter.fillRect(self._room(place), rim)

    def _draw_line(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        """Draw what lies between two dabs: a band whose brightness depends on the distance from its middle."""
        step = end - start
        length = hypot(step.x(), step.y())
        if length == 0:
            return
        half = self._core / 2
        across = QLinearGradient(0, -self._reach, 0, self._reach)
        _set_stops(across, ((0.0, NOTHING), (0.5 - half, FULL), (0.5 + half, FULL), (1.0, NOTHING)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        along, aside = step.x() / length, step.y() / length
        painter.setTransform(QTransform(along, aside, -aside, along, start.x(), start.y()))
        painter.fillRect(QRectF(0, -self._reach, length, 2 * self._reach), across)
        painter.restore()

    def _room(self, place: QPointF) -> QRect:
        reach = ceil(self._reach) + 1
        return QRect(place.toPoint(), place.toPoint()).adjusted(-reach, -reach, reach, reach)


def _set_stops(gradient: QGradient, stops: tuple[tuple[float, QColor], ...]) -> None:
    for place, color in stops:
        gradient.setColorAt(place, color)
