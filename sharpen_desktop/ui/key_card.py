"""The card that asks for the key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.key_editor import KeyEditor
from sharpen_desktop.ui.sheet import text_label


class KeyCard(QWidget):
    """Asks for the key in place, never in a modal box."""

    key_given = Signal(str, KeyPlace)
    check_wanted = Signal(str)
    file_agreed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("key_card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = KeyEditor("key")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(QLabel("Add your AI/ML API key"))
        column.addWidget(self._editor)
        column.addWidget(text_label("It is sent to the service and nowhere else.", is_quiet=True))
        self._editor.key_given.connect(self.key_given)
        self._editor.check_wanted.connect(self.check_wanted)
        self._editor.file_agreed.connect(self.file_agreed)

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._editor.focus_field()

    def render_state(self, state: AppState) -> None:
        """Show the card while a key is wanted, and what a check has said."""
        self.setVisible(state.is_key_wanted)
        self._editor.render_state(state)
