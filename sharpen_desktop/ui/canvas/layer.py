"""One side of the comparer, drawn once for a viewport and then only copied."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from sharpen_desktop.core.view_transform import Box, Size, ViewTransform, picture_box
from sharpen_desktop.ui.qt_image import DisplayImages

NEAREST_FROM = 2.0
"""From this zoom on pixels are shown as squares."""
CHECK_PX = 8


@dataclass(frozen=True, slots=True)
class Look:
    """What a layer is drawn on: canvas and outline colours."""

    canvas: str
    outline: str


class Layer:
    """Cache of one rendered side; ``draw`` renders anew only when something it depends on has changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._drawn = QImage()

    def draw(
        self, images: DisplayImages, picture: Size, transform: ViewTransform, viewport: QSize, look: Look
    ) -> QImage:
        """Return the viewport (device pixels) with the picture in the place of one of size ``picture``."""
        key = (images.display, picture, transform, viewport, look)
        if key != self._key:
            try:
                self._drawn = _rendered(images, picture, transform, viewport, look)
            except OSError:  # something has emptied the cache folder under us
                self._drawn = _lost(viewport, look)
            self._key = key
        return self._drawn


def _lost(viewport: QSize, look: Look) -> QImage:
    drawn = QImage(viewport, QImage.Format.Format_RGB32)
    drawn.fill(QColor(look.canvas))
    painter = QPainter(drawn)
    painter.setPen(QColor("#8C8C8C"))
    text = "The pixels of this picture are gone from the cache. Open the photo again."
    painter.drawText(drawn.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
    painter.end()
    return drawn


def _rendered(
    images: DisplayImages, picture: Size, transform: ViewTransform, viewport: QSize, look: Look
) -> QImage:
    box = snapped(picture_box(transform, picture, Size(viewport.width(), viewport.height())))
    # The zoom of this picture's own pixels: the other side may have another size.
    zoom = box.width / images.display.width
    image = images.level(min(zoom, 1.0))
    drawn = QImage(viewport, QImage.Format.Format_RGB32)
    drawn.fill(QColor(look.canvas))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < NEAREST_FROM)
    if images.display.has_alpha:
        painter.fillRect(_rect(box).intersected(QRectF(drawn.rect())), _checks())
    target, source = visible_part(box, image.size(), viewport)
    if not target.isEmpty():
        painter.drawImage(target, image, source)
    painter.setPen(QColor(look.outline))
    painter.drawRect(
        _rect(box)
        .adjusted(-1, -1, 0, 0)
        .intersected(QRectF(-2, -2, viewport.width() + 4, viewport.height() + 4))
    )
    painter.end()
    return drawn


def snapped(box: Box) -> Box:
    """Return the box on whole device pixels, so that 100 % copies pixels as they are."""
    left, top = round(box.left), round(box.top)
    return Box(left, top, max(1.0, round(box.width)), max(1.0, round(box.height)))


def visible_part(box: Box, image: QSize, viewport: QSize) -> tuple[QRectF, QRectF]:
    """Return target and source of the part of an image in view, cut at whole source pixels.

    Cut, because the painter's coordinates end at 32,767 and a picture at 3200 % is larger.
    """
    x_scale, y_scale = box.width / image.width(), box.height / image.height()
    left = max(0, int((0 - box.left) / x_scale) - 1)
    top = max(0, int((0 - box.top) / y_scale) - 1)
    right = min(image.width(), int((viewport.width() - box.left) / x_scale) + 2)
    bottom = min(image.height(), int((viewport.height() - box.top) / y_scale) + 2)
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


def _rect(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def _checks() -> QBrush:
    tile = QPixmap(2 * CHECK_PX, 2 * CHECK_PX)
    tile.fill(QColor("#B8B8B8"))
    painter = QPainter(tile)
    for place in (0, CHECK_PX):
        painter.fillRect(place, place, CHECK_PX, CHECK_PX, QColor("#8C8C8C"))
    painter.end()
    return QBrush(tile)
