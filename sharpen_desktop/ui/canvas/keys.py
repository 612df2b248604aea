"""The keys that act only while the canvas has the focus: single letters, arrows, Space."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

HOLD_S = 0.25
"""A key held longer than this shows something only while it is held."""
REPEAT_MS = 50
"""A release that is followed by a press of the same key within this time was none."""
HOLDABLE = (Qt.Key.Key_Space, Qt.Key.Key_Backslash, Qt.Key.Key_P)
PAN_PART = 0.1
ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
BLIND = {Qt.Key.Key_1: "first", Qt.Key.Key_2: "second", Qt.Key.Key_0: "none"}
"""What is preferred with a key while a blind test goes on."""


class CanvasKeys:
    """Turns key events into what the canvas does or wishes; each method says whether the key was its own."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._held_key = 0
        self._held_since = 0.0
        self._released_at = 0.0
        self._has_dragged = False
        self._settled = QTimer(canvas)
        self._settled.setSingleShot(True)
        self._settled.setInterval(REPEAT_MS)
        self._settled.timeout.connect(self._let_go)

    def press(self, event: QKeyEvent) -> bool:
        """Act on a pressed key."""
        if event.key() == Qt.Key.Key_Alt:
            self._canvas.brush.turn(is_turned=True)
            return False
        blocking = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & blocking:
            return False
        if (event.isAutoRepeat() and event.key() in HOLDABLE) or self._is_repeated(event):
            return True
        if self._canvas.shown.is_blind and event.key() in BLIND:
            self._canvas.blind_answered.emit(BLIND[Qt.Key(event.key())])
            return True
        if self._settled.isActive():  # another key before it was sure that the last one was let go
            self._settled.stop()
            self._let_go()
        return (
            self._view_key(event) or self._side_key(event) or self._zoom_key(event) or self._brush_key(event)
        )

    def release(self, event: QKeyEvent) -> bool:
        """Take note of a key that was let go; whether it really was shows a moment later.

        On X11 a held key comes as pairs of release and press, and not all of them are marked as repeated.
        """
        if event.key() == Qt.Key.Key_Alt:
            self._canvas.brush.turn(is_turned=False)
        if event.isAutoRepeat() or event.key() != self._held_key:
            return False
        self._released_at = time.monotonic()
        self._settled.start()
        return True

    def _let_go(self) -> None:
        """End a hold: Space that dragged nothing toggles fit, a long look at the before picture is over."""
        key, self._held_key = self._held_key, 0
        if key == Qt.Key.Key_Space:
            self._canvas.mouse.show_cursor()
            if not self._has_dragged:
                self._canvas.toggle_fit()
        elif self._released_at - self._held_since > HOLD_S:
            self._canvas.before_wanted.emit(not self._canvas.stage.is_before_shown)

    def _is_repeated(self, event: QKeyEvent) -> bool:
        """Whether a press belongs to a key that is held already."""
        if event.key() != self._held_key:
            return False
        self._settled.stop()
        return True

    @property
    def is_held(self) -> bool:
        """Whether a key that can be held is, or was let go so lately that it may be still."""
        return self._held_key != 0

    @property
    def is_space_held(self) -> bool:
        """Whether dragging moves the picture even with the brush in hand."""
        return self._held_key == Qt.Key.Key_Space

    def dragged(self) -> None:
        """Note that the mouse dragged: Space held meanwhile was for that."""
        self._has_dragged = True

    def _view_key(self, event: QKeyEvent) -> bool:
        canvas = self._canvas
        match event.key():
            case Qt.Key.Key_1 | Qt.Key.Key_2 | Qt.Key.Key_3:
                canvas.set_divider((event.key() - Qt.Key.Key_1) / 2)
            case Qt.Key.Key_Backslash | Qt.Key.Key_P:
                self._show_before(event)
            case Qt.Key.Key_S:
                canvas.view_wanted.emit("single")
            case Qt.Key.Key_Y:
                is_split = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                canvas.view_wanted.emit("split" if is_split else "side_by_side")
            case Qt.Key.Key_D:
                canvas.view_wanted.emit("difference")
            case Qt.Key.Key_U:
                canvas.view_wanted.emit("up")
            case Qt.Key.Key_F:
                wish = canvas.overlay_wanted if _is_shifted(event) else canvas.full_screen_wanted
                wish.emit()
            case Qt.Key.Key_Delete:
                canvas.close_wanted.emit()
            case _:
                return False
        return True

    def _side_key(self, event: QKeyEvent) -> bool:
        canvas = self._canvas
        match event.key():
            case Qt.Key.Key_K:
                canvas.blinking.toggle()
            case Qt.Key.Key_X:
                canvas.swap_wanted.emit()
            case Qt.Key.Key_M:
                canvas.new_before_wanted.emit()
            case Qt.Key.Key_Q:
                canvas.toggle_loupe()
            case Qt.Key.Key_L:
                canvas.background_wanted.emit()
            case Qt.Key.Key_N:
                canvas.navigator_wanted.emit()
            case Qt.Key.Key_Comma | Qt.Key.Key_Less:
                canvas.variant_step_wanted.emit(_side(event), -1)
            case Qt.Key.Key_Period | Qt.Key.Key_Greater:
                canvas.variant_step_wanted.emit(_side(event), 1)
            case _:
                return False
        return True

    def _zoom_key(self, event: QKeyEvent) -> bool:
        canvas = self._canvas
        match event.key():
            case Qt.Key.Key_Z:
                canvas.toggle_fit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                canvas.zoom_in()
            case Qt.Key.Key_Minus:
                canvas.zoom_out()
            case Qt.Key.Key_Space:
                self._held_key, self._has_dragged = Qt.Key.Key_Space, False
                canvas.mouse.show_cursor()
            case key if key in ARROWS:
                self._arrow(*ARROWS[Qt.Key(key)])
            case _:
                return False
        return True

    def _brush_key(self, event: QKeyEvent) -> bool:
        brush = self._canvas.brush
        match event.key():
            case Qt.Key.Key_B:
                brush.toggle("add")
            case Qt.Key.Key_E:
                brush.toggle("take")
            case Qt.Key.Key_O:
                brush.toggle_mask()
            case Qt.Key.Key_BracketLeft | Qt.Key.Key_BraceLeft:
                brush.change(-1, is_feather=_is_shifted(event))
            case Qt.Key.Key_BracketRight | Qt.Key.Key_BraceRight:
                brush.change(1, is_feather=_is_shifted(event))
            case _:
                return False
        return True

    def _show_before(self, event: QKeyEvent) -> None:
        if self._canvas.shown.can_compare:
            self._held_key, self._held_since = event.key(), time.monotonic()
            self._canvas.before_wanted.emit(not self._canvas.stage.is_before_shown)

    def _arrow(self, across: int, down: int) -> None:
        canvas = self._canvas
        if not canvas.transform.is_fit:
            canvas.pan(across * canvas.width() * PAN_PART, down * canvas.height() * PAN_PART)
        elif across:
            canvas.photo_step_wanted.emit(-across)


def _side(event: QKeyEvent) -> str:
    return "a" if _is_shifted(event) else "b"


def _is_shifted(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
