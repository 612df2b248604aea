"""What is seen before a photo is open: the drop area."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import Look

FORMATS = "JPEG · PNG · TIFF · WebP · AVIF · BMP · GIF"
PROMISE = "Works without a key. Nothing leaves this computer until you choose the cloud."


class EmptyState(QWidget):
    """A dashed area in the middle of the canvas."""

    open_wanted = Signal()
    paste_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("empty_state")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.addStretch()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._drop_area(), 20)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch()

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._icon.setPixmap(resources.pixmap("drop", look.secondary, 64))

    def show_paste(self, *, is_possible: bool) -> None:
        """Enable Paste only while the clipboard holds something to paste."""
        self._paste.setEnabled(is_possible)

    def _drop_area(self) -> QWidget:
        area = QWidget()
        area.setObjectName("drop_area")
        area.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        area.setMaximumSize(560, 300)
        area.setMinimumHeight(300)
        column = QVBoxLayout(area)
        column.setSpacing(10)
        self._icon = _centred("", "")
        self._icon.setFixedHeight(64)
        column.addStretch()
        column.addWidget(self._icon)
        column.addWidget(_centred("Drop photos here", "drop_title"))
        column.addLayout(self._buttons())
        column.addSpacing(6)
        for text in (FORMATS, PROMISE):
            label = _centred(text, "")
            label.setProperty("quiet", True)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch()
        return area

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        opening, self._paste, sample = QPushButton("Open…"), QPushButton("Paste"), QPushButton("Try a sample")
        for button, name, wish in (
            (opening, "empty_open", self.open_wanted),
            (self._paste, "empty_paste", self.paste_wanted),
            (sample, "empty_sample", self.sample_wanted),
        ):
            button.setObjectName(name)
            button.setMinimumHeight(36)
            button.clicked.connect(wish)
            row.addWidget(button)
        row.addStretch()
        return row


def _centred(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
