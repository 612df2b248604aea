"""The whole picture, small, with the part in view framed; dragging the frame moves the view."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.qt_image import thumbnail

HEIGHT_PX, MARGIN_PX = 164, 8
SMALLEST_FRAME_PX = 12
STEP = 0.05


class Navigator(QWidget):
    """Signals wishes in fractions, 0–1, of the picture; the canvas tells what is in view."""

    centre_wanted = Signal(float, float)
    zoom_wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigator")
        self.setAccessibleName("Navigator")
        self.setAccessibleDescription("The part of the photo in view; arrow keys move it")
        self.setToolTip("Drag the frame to move the view")
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._display: Display | None = None
        self._picture = QPixmap()
        self._drawn_for: object = None
        self._seen = QRectF(0, 0, 1, 1)
        self._grabbed = QPointF()
        self._accent = QColor("#5C9DFF")

    def render_state(self, state: AppState) -> None:
        """Show the current photo's picture."""
        shown = state.current.shown if state.current else None
        self._display = shown.look if shown else None
        self.update()

    def show_seen(self, left: float, top: float, width: float, height: float) -> None:
        """Frame the part in view, in fractions of the picture."""
        self._seen = QRectF(left, top, width, height)
        self.setAccessibleDescription(f"{round(width * 100)} % of the width in view; arrow keys move it")
        self.update()

    def set_focus_color(self, color: str) -> None:
        """Set the colour of the frame while the keyboard is here."""
        self._accent = QColor(color)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(216, HEIGHT_PX)

    def picture_rect(self) -> QRectF:
        """Return where the small picture lies."""
        room = QRectF(self.rect()).adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        if self._display is None or self._display.width <= 0:
            return QRectF()
        scale = min(room.width() / self._display.width, room.height() / self._display.height)
        width, height = self._display.width * scale, self._display.height * scale
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def frame_rect(self) -> QRectF:
        """Return where the frame lies, never smaller than can be grabbed."""
        picture, seen = self.picture_rect(), self._seen
        width = max(SMALLEST_FRAME_PX, seen.width() * picture.width())
        height = max(SMALLEST_FRAME_PX, seen.height() * picture.height())
        centre = QPointF(
            picture.left() + seen.center().x() * picture.width(),
            picture.top() + seen.center().y() * picture.height(),
        )
        return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)

    def _wish(self, place: QPointF) -> None:
        picture = self.picture_rect()
        if picture.isEmpty():
            return
        x = (place.x() - picture.left()) / picture.width()
        y = (place.y() - picture.top()) / picture.height()
        self.centre_wanted.emit(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def _scaled(self, where: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        edge = round(max(where.width(), where.height()))
        key = (self._display, edge, ratio)
        if key != self._drawn_for and self._display is not None:
            self._drawn_for, self._picture = key, thumbnail(self._display, edge, ratio)
        return self._picture

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        where = self.picture_rect()
        if where.isEmpty():
            return
        painter = QPainter(self)
        picture = self._scaled(where)
        painter.drawPixmap(where, picture, QRectF(picture.rect()))
        frame = self.frame_rect().intersected(where.adjusted(-2, -2, 2, 2))
        painter.setPen(QPen(QColor(0, 0, 0, 160), 3))
        painter.drawRect(frame)
        painter.setPen(QPen(self._accent if self.hasFocus() else QColor("#FFFFFF"), 1))
        painter.drawRect(frame)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        frame = self.frame_rect()
        # The frame is moved by the place it was taken at; elsewhere the view jumps there.
        is_grabbed = frame.contains(event.position())
        self._grabbed = event.position() - frame.center() if is_grabbed else QPointF()
        if not is_grabbed:
            self._wish(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._wish(event.position() - self._grabbed)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.zoom_wanted.emit(1.2 ** (event.angleDelta().y() / 120))
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-STEP, 0.0), Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP), Qt.Key.Key_Down: (0.0, STEP),
        }  # fmt: skip
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        across, down = steps[Qt.Key(event.key())]
        centre = self._seen.center()
        self.centre_wanted.emit(
            min(max(centre.x() + across, 0.0), 1.0), min(max(centre.y() + down, 0.0), 1.0)
        )
