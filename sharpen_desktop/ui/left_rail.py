"""What is left of the left panel in a narrow window: one button that brings it back."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import Look


class LeftRail(QWidget):
    """36 px wide."""

    WIDTH = 36
    unfold_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("left_rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(self.WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 8, 3, 8)
        self._button = QToolButton()
        self._button.setObjectName("unfold_left")
        self._button.setAccessibleName("Show variants")
        self._button.setToolTip("Show variants")
        self._button.setProperty("flat_look", True)
        self._button.setIconSize(QSize(18, 18))
        self._button.setFixedSize(30, 30)
        self._button.setStyleSheet("padding: 0;")
        self._button.clicked.connect(self.unfold_wanted)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._button.setIcon(resources.icon("variants", look.text, 18))
