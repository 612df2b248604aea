"""Wheel, trackpad and pinch over the canvas: zoom, move the picture, or with Alt step through variants."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

NOTCH = 120
WHEEL_FACTOR, FINE_FACTOR = 1.2, 1.05
SCROLL_PX_PER_NOTCH = 80


class CanvasWheel:
    """Turns the wheel into what the canvas does; for variants it collects parts of notches, as fine wheels send them."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._turned = 0

    def turn(self, event: QWheelEvent) -> None:
        """Zoom about the pointer, finely with Ctrl; Shift or two fingers move the picture, Alt is for the variants."""
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(event)
            return
        self._turned = 0
        canvas, modifiers = self._canvas, event.modifiers()
        angle, pixels = event.angleDelta(), event.pixelDelta()
        is_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not is_control and event.phase() is not Qt.ScrollPhase.NoScrollPhase:
            canvas.pan(pixels.x(), pixels.y())  # a trackpad's fingers; a wheel has no phases
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            canvas.pan((angle.x() or angle.y()) / NOTCH * SCROLL_PX_PER_NOTCH, 0)
        elif angle.y():
            factor = FINE_FACTOR if is_control else WHEEL_FACTOR
            canvas.zoom_to(canvas.transform.zoom * factor ** (angle.y() / NOTCH), event.position())

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom with two fingers; whether the gesture was that."""
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._canvas.zoom_to(self._canvas.transform.zoom * (1 + event.value()), event.position())
        return True

    def _step(self, event: QWheelEvent) -> None:
        """Step through the variants of the side under the pointer, one a notch; towards the user is the next one."""
        # Letting go of Alt alone opens the menu bar; that it was held for the wheel has to be told to it.
        QApplication.sendEvent(self._canvas, QEvent(QEvent.Type.ActivationChange))
        angle = event.angleDelta()
        self._turned += angle.y() or angle.x()  # with Alt the wheel counts as sideways on X11 and Windows
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        side = self._canvas.stage.side_at(event.position())
        for _ in range(abs(notches)):
            self._canvas.variant_step_wanted.emit(side, -1 if notches > 0 else 1)
