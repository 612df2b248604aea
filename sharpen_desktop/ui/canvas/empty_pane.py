"""A pane that has no variant yet, where several are seen at once."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from sharpen_desktop.core.panes import Rect

HINT = "Nothing here yet. Choose a variant at the top of this pane, or drag one here."
MARGIN_PX = 24
MIDDLE = 128
"""Above this lightness (0–255) of the canvas the hint is dark."""


def paint_empty(painter: QPainter, clip: Rect, canvas: str) -> None:
    """Fill a pane with the canvas colour and say what can be done with it."""
    where = QRect(clip.left, clip.top, clip.width, clip.height)
    painter.fillRect(where, QColor(canvas))
    painter.setPen(QColor("#1E1E1E" if QColor(canvas).lightness() >= MIDDLE else "#E6E6E6"))
    inside = where.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, HINT)
