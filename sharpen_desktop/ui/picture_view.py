"""A picture to look at closely in a dialog: fitted, or at 100 % and moved about."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.view_transform import Point, Size, ViewTransform
from sharpen_desktop.ui.qt_image import DisplayImages

NOTCH, WHEEL_FACTOR = 120, 1.2
STEP_PX = 60.0
ARROWS = {
    Qt.Key.Key_Left: (STEP_PX, 0.0),
    Qt.Key.Key_Right: (-STEP_PX, 0.0),
    Qt.Key.Key_Up: (0.0, STEP_PX),
    Qt.Key.Key_Down: (0.0, -STEP_PX),
}


class PictureView(QWidget):
    """Shows a display copy; the wheel zooms about the pointer, dragging and the arrow keys move it."""

    zoom_changed = Signal(float, bool)

    def __init__(self, display: Display) -> None:
        super().__init__()
        self.setObjectName("picture_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self._images = DisplayImages(display)
        self._size = Size(max(display.width, 1), max(display.height, 1))
        self._transform = ViewTransform()
        self._dragged_from: QPointF | None = None

    def fit(self) -> None:
        """Show the whole picture."""
        self._show(views.fitted(self._size, self._viewport()))

    def zoom_100(self) -> None:
        """Show one picture pixel a screen pixel."""
        self._zoom(1.0, QPointF(self.width() / 2, self.height() / 2))

    def _show(self, transform: ViewTransform) -> None:
        self._transform = transform
        self.zoom_changed.emit(transform.zoom, transform.is_fit)
        self.update()

    def _viewport(self) -> Size:
        ratio = self.devicePixelRatioF()
        return Size(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def _zoom(self, zoom: float, about: QPointF) -> None:
        ratio = self.devicePixelRatioF()
        place = Point(about.x() * ratio, about.y() * ratio)
        self._show(views.zoomed_to(self._transform, self._size, self._viewport(), zoom, place))

    def _pan(self, dx: float, dy: float) -> None:
        ratio = self.devicePixelRatioF()
        self._show(views.panned(self._transform, self._size, self._viewport(), dx * ratio, dy * ratio))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window).darker(110))
        painter.scale(1 / self.devicePixelRatioF(), 1 / self.devicePixelRatioF())
        zoom = self._transform.zoom
        try:
            image = self._images.level(min(zoom, 1.0))
        except OSError:
            return  # the cache folder was emptied under us
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 2.0)
        box = views.picture_box(self._transform, self._size, self._viewport())
        whole = QRectF(round(box.left), round(box.top), round(box.width), round(box.height))
        seen = whole.intersected(QRectF(0, 0, self._viewport().width, self._viewport().height))
        across, down = image.width() / whole.width(), image.height() / whole.height()
        source = QRectF(
            (seen.x() - whole.x()) * across,
            (seen.y() - whole.y()) * down,
            seen.width() * across,
            seen.height() * down,
        )
        painter.drawImage(seen, image, source)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show(views.resized(self._transform, self._size, self._viewport()))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = WHEEL_FACTOR ** (event.angleDelta().y() / NOTCH)
        self._zoom(self._transform.zoom * factor, event.position())
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self._pan(moved.x(), moved.y())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.unsetCursor()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = ARROWS.get(Qt.Key(event.key()))
        if arrow is None:
            super().keyPressEvent(event)
        else:
            self._pan(*arrow)
