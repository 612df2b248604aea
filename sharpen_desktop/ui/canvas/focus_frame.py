"""The frame inside a picture that has the keyboard focus."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

FRAME_PX = 2
TABBED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class FocusFrame:
    """Only for the keyboard: after a click a coloured frame round the picture would sway the eye."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._is_tabbed = False

    def take(self, event: QFocusEvent) -> None:
        """Take note of how the focus has come."""
        self._is_tabbed = event.reason() in TABBED

    def paint(self, painter: QPainter, color: QColor) -> None:
        """Paint it if it is wanted; the painter is the widget's."""
        if self._is_tabbed and self._widget.hasFocus():
            painter.setPen(QPen(color, FRAME_PX))
            painter.drawRect(QRectF(self._widget.rect()).adjusted(1, 1, -1, -1))
