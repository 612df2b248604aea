"""The preferences' page about the key."""

from PySide6.QtCore import Qt, Signal
from typing_extensions import override

from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.key_editor import KeyEditor
from sharpen_desktop.ui.preference_fields import Page
from sharpen_desktop.ui.sheet import plain_button, text_label


class KeyPage(Page):
    """Where the key is kept, a check of it, another one, and forgetting it."""

    key_given = Signal(str, KeyPlace)
    keep_wanted = Signal(KeyPlace)
    check_wanted = Signal(str)
    forget_wanted = Signal()
    file_agreed = Signal()

    def __init__(self) -> None:
        super().__init__("preferences_key")
        self._place = text_label("", "pref_key_place_text")
        self._forget = plain_button("Forget the key", "pref_key_forget")
        self._editor = KeyEditor("pref_key")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.column.addWidget(self._place)
        self.column.addSpacing(8)
        self.column.addWidget(self._editor)
        self.column.addSpacing(8)
        self.column.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch()

    def _connect(self) -> None:
        self._forget.clicked.connect(self.forget_wanted)
        self._editor.key_given.connect(self.key_given)
        self._editor.keep_wanted.connect(self.keep_wanted)
        self._editor.check_wanted.connect(self.check_wanted)
        self._editor.file_agreed.connect(self.file_agreed)

    @override
    def render_state(self, state: AppState) -> None:
        """Show where the key is, what was done with it, and what the service says of it."""
        place = state.key_place
        self._place.setText(state.key_said or place.value)
        self._forget.setVisible(place not in (KeyPlace.NONE, KeyPlace.ENVIRONMENT))
        self._editor.render_state(state)
