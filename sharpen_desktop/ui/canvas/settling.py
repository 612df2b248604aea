"""What becomes of a frame that was painted roughly: it is painted well when nothing moves any more."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QTimer

from sharpen_desktop.ui.canvas.painting import CanvasPainter

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

SETTLE_MS = 60
"""What was painted roughly is painted well when nothing has moved for so long,"""
SLICE_S = 0.004
"""in slices of so long, so that nothing has to wait for it."""


class Settling:
    """Sees to what a frame had no time for, between the frames."""

    def __init__(self, canvas: "Canvas", painter: CanvasPainter) -> None:
        self._canvas, self._painter = canvas, painter
        self._timer = QTimer(canvas)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._refine)

    @property
    def is_done(self) -> bool:
        """Whether all that is shown is painted as well as it can be."""
        return not self._painter.is_rough

    def finish(self) -> None:
        """Paint well what is shown, now: it is then seen at once as it stays."""
        self._painter.prepare(self._canvas.scene(), QRectF(self._canvas.rect()))

    def put_off(self) -> None:
        """Wait anew, because something has moved; what can be compared is also drawn ahead after it."""
        if self._timer.isActive() or self._canvas.shown.can_compare:
            self._timer.start(SETTLE_MS)

    def follow_frame(self) -> None:
        """See to what the frame just painted has left."""
        if self._painter.is_rough and not self._timer.isActive():
            self._timer.start(SETTLE_MS)
        if self._painter.is_bare:
            QTimer.singleShot(0, self._painter.lay_in)

    def _refine(self) -> None:
        """Paint well what is only rough, a slice at a time."""
        was_rough = self._painter.is_rough
        if self._painter.refine(SLICE_S):
            if was_rough:
                self._canvas.update()
            self._painter.look_ahead(self._canvas.scene())
        if self._painter.is_rough:
            self._timer.start(0)
