"""The sharpness overlay's marks: what the study process has found, in colours, over the picture it was found in.

They are laid over each frame and never painted into the picture's own surfaces: newer marks come without the picture
being painted anew.
"""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, qRgba

from sharpen_desktop.core.sharpness import HALO, NOISE, SHARP, Sharpness
from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.surface import visible_part
from sharpen_desktop.ui.qt_image import mapped_mask

COLOURS = {SHARP: QColor(40, 220, 255), HALO: QColor(255, 60, 30), NOISE: QColor(255, 225, 60)}
"""Told apart also by who sees no difference between red and green; halos come hatched, noise dotted."""


class Marks:
    """The marks as the panes show them, one after the other; ``None`` takes them away."""

    def __init__(self) -> None:
        self._shown: Sharpness | None = None
        self._image = QImage()
        self._smaller = QImage()
        self._asked = QSize()

    def show(self, sharpness: Sharpness | None) -> None:
        """Show what was found."""
        if sharpness is self._shown:
            return
        self._shown = sharpness
        self._smaller = QImage()
        try:
            self._image = _coloured(sharpness) if sharpness else QImage()
        except OSError:
            self._image = QImage()  # the cache folder was emptied under us

    def paint(self, painter: QPainter, part: QRect, box: Box) -> None:
        """Paint what lies in ``part`` while the picture lies in ``box``; device pixels."""
        if self._shown is None or self._image.isNull():
            return
        wish, area = self._shown.wish, self._shown.wish.marked
        x_scale, y_scale = box.width / wish.width, box.height / wish.height
        place = Box(
            box.left + area.left * x_scale,
            box.top + area.top * y_scale,
            area.width * x_scale,
            area.height * y_scale,
        )
        image = self._fitting(QSize(round(place.width), round(place.height)))
        target, source = visible_part(place, image.size(), part)
        if not target.isEmpty():
            painter.save()
            painter.setClipRect(QRectF(part), Qt.ClipOperation.IntersectClip)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(target, image, source)
            painter.restore()

    def _fitting(self, size: QSize) -> QImage:
        """Return the marks to be drawn in this size: smoothed where they become smaller, so that no line breaks.

        Not between two steps of a zoom, which has no time for that: the first frame of a size gets them as they are.
        """
        if size.width() >= self._image.width() or size.isEmpty():
            return self._image
        if self._smaller.size() != size and (self._smaller.isNull() or self._asked == size):
            self._smaller = self._image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._asked = size
        return self._smaller if self._smaller.size() == size else self._image


def _coloured(sharpness: Sharpness) -> QImage:
    """Return marks in their colours; OSError when their file is gone."""
    grey = mapped_mask(sharpness.marks).image
    kinds = QImage(
        grey.constBits(), grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Indexed8
    )
    table = [qRgba(0, 0, 0, 0)] * 256
    for mark, colour in COLOURS.items():
        table[mark] = colour.rgba()
    kinds.setColorTable(table)
    return kinds.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
