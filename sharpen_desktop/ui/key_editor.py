"""Giving the program a key: one field, a check of it, and where it is to be kept."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.combo import Combo
from sharpen_desktop.ui.sheet import text_label

PLACES = (
    (KeyPlace.SESSION, "For this session only"),
    (KeyPlace.KEYRING, "In this system's keyring"),
    (KeyPlace.FILE, "In a file"),
)
CONSENT = (
    "The file is not encrypted. Only your own account can read it, but so can every program you start, and "
    "whoever gets at this disk or a copy of it."
)
GOOD, UNCLEAR = (KeyVerdict.WORKS,), (KeyVerdict.NO_NETWORK, KeyVerdict.UNCLEAR)


class KeyEditor(QWidget):
    """Tells of a key by hand and where to keep it; empties its field once the key is given.

    With an empty field it is about the key in use: a check of it, and another place for it. A file is offered
    like the rest, but takes a plain agreement first.
    """

    key_given = Signal(str, KeyPlace)
    keep_wanted = Signal(KeyPlace)
    check_wanted = Signal(str)
    file_agreed = Signal()

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._is_agreed = False
        self._is_checking = False
        self._used = KeyPlace.NONE
        self._field = QLineEdit()
        self._field.setObjectName(f"{prefix}_field")
        self._field.setAccessibleName("AI/ML API key")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Paste the key")
        self._field.setMinimumHeight(28)
        self._place = Combo()
        self._place.setObjectName(f"{prefix}_place")
        self._place.setAccessibleName("Where the key is kept")
        for place, label in PLACES:
            self._place.addItem(label, place.name)
        self._consent = self._consent_box(prefix)
        self._check = _button(
            "Check", f"{prefix}_check", "Ask the service whether the key works; costs nothing"
        )
        self._use = _button("Use key", f"use_{prefix}", "")
        self._verdict = text_label("", f"{prefix}_verdict")
        self._lay_out()
        self._connect()
        self._show_consent()

    def _consent_box(self, prefix: str) -> QFrame:
        box = QFrame()
        box.setProperty("boxed", True)
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(text_label(CONSENT, is_quiet=True))
        self._agree = QCheckBox("Keep it in a file all the same")
        self._agree.setObjectName(f"{prefix}_agree")
        column.addWidget(self._agree)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._field)
        keep = QHBoxLayout()
        keep.setSpacing(8)
        label = QLabel("Keep it")
        label.setBuddy(self._place)
        keep.addWidget(label)
        keep.addWidget(self._place, 1)
        column.addLayout(keep)
        column.addWidget(self._consent)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._check)
        row.addWidget(self._use)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(self._verdict)

    def _connect(self) -> None:
        self._field.textChanged.connect(self._show_usable)
        self._field.returnPressed.connect(self._give)
        self._place.activated.connect(self._show_consent)
        self._agree.toggled.connect(self._show_usable)
        self._check.clicked.connect(self._ask)
        self._use.clicked.connect(self._give)

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus()

    def render_state(self, state: AppState) -> None:
        """Show what a check of the key has said."""
        self._is_checking = state.is_key_checking
        self._is_agreed = state.prefs.is_key_file_agreed
        if self._used is not state.key_place:
            self._used = state.key_place
            self._place.setCurrentIndex(max(0, self._place.findData(self._used.name)))
            has_key = self._used is not KeyPlace.NONE
            self._field.setPlaceholderText("Paste another key" if has_key else "Paste the key")
        self._render_verdict(state)
        self._show_consent()

    def _render_verdict(self, state: AppState) -> None:
        verdict = state.key_verdict
        text = "Asking the service…" if state.is_key_checking else verdict.value if verdict else ""
        kind = "good" if verdict in GOOD else "unclear" if verdict in UNCLEAR else "bad"
        self._verdict.setProperty("verdict", "unclear" if state.is_key_checking else kind)
        self._verdict.setText(text)
        self._verdict.setVisible(bool(text))
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)

    def _chosen(self) -> KeyPlace:
        return KeyPlace[self._place.currentData()]

    def _show_consent(self) -> None:
        self._consent.setVisible(self._chosen() is KeyPlace.FILE and not self._is_agreed)
        self._show_usable()

    def _show_usable(self) -> None:
        has_text, place = bool(self._field.text().strip()), self._chosen()
        is_ours = self._used not in (KeyPlace.NONE, KeyPlace.ENVIRONMENT)
        is_move = is_ours and not has_text
        is_allowed = place is not KeyPlace.FILE or self._is_agreed or self._agree.isChecked()
        self._use.setText("Keep it there" if is_move else "Use key")
        self._use.setEnabled(is_allowed and (has_text or (is_move and place is not self._used)))
        self._check.setEnabled((has_text or self._used is not KeyPlace.NONE) and not self._is_checking)

    def _ask(self) -> None:
        self.check_wanted.emit(self._field.text())

    def _give(self) -> None:
        if not self._use.isEnabled():
            return
        text, place = self._field.text(), self._chosen()
        self._field.clear()
        if place is KeyPlace.FILE and not self._is_agreed:
            self.file_agreed.emit()
        if text.strip():
            self.key_given.emit(text, place)
        else:
            self.keep_wanted.emit(place)


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
