"""A viewport of pixels that is rendered piece by piece and moved along when what it shows is panned."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from sharpen_desktop.core.view_transform import Box

Fill = Callable[[QPainter, QRect], None]


class Surface:
    """Keeps what was rendered while ``key`` and the picture's size stay; a pan lays open strips only.

    The picture lies on whole device pixels, so that what is rendered can be moved.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._box = Box(0, 0, 1, 1)
        self._drawn = QImage()
        self._spare = QImage()
        self._valid = QRect()

    def draw(
        self, key: object, box: Box, viewport: QSize, wanted: QRect, fill: Fill, stale: QRect | None = None
    ) -> QImage:
        """Return the viewport in device pixels, rendered at least in ``wanted``.

        ``box`` is where the whole picture lies, ``key`` what else its look depends on. ``fill`` paints a part;
        the painter is clipped to it. ``stale``: what has changed since and is painted again.
        """
        whole_key = (key, box.width, box.height, viewport)
        if whole_key != self._key:
            self._key, self._valid = whole_key, QRect()
            if self._drawn.size() != viewport:
                self._drawn = QImage(viewport, QImage.Format.Format_RGB32)
        if box != self._box:
            self._scroll(round(box.left - self._box.left), round(box.top - self._box.top), wanted)
        self._box = box
        missing = without(wanted, self._valid)
        if stale is not None and stale.intersects(self._valid):
            missing.append(stale.intersected(self._valid))
        self._valid = wanted
        if missing:
            painter = QPainter(self._drawn)
            for part in missing:
                painter.setClipRect(part)
                fill(painter, part)
            painter.end()
        return self._drawn

    def _scroll(self, dx: int, dy: int, wanted: QRect) -> None:
        self._valid = self._valid.translated(dx, dy).intersected(wanted)
        if self._valid.isEmpty():
            return
        if self._spare.size() != self._drawn.size():
            self._spare = QImage(self._drawn.size(), QImage.Format.Format_RGB32)
        painter = QPainter(self._spare)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(self._valid.topLeft(), self._drawn, self._valid.translated(-dx, -dy))
        painter.end()
        self._drawn, self._spare = self._spare, self._drawn


def without(whole: QRect, hole: QRect) -> list[QRect]:
    """Return the up to four parts of a rectangle that lie outside another."""
    hole = hole.intersected(whole)
    if hole.isEmpty():
        return [whole] if not whole.isEmpty() else []
    left, right, top, bottom = whole.left(), whole.right(), whole.top(), whole.bottom()
    parts = (
        QRect(left, top, whole.width(), hole.top() - top),
        QRect(left, hole.bottom() + 1, whole.width(), bottom - hole.bottom()),
        QRect(left, hole.top(), hole.left() - left, hole.height()),
        QRect(hole.right() + 1, hole.top(), right - hole.right(), hole.height()),
    )
    return [part for part in parts if not part.isEmpty()]


def visible_part(box: Box, image: QSize, part: QRect) -> tuple[QRectF, QRectF]:
    """Return target and source of what an image shows in ``part`` of the viewport, cut at whole source pixels.

    Cut, because the painter's coordinates end at 32,767 and a picture at 3200 % is larger.
    """
    x_scale, y_scale = box.width / image.width(), box.height / image.height()
    left = max(0, int((part.left() - box.left) / x_scale) - 2)
    top = max(0, int((part.top() - box.top) / y_scale) - 2)
    right = min(image.width(), int((part.right() + 1 - box.left) / x_scale) + 3)
    bottom = min(image.height(), int((part.bottom() + 1 - box.top) / y_scale) + 3)
    if right <= left or bottom <= top:
        return QRectF(), QRectF()
    source = QRect(left, top, right - left, bottom - top)
    target = QRectF(
        box.left + left * x_scale,
        box.top + top * y_scale,
        source.width() * x_scale,
        source.height() * y_scale,
    )
    return target, QRectF(source)
