"""What is the matter with the photo, in one line under the mode, and a link that takes the advised one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from sharpen_desktop.core.findings import Finding, Mark, finding
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import DARK, Look

ICON_PX = 14
ICONS: dict[Mark, str] = {
    "looking": "clock",
    "found": "check",
    "probable": "note",
    "unsure": "question",
    "plain": "check",
}


class DiagnosisLine(QWidget):
    """The icon says as the words do how sure the finding is."""

    mode_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("diagnosis")
        self._look = DARK
        self._shown: Finding | None = None
        self._icon = QLabel()
        self._icon.setObjectName("diagnosis_icon")
        self._icon.setFixedSize(ICON_PX, ICON_PX + 2)
        self._text = QLabel()
        self._text.setObjectName("diagnosis_text")
        self._text.setProperty("quiet", True)
        self._text.setWordWrap(True)
        self._take = self._link()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._icon, 0, top)
        row.addWidget(self._text, 1, top)
        row.addWidget(self._take, 0, top)
        self.hide()

    def _link(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("take_advice")
        button.setProperty("link", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self._taken)
        return button

    def render_state(self, state: AppState) -> None:
        """Say what was found in the current photo."""
        shown = finding(state)
        self.setVisible(shown is not None)
        if shown is None or shown == self._shown:
            return
        self._shown = shown
        self._text.setText(shown.text)
        for part in (self, self._icon, self._text):
            part.setToolTip(shown.tip)
        self._text.setAccessibleDescription(shown.tip)
        self._take.setText(f"Use {shown.take}")
        self._take.setToolTip(f"Choose {shown.take} as the mode: it suits what was found.\n{shown.tip}")
        self._take.setVisible(bool(shown.take))
        self._draw_icon()

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._look = look
        self._draw_icon()

    def _draw_icon(self) -> None:
        if self._shown is not None:
            color = self._look.local if self._shown.mark == "found" else self._look.secondary
            self._icon.setPixmap(resources.pixmap(ICONS[self._shown.mark], color, ICON_PX))

    def _taken(self) -> None:
        if self._shown is not None and self._shown.take:
            self.mode_wanted.emit(self._shown.take)
