"""The slider and the value box of a number field."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QSlider
from typing_extensions import override

from sharpen_desktop.ui.theme import DARK

INSET_PX = 8
"""The slider's handle stays this far inside, so that it is never cut."""


class ValueSlider(QSlider):
    """A slider of steps from ``first`` on, drawn in the theme's colours; hollow while the value is Auto.

    Shift makes a key ten steps; Home and End go to the limits; the wheel acts only with the focus.
    """

    double_clicked = Signal()

    def __init__(self, steps: int, first: int = 0) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(first, first + steps)
        self.setPageStep(10)
        self.setFixedHeight(22)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.look = DARK
        self.is_hollow = False
        self.tick: int | None = None

    def _x(self, value: int) -> float:
        return INSET_PX + (self.width() - 2 * INSET_PX) * (value - self.minimum()) / self._steps()

    def _value_at(self, x: float) -> int:
        part = (x - INSET_PX) / max(1, self.width() - 2 * INSET_PX)
        return self.minimum() + round(part * self._steps())

    def middle(self) -> int:
        """Return the value in the middle, the upper one of two."""
        return (self.minimum() + self.maximum() + 1) // 2

    def _steps(self) -> int:
        return max(1, self.maximum() - self.minimum())

    @override
    def event(self, event: QEvent) -> bool:
        # Page keys step the slider; without this they would step through the photos.
        paging = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in paging
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if step and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.setValue(self.value() + 10 * step)
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self.setValue(self.value() + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.double_clicked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, at = self.height() / 2, self._x(self.value())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.groove))
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        if self.tick is not None:
            painter.drawRect(QRectF(self._x(self.tick) - 0.75, middle + 5, 1.5, 4))
        if not self.is_hollow and self.isEnabled():
            painter.setBrush(QColor(self.look.accent))
            painter.drawRoundedRect(QRectF(0, middle - 2, at, 4), 2, 2)
        self._paint_handle(painter, QPointF(at, middle))

    def _paint_handle(self, painter: QPainter, centre: QPointF) -> None:
        if self.is_hollow or not self.isEnabled():
            painter.setBrush(QColor(self.look.panel))
            painter.setPen(QPen(QColor(self.look.secondary if self.isEnabled() else self.look.groove), 1.5))
        else:
            painter.setBrush(QColor("#FFFFFF"))
            painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
        painter.drawEllipse(centre, 7.0, 7.0)


class ValueBox(QLineEdit):
    """The number beside a slider: a click selects all, comma and point both count."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(58, 26)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._finished)
        self._is_fresh = False
        self._shown = ""

    def show_text(self, text: str) -> None:
        """Show a value, unless the user is typing one."""
        self._shown = text
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)

    def _finished(self) -> None:
        text = self.text().strip()
        self.setModified(False)
        self.setText(self._shown)
        if text != self._shown:
            self.typed.emit(text)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._is_fresh = event.reason() is Qt.FocusReason.MouseFocusReason

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._is_fresh and not self.hasSelectedText():
            self.selectAll()
        self._is_fresh = False
