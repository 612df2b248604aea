"""A viewport of pixels that is rendered piece by piece and moved along when what it shows is panned.

A frame has no time to render a large viewport well: what is more than a strip is painted roughly first, and well when
nothing moves any more, slice by slice between the frames.
"""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.sliding import SlidingImage

Fill = Callable[[QPainter, QRect, bool], None]
"""Paints a part; the last argument tells to be rather fast than smooth."""

Asked = tuple[object, Box, QSize, QRect, Fill, Sequence[QRect]]
"""What is asked of a surface for a frame: the arguments of ``Surface.draw``."""

AT_ONCE_PX = 400_000
"""Up to so many pixels are painted well within a frame: some 1 ms."""
SLICE_PX = 100_000
"""Painted in one go between two frames."""


class Surface:
    """Keeps what was rendered while ``key`` and the picture's size stay; a pan lays open strips only.

    The picture lies on whole device pixels, so that what is rendered can be moved. ``at_once_px``: more than this
    within a frame is painted roughly.
    """

    def __init__(self, at_once_px: int = AT_ONCE_PX) -> None:
        self._at_once_px = at_once_px
        self._key: object = None
        self._box = Box(0, 0, 1, 1)
        self._drawn = SlidingImage()
        self._spare = SlidingImage()
        self._valid = QRect()
        self._rough = QRect()
        self._refined = 0
        self._fill: Fill | None = None
        self.is_bare = False
        """Whether what was shown last was not kept, and the next frame is likely to need it."""

    @property
    def is_rough(self) -> bool:
        """Whether a part of what is drawn is still to be painted well."""
        return not self._rough.isEmpty()

    def draw(
        self, key: object, box: Box, viewport: QSize, wanted: QRect, fill: Fill, stale: Sequence[QRect] = ()
    ) -> QImage:
        """Return the viewport in device pixels, rendered at least in ``wanted``.

        ``box`` is where the whole picture lies, ``key`` what else its look depends on. ``fill`` paints a part;
        the painter is clipped to it. ``stale``: what has changed since and is painted again.
        """
        was_rough = self._rough
        wanted = self._move_to(key, box, viewport, wanted)
        missing = without(wanted, self._valid)
        changed = [each.intersected(self._valid) for each in stale if each.intersects(self._valid)]
        if not self._valid.contains(wanted):
            self._valid = wanted
            self._rough = self._rough.intersected(wanted)
        if missing or changed:
            self._paint(missing + changed, fill)
        if self._rough != was_rough or any(not each.isEmpty() for each in stale):
            self._refined = 0
        self._fill = fill if self.is_rough else None
        return self._drawn.image

    def show(self, painter: QPainter, asked: Asked) -> None:
        """Paint what is asked for, as ``draw`` does; the painter's pixels are those of the viewport.

        Where nothing of it is kept, as at another zoom, what is too much for a frame is painted there roughly at once,
        and not copied.
        """
        key, box, viewport, wanted, fill, stale = asked
        was = self._key
        wanted = self._move_to(key, box, viewport, wanted)
        is_small = wanted.width() * wanted.height() <= self._at_once_px
        self.is_bare = False
        if is_small or self._valid.intersects(wanted):
            painter.drawImage(wanted.topLeft(), self.draw(*asked), wanted)
            return
        self.is_bare = self._key == was
        painter.save()
        painter.setClipRect(wanted)
        fill(painter, wanted, True)
        painter.restore()
        if self._rough != wanted or any(not each.isEmpty() for each in stale):
            self._refined = 0
        self._rough, self._fill = wanted, fill

    def lay_in(self) -> None:
        """Keep what was shown last, roughly, so that a pan can move it along."""
        if self.is_bare and self._fill is not None and not self._drawn.image.isNull():
            self.is_bare, self._valid = False, self._rough
            self._paint([self._rough], self._fill)

    def refine(self, until_s: float) -> bool:
        """Paint well what is rough, until that time of ``time.perf_counter``; return whether all of it is.

        It is seen only when all of it is.
        """
        if self._rough.isEmpty() or self._fill is None:
            self._drawn.make_room()
            return True
        if self._spare.size != self._drawn.size:
            self._spare = SlidingImage(self._drawn.size)
        rough, rows = self._rough, max(8, SLICE_PX // max(1, self._rough.width()))
        painter = QPainter(self._spare.image)
        while self._refined < rough.height() and time.perf_counter() < until_s:
            rows = min(rows, rough.height() - self._refined)
            part = QRect(rough.left(), rough.top() + self._refined, rough.width(), rows)
            painter.setClipRect(part)
            self._fill(painter, part, False)
            self._refined += rows
        painter.end()
        if self._refined < rough.height():
            return False
        self._take_refined()
        return True

    def _paint(self, parts: list[QRect], fill: Fill) -> None:
        is_quick = sum(part.width() * part.height() for part in parts) > self._at_once_px
        painter = QPainter(self._drawn.image)
        for part in parts:
            painter.setClipRect(part)
            fill(painter, part, is_quick)
            if is_quick:
                self._rough = self._rough.united(part)
        painter.end()

    def _take_refined(self) -> None:
        if self._valid.isEmpty() or self._rough.contains(self._valid):
            self._drawn, self._spare, self._valid = self._spare, self._drawn, self._rough
        else:
            self._drawn.take(self._spare, self._rough)
        self._rough, self._refined, self._fill = QRect(), 0, None

    def _move_to(self, key: object, box: Box, viewport: QSize, wanted: QRect) -> QRect:
        """Keep of what was rendered what another frame can use; return what of ``wanted`` lies in the viewport."""
        whole_key = (key, box.width, box.height, viewport)
        if whole_key != self._key or self._drawn.size != viewport:  # it may have found no memory
            self._key, self._valid, self._rough, self._refined = whole_key, QRect(), QRect(), 0
            if self._drawn.size != viewport:
                self._drawn = SlidingImage(viewport)
        wanted = wanted.intersected(self._drawn.image.rect())  # on some scales a pane ends within a pixel
        if box != self._box:
            self._scroll(round(box.left - self._box.left), round(box.top - self._box.top), wanted)
        self._box = box
        return wanted

    def _scroll(self, dx: int, dy: int, wanted: QRect) -> None:
        self._valid = self._valid.translated(dx, dy).intersected(wanted)
        self._rough = self._rough.translated(dx, dy).intersected(self._valid)
        self._refined = 0
        if not self._valid.isEmpty():
            self._drawn.move(dx, dy)


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
