"""Alt and the wheel: the next or previous variant on the side under the pointer, one for each notch."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

NOTCH = 120


class VariantWheel:
    """Collects parts of notches, as fine wheels send them."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._turned = 0

    def take(self, event: QWheelEvent) -> bool:
        """Step through variants if Alt is held; whether it was. Towards the user is the next one."""
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._turned = 0
            return False
        event.accept()
        # Letting go of Alt alone opens the menu bar; that it was held for the wheel has to be told to it.
        QApplication.sendEvent(self._canvas, QEvent(QEvent.Type.ActivationChange))
        angle = event.angleDelta()
        self._turned += angle.y() or angle.x()  # with Alt the wheel counts as sideways on X11 and Windows
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        side = self._canvas.stage.side_at(event.position())
        for _ in range(abs(notches)):
            self._canvas.variant_step_wanted.emit(side, -1 if notches > 0 else 1)
        return True
