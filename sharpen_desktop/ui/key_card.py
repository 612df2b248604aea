"""The card that asks for the key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget


class KeyCard(QWidget):
    """One field that asks for the key, in place, never a modal box."""

    key_given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("key_card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        title = QLabel("Add your AI/ML API key")
        note = QLabel("Kept for this session only, in memory. It is sent to the service and nowhere else.")
        note.setProperty("quiet", True)
        note.setWordWrap(True)
        self._field = QLineEdit()
        self._field.setObjectName("key_field")
        self._field.setAccessibleName("AI/ML API key")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Paste the key")
        self._field.returnPressed.connect(self._give)
        use = QPushButton("Use key")
        use.setObjectName("use_key")
        use.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addWidget(self._field)
        row.addWidget(use)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(note)

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus()

    def _give(self) -> None:
        text = self._field.text()
        self._field.clear()
        if text.strip():
            self.key_given.emit(text)
