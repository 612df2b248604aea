"""A preview of a part of the photo, laid into the pixels of side B before these are scaled: no seam, no shift."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.study import Area
from sharpen_desktop.core.view_transform import Size
from sharpen_desktop.ui.qt_image import DisplayImages


@dataclass(frozen=True, slots=True)
class Cover:
    """``display`` lies over ``area`` of a photo of ``whole`` pixels."""

    display: Display
    area: Area
    whole: Size


def covered(image: QImage, source: QRectF, cover: Cover, images: DisplayImages) -> tuple[QImage, QRectF]:
    """Return what ``source`` cuts out of a level of the whole photo with the cover on it, as an image and its cut.

    ``images``: of the cover. Nothing is copied where the cover does not lie.
    """
    x_scale, y_scale = image.width() / cover.whole.width, image.height() / cover.whole.height
    level = images.level(x_scale)
    place = QRectF(
        cover.area.left * x_scale, cover.area.top * y_scale,
        cover.area.width * x_scale, cover.area.height * y_scale,
    ).translated(-source.topLeft())  # fmt: skip
    cut = source.toRect()
    if not place.intersects(QRectF(0, 0, cut.width(), cut.height())):
        return image, source
    part = image.copy(cut)
    painter = QPainter(part)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    if abs(place.width() - level.width()) < 1 and abs(place.height() - level.height()) < 1:
        painter.drawImage(QPoint(round(place.x()), round(place.y())), level)
    else:  # a level that was not halved where the photo's was
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, level, QRectF(level.rect()))
    painter.end()
    return part, QRectF(QRect(QPoint(0, 0), part.size()))
