"""What pressing and dragging on the canvas does: move the picture, move one side of it, or paint."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas


class CanvasMouse:
    """Turns the mouse into what the canvas does. ``pointer``: where it was seen last, in canvas pixels."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._dragged_from: QPointF | None = None
        self._dragged_side = ""
        self.pointer = QPointF()

    def press(self, event: QMouseEvent) -> None:
        """Begin to paint, or to move the picture."""
        canvas, place = self._canvas, event.position()
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        if canvas.brush.is_painting:
            return  # another button while a stroke is painted
        if event.button() is Qt.MouseButton.LeftButton and self._is_brush_free:
            canvas.brush.begin(place, is_turned=_is_turned(event))
            return
        self._dragged_from = place
        is_alone = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and canvas.shown.can_compare
        self._dragged_side = canvas.stage.side_at(place) if is_alone else ""
        self.show_cursor()

    def move(self, event: QMouseEvent) -> None:
        """Go on with what the press has begun."""
        canvas, place = self._canvas, event.position()
        self.pointer = place
        if canvas.brush.is_painting:
            canvas.brush.move(place)
        elif self._dragged_from is not None:
            moved = place - self._dragged_from
            self._dragged_from = place
            canvas.keys.dragged()
            canvas.brush.hover(place, is_turned=_is_turned(event))
            canvas.drag(moved.x(), moved.y(), self._dragged_side)
        else:
            canvas.brush.hover(place, is_turned=_is_turned(event))
            canvas.tell_pointed()

    def release(self, event: QMouseEvent) -> None:
        """End it."""
        if self._canvas.brush.is_painting:
            if event.button() is Qt.MouseButton.LeftButton:
                self._canvas.brush.end(event.position())
            return
        self._dragged_from = None
        self.show_cursor()

    def double_click(self, event: QMouseEvent) -> None:
        """Toggle fit and 100 %; with the brush in hand it is a second press."""
        if self._is_brush_free:
            self.press(event)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._canvas.toggle_fit(event.position(), 1.0)

    def show_cursor(self) -> None:
        """Let the cursor say what a drag does; the brush has a ring of its own."""
        if self._canvas.brush.is_in_hand:
            self._canvas.update()
        if self._dragged_from is not None:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif not self._canvas.brush.is_in_hand:
            self._canvas.unsetCursor()
        elif self._canvas.keys.is_space_held:
            self._canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self._canvas.setCursor(Qt.CursorShape.BlankCursor)

    @property
    def is_ring_shown(self) -> bool:
        """Whether the pointer is the brush's ring."""
        return self._dragged_from is None and self._is_brush_free

    @property
    def _is_brush_free(self) -> bool:
        return self._canvas.brush.is_in_hand and not self._canvas.keys.is_space_held


def _is_turned(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
