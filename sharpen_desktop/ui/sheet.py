"""What the dialogs of this window have in common: a heading, a body, a row of buttons, the focus ring."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sharpen_desktop.ui import resources
from sharpen_desktop.ui.focus_ring import FocusRing

MARGIN_PX = 20


class Sheet(QDialog):
    """An empty dialog; ``column`` takes its body. Esc closes it."""

    def __init__(self, parent: QWidget | None, name: str, title: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX - 4)
        outer.setSpacing(12)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        outer.addLayout(self.column, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        outer.addLayout(self.buttons)
        self._ring = FocusRing(self)
        self._ring.set_color(self.palette().color(QPalette.ColorRole.Link).name())

    def add_heading(self, text: str) -> QLabel:
        """Put a heading below what is there."""
        label = text_label(text)
        label.setProperty("sheet_heading", True)
        self.column.addWidget(label)
        return label

    def add_text(self, text: str, name: str = "") -> QLabel:
        """Put a paragraph below what is there."""
        label = text_label(text, name)
        self.column.addWidget(label)
        return label

    def add_button(self, text: str, name: str) -> QPushButton:
        """Put a button at the right end of the row; Return presses only the default one."""
        button = plain_button(text, name)
        self.buttons.addWidget(button)
        return button

    def add_close(self, text: str = "Close") -> QPushButton:
        """Put the button that closes the sheet."""
        button = self.add_button(text, "sheet_close")
        button.clicked.connect(self.reject)
        return button


def plain_button(text: str, name: str) -> QPushButton:
    """Return a button 30 high."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setMinimumHeight(30)
    button.setAutoDefault(False)
    return button


def make_primary(button: QPushButton, *, is_paid: bool) -> None:
    """Let a button look like the primary one, amber with a cloud where money is involved."""
    button.setProperty("go", True)
    button.setProperty("paid", is_paid)
    if is_paid:
        button.setIcon(resources.icon("cloud", "#FFFFFF", 18))


def text_label(text: str, name: str = "", *, is_quiet: bool = False) -> QLabel:
    """Return a paragraph that wraps."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setProperty("quiet", is_quiet)
    return label
