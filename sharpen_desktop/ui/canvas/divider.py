"""The divider between before and after: a slider by its nature, drawn as a line with a grip.

It covers the whole canvas but takes the mouse only on the line (±8 px) and the grip, through its mask.
Its value is thousandths of the viewport from the left (or the top, when turned).
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QWidget
from typing_extensions import override

from sharpen_desktop.core.view_transform import snapped_divider

THOUSANDTHS = 1000
GRAB_PX = 8
GRIP_PX = 36
TAB_PX = 10
"""At an edge this much of the grip stays in view to pull the divider back."""


class Divider(QSlider):
    """Signals wishes only; the canvas sets the value through ``place``."""

    moved = Signal(float)
    turn_wanted = Signal()
    drag_changed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("divider")
        self.setRange(0, THOUSANDTHS)
        self.setAccessibleName("Before/after divider")
        self.setToolTip("Drag, or use the arrow keys. Enter turns it.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fraction = 0.5
        self._is_turned = False
        self._grabbed_at: float | None = None
        self._focus_color = QColor("#5C9DFF")
        self.place(0.5, is_turned=False)
        self.valueChanged.connect(self._set_by_assistive_technology)

    def place(self, fraction: float, *, is_turned: bool) -> None:
        """Show the divider at a fraction, 0–1, of the viewport; turned it is a horizontal line."""
        self._fraction = fraction
        self._is_turned = is_turned
        self.setOrientation(Qt.Orientation.Vertical if is_turned else Qt.Orientation.Horizontal)
        with QSignalBlocker(self):
            self.setValue(round(fraction * THOUSANDTHS))
        self.setAccessibleDescription(f"{round(fraction * 100)} % before")
        self.setCursor(Qt.CursorShape.SplitVCursor if is_turned else Qt.CursorShape.SplitHCursor)
        self._remask()
        self.update()

    def set_focus_color(self, color: str) -> None:
        """Set the colour of the ring that shows the keyboard focus."""
        self._focus_color = QColor(color)
        self.update()

    def _length(self) -> int:
        return max(1, self.height() if self._is_turned else self.width())

    def line_at(self) -> int:
        """Return the line's place in widget pixels."""
        return round(self._fraction * self._length())

    def _line_rect(self) -> QRect:
        at = min(max(self.line_at(), GRAB_PX // 2), self._length() - GRAB_PX // 2)
        if self._is_turned:
            return QRect(0, at - GRAB_PX, self.width(), 2 * GRAB_PX)
        return QRect(at - GRAB_PX, 0, 2 * GRAB_PX, self.height())

    def _grip_rect(self) -> QRect:
        low, high = TAB_PX - GRIP_PX // 2, self._length() - TAB_PX + GRIP_PX // 2
        at = min(max(self.line_at(), low), high) - GRIP_PX // 2
        if self._is_turned:
            return QRect(self.width() // 2 - GRIP_PX // 2, at, GRIP_PX, GRIP_PX)
        return QRect(at, self.height() // 2 - GRIP_PX // 2, GRIP_PX, GRIP_PX)

    def _remask(self) -> None:
        grip = QRegion(self._grip_rect().adjusted(-4, -4, 4, 4), QRegion.RegionType.Ellipse)
        self.setMask(QRegion(self._line_rect()).united(grip))

    def _wish(self, fraction: float) -> None:
        self.moved.emit(snapped_divider(min(max(fraction, 0.0), 1.0)))

    def _set_by_assistive_technology(self, value: int) -> None:
        self._wish(value / THOUSANDTHS)

    def _along(self, event: QMouseEvent) -> float:
        return event.position().y() if self._is_turned else event.position().x()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remask()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._grabbed_at = self._along(event) - self.line_at()
        self.drag_changed.emit(True)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed_at is not None:
            self._wish((self._along(event) - self._grabbed_at) / self._length())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed_at is not None:
            self._grabbed_at = None
            self.drag_changed.emit(False)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._grip_rect().contains(event.position().toPoint()):
            self._wish(0.5)
        else:
            self.turn_wanted.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the canvas zooms

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
        back = (Qt.Key.Key_Left, Qt.Key.Key_Up)
        forth = (Qt.Key.Key_Right, Qt.Key.Key_Down)
        if event.key() in back or event.key() in forth:
            # Not through _wish: its snapping would hold a step of 1 % at the edge for ever.
            target = self._fraction + (step if event.key() in forth else -step)
            self.moved.emit(round(min(max(target, 0.0), 1.0), 4))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.moved.emit(0.0 if event.key() == Qt.Key.Key_Home else 1.0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.turn_wanted.emit()
        else:
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = self.line_at()
        for offset, color in ((-1, "#000000"), (1, "#000000"), (0, "#FFFFFF")):
            painter.setPen(QPen(QColor(color), 1))
            if self._is_turned:
                painter.drawLine(0, at + offset, self.width(), at + offset)
            else:
                painter.drawLine(at + offset, 0, at + offset, self.height())
        self._paint_grip(painter)

    def _paint_grip(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grip = QRectF(self._grip_rect())
        if self.hasFocus():
            painter.setPen(QPen(self._focus_color, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(grip.adjusted(-2, -2, 2, 2))
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawEllipse(grip.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#2B2B2B"))
        centre = grip.center()
        for sign in (-1, 1):
            points = [QPointF(sign * 11, 0), QPointF(sign * 4.5, -5.5), QPointF(sign * 4.5, 5.5)]
            if self._is_turned:
                points = [QPointF(point.y(), point.x()) for point in points]
            painter.drawPolygon(QPolygonF([centre + point for point in points]))
