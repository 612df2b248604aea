"""The loupe: both sides of the place under the pointer, four times as large as they are shown."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sharpen_desktop.core.view_transform import MAXIMUM, Point, Size, ViewTransform
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.layer import Layer, Look
from sharpen_desktop.ui.qt_image import DisplayImages

HALF_PX = 200
TIMES = 4.0


class Loupe:
    """Two squares beside each other over the canvas, before at the left, both of the same place."""

    def __init__(self) -> None:
        self._layers = (Layer(), Layer())

    def paint(
        self,
        painter: QPainter,
        sides: tuple[DisplayImages, DisplayImages],
        picture: Size,
        place: Point,
        zoom: float,
        about: QPointF,
        ratio: float,
        look: Look,
        cover: tuple[Cover, DisplayImages] | None = None,
    ) -> None:
        """Paint it centred on ``about`` (canvas pixels); ``place`` is the picture's pixel there.

        ``cover`` lies over a part of the after side.
        """
        transform = ViewTransform(
            loupe_zoom(zoom), place.x / picture.width, place.y / picture.height, is_fit=False
        )
        viewport = QSize(round(HALF_PX * ratio), round(HALF_PX * ratio))
        left, top = round(about.x()) - HALF_PX, round(about.y()) - HALF_PX // 2
        for number, (layer, images) in enumerate(zip(self._layers, sides, strict=True)):
            drawn = layer.draw(images, picture, transform, viewport, look, cover=cover if number else None)
            where = QRect(left + number * HALF_PX, top, HALF_PX, HALF_PX)
            painter.drawImage(QRectF(where), drawn, QRectF(drawn.rect()))
        self._frame(painter, QRect(left, top, 2 * HALF_PX, HALF_PX))

    @staticmethod
    def _frame(painter: QPainter, where: QRect) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, grown in (("#000000", 2), ("#FFFFFF", 1)):
            painter.setPen(QPen(QColor(color), 1))
            painter.drawRect(where.adjusted(-grown, -grown, grown - 1, grown - 1))
        painter.drawLine(where.center().x() + 1, where.top(), where.center().x() + 1, where.bottom())


def loupe_zoom(zoom: float) -> float:
    """Return the loupe's zoom: four times the view's, never below 100 %."""
    return min(max(zoom * TIMES, 1.0), MAXIMUM)
