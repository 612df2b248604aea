"""The preferences: what the user sets, in force at once unless the field says when."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QScrollArea, QStackedWidget, QWidget

from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.key_page import KeyPage
from sharpen_desktop.ui.preference_fields import Page
from sharpen_desktop.ui.preference_pages import (
    LookPage,
    MoneyPage,
    NetworkPage,
    StoragePage,
)
from sharpen_desktop.ui.sending_page import SendingPage
from sharpen_desktop.ui.sheet import Sheet, text_label

SECTIONS_WIDTH = 150


class Preferences(Sheet):
    """Sections at the left, their fields at the right. Shows the state; ``changed`` tells of a preference."""

    changed = Signal(str, object)
    key_given = Signal(str, KeyPlace)
    keep_wanted = Signal(KeyPlace)
    check_wanted = Signal(str)
    forget_wanted = Signal()
    file_agreed = Signal()
    secrets_given = Signal(str, str)
    runs_wanted = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "preferences", "Preferences")
        self.resize(680, 520)
        self._key, self._sending, self._storage = KeyPage(), SendingPage(), StoragePage()
        self._pages: dict[str, Page] = {
            "Cloud money": MoneyPage(),
            "Key": self._key,
            "What is sent": self._sending,
            "Network": NetworkPage(),
            "Storage": self._storage,
            "Appearance": LookPage(),
        }
        self._sections = QListWidget()
        self._sections.setObjectName("preference_sections")
        self._sections.setAccessibleName("Sections")
        self._sections.setFixedWidth(SECTIONS_WIDTH)
        self._sections.addItems(list(self._pages))
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(_scrolled(page))
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._sections)
        body.addWidget(self._stack, 1)
        self.column.addLayout(body, 1)
        self.buttons.addWidget(text_label("In force at once, unless a field says when.", is_quiet=True), 1)
        self.add_close()
        self._connect()
        self._sections.setCurrentRow(0)
        self._sections.setFocus()

    def _connect(self) -> None:
        self._sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        for page in self._pages.values():
            page.changed.connect(self.changed)
        self._key.key_given.connect(self.key_given)
        self._key.keep_wanted.connect(self.keep_wanted)
        self._key.check_wanted.connect(self.check_wanted)
        self._key.forget_wanted.connect(self.forget_wanted)
        self._key.file_agreed.connect(self.file_agreed)
        self._sending.secrets_given.connect(self.secrets_given)
        self._storage.runs_wanted.connect(self.runs_wanted)

    def show_section(self, name: str) -> None:
        """Open a section by its title."""
        self._sections.setCurrentRow(list(self._pages).index(name))

    def render_state(self, state: AppState) -> None:
        """Show the state."""
        for page in self._pages.values():
            page.render_state(state)


def _scrolled(page: Page) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder = QWidget()
    holder.setObjectName("panel_body")
    column = QHBoxLayout(holder)
    column.setContentsMargins(4, 4, 12, 4)
    column.addWidget(page)
    area.setWidget(holder)
    return area
