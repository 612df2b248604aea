"""The picture of the second window: one side, in the place the main canvas shows, or in one of its own."""

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.view_transform import Point, Size, ViewTransform
from sharpen_desktop.ui.canvas.blend import Blend, BlendOver
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.focus_frame import FocusFrame
from sharpen_desktop.ui.canvas.layer import Layer, Look
from sharpen_desktop.ui.qt_image import ImageCache

NOTCH, WHEEL_FACTOR = 120, 1.2
PAN_PART = 0.1
SLICE_S = 0.004
SETTLE_MS = 120
ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class SecondView(QWidget):
    """``moved``: the user has zoomed or moved the picture; the transform is what would be seen then."""

    moved = Signal(object)

    def __init__(self, images: ImageCache) -> None:
        super().__init__()
        self.setObjectName("second_view")
        self.setAccessibleName("Photo in the second window")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._images = images
        self._layer, self._over = Layer(), BlendOver()
        self._look = Look("#2B2B2B", "#151515")
        self._display: Display | None = None
        self._cover: Cover | None = None
        self._blend: Blend | None = None
        self._text = ""
        self._focus_color = "#5C9DFF"
        self._frame = FocusFrame(self)
        self._picture = Size(1, 1)
        self._transform = ViewTransform()
        self._close_zoom = 1.0
        self._dragged_from: QPointF | None = None
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._refine)

    # What is shown

    def show_picture(
        self, display: Display | None, cover: Cover | None, blend: Blend | None, text: str
    ) -> None:
        """Show these pixels, or a sentence where there are none."""
        if (display, cover, blend, text) != (self._display, self._cover, self._blend, self._text):
            self._display, self._cover, self._blend, self._text = display, cover, blend, text
            self.update()

    def set_look(self, look: Look, focus_color: str) -> None:
        """Use these colours round the picture, and for the focus."""
        if (look, focus_color) != (self._look, self._focus_color):
            self._look, self._focus_color = look, focus_color
            self.update()

    def show_place(self, transform: ViewTransform, picture: Size) -> None:
        """Show this place of a picture of that size; all that fits when the transform does."""
        self._picture = picture
        self._transform = views.resized(transform, picture, self._viewport())
        if self._transform.zoom >= 1.0:
            self._close_zoom = self._transform.zoom
        self.update()

    @property
    def transform(self) -> ViewTransform:
        """Zoom and centre now."""
        return self._transform

    # Moving

    def fit(self) -> None:
        """Wish for the whole picture."""
        self.moved.emit(views.fitted(self._picture, self._viewport()))

    def toggle_fit(self) -> None:
        """Wish for the whole picture, or for the last zoom from 100 % on."""
        if self._transform.is_fit:
            self._zoom(self._close_zoom, self._middle())
        else:
            self.fit()

    def zoom_in(self) -> None:
        """Wish for the next zoom stop."""
        fit = views.fit_zoom(self._picture, self._viewport())
        self._zoom(views.next_stop(self._transform.zoom, fit), self._middle())

    def zoom_out(self) -> None:
        """Wish for the previous zoom stop."""
        fit = views.fit_zoom(self._picture, self._viewport())
        self._zoom(views.previous_stop(self._transform.zoom, fit), self._middle())

    def _zoom(self, zoom: float, about: QPointF) -> None:
        ratio = self.devicePixelRatioF()
        place = Point(about.x() * ratio, about.y() * ratio)
        self._wish(views.zoomed_to(self._transform, self._picture, self._viewport(), zoom, place))

    def _pan(self, dx: float, dy: float) -> None:
        ratio = self.devicePixelRatioF()
        self._wish(views.panned(self._transform, self._picture, self._viewport(), dx * ratio, dy * ratio))

    def _wish(self, transform: ViewTransform) -> None:
        if self._display is not None:
            self.moved.emit(transform)

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _viewport(self) -> Size:
        ratio = self.devicePixelRatioF()
        return Size(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))

    def _refine(self) -> None:
        if self._layer.refine(time.perf_counter() + SLICE_S):
            self.update()
        else:
            self._settling.start(0)

    # Qt

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._display is None:
            painter.fillRect(self.rect(), QColor(self._look.canvas))
            is_light = QColor(self._look.canvas).lightness() >= 128
            painter.setPen(QColor("#1E1E1E" if is_light else "#E6E6E6"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
            return
        if self._blend is not None:
            self._over.show(self._blend, self._images)
        viewport = self._viewport()
        drawn = self._layer.draw(
            self._images.images(self._display),
            self._picture,
            self._transform,
            QSize(round(viewport.width), round(viewport.height)),
            self._look,
            cover=(self._cover, self._images.images(self._cover.display)) if self._cover else None,
            blend=self._over if self._blend is not None else None,
        )
        ratio = self.devicePixelRatioF()  # one pixel of the layer is one of the screen
        painter.fillRect(self.rect(), QColor(self._look.canvas))
        painter.drawImage(QRectF(0, 0, drawn.width() / ratio, drawn.height() / ratio), drawn)
        self._frame.paint(painter, QColor(self._focus_color))
        if self._layer.is_rough and not self._settling.isActive():
            self._settling.start(SETTLE_MS)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._frame.take(event)
        super().focusInEvent(event)
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_place(self._transform, self._picture)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
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
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case Qt.Key.Key_Z:
                self.toggle_fit()
            case key if key in ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                across, down = ARROWS[Qt.Key(key)]
                self._pan(across * self.width() * PAN_PART, down * self.height() * PAN_PART)
            case _:
                super().keyPressEvent(event)
