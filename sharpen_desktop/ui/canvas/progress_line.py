"""How far a run has come, as a line along the upper edge of what it is about."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

HEIGHT_PX = 3


def paint_progress(painter: QPainter, where: QRect, share: float, color: QColor) -> None:
    """Paint it at the upper edge of a place; ``share`` is 0–1."""
    line = QRect(where.x(), where.y(), where.width(), HEIGHT_PX)
    painter.fillRect(line, QColor(0, 0, 0, 110))
    line.setWidth(round(where.width() * share))
    painter.fillRect(line, color)
