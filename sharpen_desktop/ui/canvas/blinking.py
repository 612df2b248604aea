"""Before and after in turn, by themselves."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

BLINK_MS = 400


class Blinking:
    """Wishes for the before picture and for the other by turns."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._timer = QTimer(canvas)
        self._timer.setInterval(BLINK_MS)
        self._timer.timeout.connect(self._flip)

    @property
    def is_on(self) -> bool:
        """Whether before and after are shown in turn."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Show before and after in turn, or stop that."""
        if self.is_on:
            self.stop()
        elif self._canvas.shown.can_compare:
            self._flip()
            self._timer.start()

    def stop(self) -> None:
        """Stop showing before and after in turn."""
        if self.is_on:
            self._timer.stop()
            self._canvas.before_wanted.emit(False)

    def _flip(self) -> None:
        self._canvas.before_wanted.emit(not self._canvas.stage.is_before_shown)
