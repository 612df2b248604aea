"""A titled part of the settings form."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from sharpen_desktop.core.schema import Group
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import DARK, Look


class GroupBox(QWidget):
    """A titled part of the form; a closed one opens at a click on its title."""

    opened = Signal(str, bool)

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.setObjectName(f"group_{group.name}")
        self.group = group
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._title: QToolButton | None = None
        self._is_open = True
        self._color = DARK.secondary
        self._body = QWidget()
        self.content = QVBoxLayout(self._body)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(8)
        if group.is_closed:
            self._title = self._fold_button()
        self._column.addWidget(self._body)

    def add_heading(self, text: str) -> None:
        """Put a heading above the content."""
        label = QLabel(text.upper())
        label.setProperty("heading", True)
        self._column.insertWidget(0, label)

    def show_open(self, *, is_open: bool) -> None:
        """Show or hide the content of a group that can be closed."""
        self._body.setVisible(is_open)
        if self._title is not None:
            self._is_open = is_open
            self._title.setAccessibleDescription("open" if is_open else "closed")
            self._draw_arrow()

    def _fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"fold_{self.group.name}")
        button.setText(self.group.title.upper().replace("&", "&&"))
        button.setAccessibleName(self.group.title)
        button.setIconSize(QSize(12, 12))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("fold", True)
        button.clicked.connect(self._toggle)
        self._column.addWidget(button)
        return button

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._color = look.secondary
        self._draw_arrow()

    def _draw_arrow(self) -> None:
        if self._title is not None:
            name = "chevron-down" if self._is_open else "chevron-right"
            self._title.setIcon(resources.icon(name, self._color, 12))

    def _toggle(self) -> None:
        self.opened.emit(self.group.name, self._body.isHidden())
