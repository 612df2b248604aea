"""What the marks of the sharpness overlay mean, and the numbers for what is in view: a small card on the canvas."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core.phrases import wrapped
from sharpen_desktop.core.sharpness import HALO, NOISE, SHARP, Sight
from sharpen_desktop.core.sharpness_overlay import Legend, legend
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.canvas.marks import COLOURS

MARGIN_PX, PADDING_PX, GAP_PX, SWATCH_PX = 10, 8, 14, 12
WIDEST_PX = 620
PATTERNS = {
    SHARP: Qt.BrushStyle.SolidPattern,
    HALO: Qt.BrushStyle.FDiagPattern,
    NOISE: Qt.BrushStyle.Dense6Pattern,
}


class LegendCard(QWidget):
    """Lies over the canvas; the mouse goes through it."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("sharpness_legend")
        self.setAccessibleName("Sharpness overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._state: AppState | None = None
        self._legend: Legend | None = None
        self._lines: tuple[str, ...] = ()
        self.hide()

    @property
    def text(self) -> str:
        """All that is said, as one text."""
        return self.accessibleDescription()

    def render_state(self, state: AppState) -> None:
        """Take note of the state the next sight is one of."""
        self._state = state

    def show_sight(self, sight: Sight, *, is_linked: bool) -> None:
        """Show what is said while this is in view. ``is_linked``: both sides show the same place."""
        said = legend(self._state, sight, is_linked=is_linked) if self._state else None
        if said != self._legend:
            self._say(said)

    def _say(self, said: Legend | None) -> None:
        self._legend = said
        parts = [*(name for _, name in said.marks), said.line] if said else []
        self.setAccessibleDescription(". ".join(parts))
        self.setVisible(said is not None)
        self.update()

    def place(self, room: QRect) -> None:
        """Stand in the lower left corner of a room, in canvas pixels."""
        if self._legend is None:
            return
        metrics = QFontMetrics(self.font())
        most = max(80, min(WIDEST_PX, room.width() - 2 * MARGIN_PX) - 2 * PADDING_PX)
        self._lines = wrapped(self._legend.line, lambda text: metrics.horizontalAdvance(text) <= most)
        widest = max([self._marks_width(metrics), *(metrics.horizontalAdvance(line) for line in self._lines)])
        rows = len(self._lines) + bool(self._legend.marks)
        size = QSize(min(most, widest) + 2 * PADDING_PX, rows * self._row(metrics) + PADDING_PX)
        self.setGeometry(QRect(QPoint(room.left() + MARGIN_PX, room.bottom() - size.height() + 1), size))

    def _marks_width(self, metrics: QFontMetrics) -> int:
        names = [name for _, name in self._legend.marks] if self._legend else []
        return sum(SWATCH_PX + 6 + metrics.horizontalAdvance(name) + GAP_PX for name in names) - GAP_PX

    @staticmethod
    def _row(metrics: QFontMetrics) -> int:
        return metrics.height() + 4

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._legend is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(self.rect(), 4, 4)
        metrics = painter.fontMetrics()
        row, top = self._row(metrics), PADDING_PX // 2
        if self._legend.marks:
            self._paint_marks(painter, self._legend.marks, QRect(PADDING_PX, top, self.width(), row))
            top += row
        painter.setPen(QColor(255, 255, 255) if self._legend.is_current else QColor(190, 190, 190))
        for line in self._lines:
            painter.drawText(QRect(PADDING_PX, top, self.width(), row), Qt.AlignmentFlag.AlignVCenter, line)
            top += row

    @staticmethod
    def _paint_marks(painter: QPainter, marks: tuple[tuple[int, str], ...], where: QRect) -> None:
        left, metrics = where.left(), painter.fontMetrics()
        for mark, name in marks:
            swatch = QRect(left, where.center().y() - SWATCH_PX // 2 + 1, SWATCH_PX, SWATCH_PX)
            painter.setPen(COLOURS[mark])
            painter.setBrush(QBrush(COLOURS[mark], PATTERNS[mark]))
            painter.drawRect(swatch)
            left += SWATCH_PX + 6
            painter.setPen(QColor(255, 255, 255))
            text = QRect(left, where.top(), where.width(), where.height())
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
            left += metrics.horizontalAdvance(name) + GAP_PX
